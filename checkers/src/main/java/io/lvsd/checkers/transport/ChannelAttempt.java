package io.lvsd.checkers.transport;

import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
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
import io.netty.channel.ChannelPipeline;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** A probe over a TCP connection, through TLS or not. */
abstract class ChannelAttempt extends Attempt {
    /** A server that sends without end gets no more of a loop's turn than others. */
    private static final RecvByteBufAllocator SMALL_READS =
            new FixedRecvByteBufAllocator(16 * 1024).maxMessagesPerRead(2);

    private final ProbeAddress where;
    private final Optional<Tls> tls;
    private final ProbeResources shared;
    private final String[] protocols;
    private final BodyBufferPermits.Place place;
    private @Nullable Channel channel;
    private boolean handshaken;
    private String hint = "";

    /** @param protocols offered by ALPN */
    ChannelAttempt(
            ProbeLoop loop,
            ProbeAddress where,
            Optional<Tls> tls,
            ProbeResources shared,
            Consumer<ProbeReport> done,
            String... protocols) {
        super(loop, where.deadline(), where.total(), done);
        this.where = where;
        this.tls = tls;
        this.shared = shared;
        this.protocols = protocols.clone();
        this.place = shared.largeAnswers().place(loop.io, this::resume);
    }

    /** Puts handlers behind those of TLS. */
    abstract void initialise(ChannelPipeline pipeline);

    /** The connection, and TLS on it, stands. */
    abstract void ready(Channel open);

    /** Bytes from the peer. */
    abstract void received(Channel open, byte[] bytes);

    /** The peer has closed, or has ended TLS with close_notify. */
    abstract void closed(Channel was);

    /** The connection was reset after the handshake. */
    abstract void reset(Channel was, String detail);

    @Override
    final void begin() {
        try {
            connect(
                    tls.isPresent()
                            ? Optional.of(shared.tls().handler(tls.get(), where, protocols))
                            : Optional.empty());
        } catch (TlsFiles.UnusableException e) {
            fail(Reason.TLS_FAILED, IoReason.of(e));
        }
    }

    private void connect(Optional<SslHandler> handler) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop.io)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                .option(ChannelOption.RECVBUF_ALLOCATOR, SMALL_READS)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel made) {
                        handler.ifPresent(h -> made.pipeline().addLast(h));
                        initialise(made.pipeline());
                        made.pipeline().addLast(new Reader());
                    }
                });
        SocketOptions.set(bootstrap, where);
        var connecting = bootstrap.connect(new InetSocketAddress(where.address(), where.port()));
        channel = connecting.channel();
        connecting.addListener((ChannelFutureListener) future -> {
            if (!future.isSuccess()) {
                tell(ConnectFailure.judge(future.cause()));
            } else if (handler.isPresent()) {
                handshaking();
                handler.get().handshakeFuture().addListener(h -> {
                    if (h.isSuccess()) {
                        shaken(handler.get(), future.channel());
                    }
                });
            } else {
                connected();
                ready(future.channel());
            }
        });
    }

    private void shaken(SslHandler handler, Channel open) {
        handshaken = true;
        connected();
        try {
            Certificate[] chain = handler.engine().getSession().getPeerCertificates();
            if (chain.length > 0 && chain[0] instanceof X509Certificate peer) {
                certificateEnds(peer.getNotAfter().toInstant());
                Optional<String> wrong = TlsContexts.pinFailure(tls.orElseThrow(), peer);
                if (wrong.isPresent()) {
                    fail(Reason.TLS_FAILED, wrong.get());
                    return;
                }
            }
        } catch (SSLPeerUnverifiedException _) {
            // The server shows no certificate: there is none to look at.
        }
        String agreed = handler.applicationProtocol();
        if (protocols.length > 0 && (agreed == null || !List.of(protocols).contains(agreed))) {
            hint = "; by ALPN it does not agree to " + String.join(", ", protocols);
        }
        if (!isOver()) {
            ready(open);
        }
    }

    /** What may explain that the peer does not understand; servers are about that do without agreeing first. */
    final String hint() {
        return hint;
    }

    /** Reads no further until there is a place for an answer that is large. */
    final void takePlace(int kept) {
        Channel open = channel;
        place.takeFor(isOver() ? 0 : kept);
        if (place.isHeldUp() && open != null) {
            open.config().setAutoRead(false);
        }
    }

    private void resume() {
        Channel open = channel;
        if (open != null && !hasHeardAll()) {
            open.config().setAutoRead(true);
        }
    }

    @Override
    final ProbeResult atDeadline(Reason reason) {
        return place.isHeldUp() ? BodyBufferPermits.NO_PLACE : super.atDeadline(reason);
    }

    @Override
    final void pause() {
        Channel open = channel;
        if (open != null) {
            open.config().setAutoRead(false);
        }
    }

    @Override
    final void release() {
        Channel open = channel;
        channel = null;
        place.leave();
        if (open != null) {
            open.close();
        }
    }

    private final class Reader extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                if (message instanceof ByteBuf data && !hasHeardAll()) {
                    byte[] bytes = new byte[data.readableBytes()];
                    data.readBytes(bytes);
                    received(context.channel(), bytes);
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (!hasHeardAll()) {
                closed(context.channel());
            }
        }

        /** close_notify ends the response, whether or not the peer closes the connection. */
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == SslCloseCompletionEvent.SUCCESS && handshaken && !hasHeardAll()) {
                closed(context.channel());
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
            if (hasHeardAll()) {
                return;
            }
            if (cause instanceof OutOfMemoryError) {
                tell(new Inconclusive("out of memory"));
            } else if (handshaken && reset) {
                reset(context.channel(), IoReason.of(root));
            } else {
                fail(
                        tls.isPresent() && !handshaken && !reset ? Reason.TLS_FAILED : Reason.RESPONSE_BROKEN,
                        TlsFailure.describe(root, tls) + hint);
            }
        }
    }
}
