package io.lvsd.checkers.transport;

import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Inconclusive;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.lvsd.checkers.tls.TlsContexts;
import io.lvsd.checkers.tls.TlsFailure;
import io.lvsd.checkers.tls.TlsFiles;
import io.lvsd.conf.source.IoReason;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.conf.value.Tls;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** TCP with TLS or HTTP/2, on a channel of Netty. */
final class ChannelConnection implements Connection {
    /** A server that sends without end must not delay the other probes of the loop. */
    private static final RecvByteBufAllocator SMALL_READS =
            new FixedRecvByteBufAllocator(16 * 1024).maxMessagesPerRead(2);

    private final Attempt attempt;
    private final ProbeAddress target;
    private final Optional<Tls> tls;
    private final ChannelProtocol protocol;
    private @Nullable Channel channel;
    private boolean handshakeComplete;
    private String hint = "";

    ChannelConnection(Attempt attempt, ProbeAddress target, Optional<Tls> tls, ChannelProtocol protocol) {
        this.attempt = attempt;
        this.target = target;
        this.tls = tls;
        this.protocol = protocol;
    }

    @Override
    public void open() {
        try {
            connect(
                    tls.isPresent()
                            ? Optional.of(attempt.loop().tls().handler(tls.get(), target, protocol.alpn()))
                            : Optional.empty());
        } catch (TlsFiles.UnusableException e) {
            attempt.fail(Reason.TLS_FAILED, IoReason.of(e));
        }
    }

    private void connect(Optional<SslHandler> handler) {
        Bootstrap bootstrap = new Bootstrap()
                .group(attempt.loop().io())
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                .option(ChannelOption.RECVBUF_ALLOCATOR, SMALL_READS)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel made) {
                        handler.ifPresent(h -> made.pipeline().addLast(h));
                        protocol.addHandlers(made.pipeline());
                        made.pipeline().addLast(new Reader());
                    }
                });
        SocketOptions.set(bootstrap, target);
        var connecting = bootstrap.connect(new InetSocketAddress(target.address(), target.port()));
        channel = connecting.channel();
        connecting.addListener((ChannelFutureListener) future -> {
            if (!future.isSuccess()) {
                attempt.complete(ConnectFailure.result(future.cause()));
            } else if (handler.isPresent()) {
                attempt.handshaking();
                handler.get().handshakeFuture().addListener(h -> {
                    if (h.isSuccess()) {
                        handshakeComplete(handler.get(), future.channel());
                    }
                });
            } else {
                attempt.connected();
                protocol.connected(future.channel(), hint);
            }
        });
    }

    private void handshakeComplete(SslHandler handler, Channel open) {
        handshakeComplete = true;
        attempt.connected();
        try {
            Certificate[] chain = handler.engine().getSession().getPeerCertificates();
            if (chain.length > 0 && chain[0] instanceof X509Certificate peer) {
                attempt.certificateExpires(peer.getNotAfter().toInstant());
                Optional<Failed> failure = TlsContexts.pinFailure(tls.orElseThrow(), peer);
                if (failure.isPresent()) {
                    attempt.complete(failure.get());
                    return;
                }
            }
        } catch (SSLPeerUnverifiedException _) {
            // The server uses no certificate.
        }
        String agreed = handler.applicationProtocol();
        if (!protocol.alpn().isEmpty() && (agreed == null || !protocol.alpn().contains(agreed))) {
            hint = "; the server does not accept " + String.join(", ", protocol.alpn()) + " by ALPN";
        }
        if (!attempt.isCompleted()) {
            protocol.connected(open, hint);
        }
    }

    @Override
    public void send(byte[] bytes) {
        protocol.send(bytes);
    }

    @Override
    public void pauseReading() {
        setAutoRead(false);
    }

    @Override
    public void resumeReading() {
        setAutoRead(true);
    }

    private void setAutoRead(boolean on) {
        Channel open = channel;
        if (open != null) {
            open.config().setAutoRead(on);
        }
    }

    @Override
    public int status() {
        return protocol.status();
    }

    @Override
    public void close() {
        Channel open = channel;
        channel = null;
        if (open != null) {
            Future<?> _ = open.close();
        }
        protocol.release();
    }

    private final class Reader extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                if (message instanceof ByteBuf data && !attempt.isResponseComplete()) {
                    byte[] bytes = new byte[data.readableBytes()];
                    data.readBytes(bytes);
                    protocol.received(bytes);
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (!attempt.isResponseComplete()) {
                protocol.closed();
            }
        }

        /** close_notify ends the response, whether or not the peer closes the connection. */
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == SslCloseCompletionEvent.SUCCESS && handshakeComplete && !attempt.isResponseComplete()) {
                protocol.closed();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            boolean reset = cause instanceof IOException
                    && !(cause.getCause() instanceof SSLException)
                    && !(cause instanceof SSLException);
            Throwable root = cause;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            if (attempt.isResponseComplete()) {
                return;
            }
            if (cause instanceof OutOfMemoryError) {
                attempt.complete(new Inconclusive("out of memory"));
            } else if (handshakeComplete && reset) {
                protocol.reset(IoReason.of(root));
            } else {
                attempt.fail(
                        tls.isPresent() && !handshakeComplete && !reset ? Reason.TLS_FAILED : Reason.RESPONSE_BROKEN,
                        TlsFailure.describe(root, tls) + hint);
            }
        }
    }
}
