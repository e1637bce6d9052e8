package io.lvsd.checkers;

import io.lvsd.checkers.ProbeOutcome.Failed;
import io.lvsd.checkers.ProbeOutcome.Inconclusive;
import io.lvsd.checkers.ProbeOutcome.Passed;
import io.lvsd.checkers.ProbeOutcome.Reason;
import io.lvsd.conf.model.CheckConfig.HttpVersion;
import io.lvsd.conf.model.CheckConfig.Url;
import io.lvsd.conf.model.ProbeAddress;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Probes over Netty's epoll transport. One deadline covers connection, handshake and answer. Thread-safe. */
public final class NettyProber implements Prober {
    private static final int SOL_SOCKET = 1;
    private static final int SO_BINDTODEVICE = 25;
    private static final int SO_MARK = 36;
    private static final int IFNAMSIZ = 16;
    private static final long MAX_LATENESS = Duration.ofMillis(300).toNanos();
    private static final ChannelOption<Integer> MARK = new IntegerUnixChannelOption("SO_MARK", SOL_SOCKET, SO_MARK);
    private static final RawUnixChannelOption DEVICE =
            new RawUnixChannelOption("SO_BINDTODEVICE", SOL_SOCKET, SO_BINDTODEVICE, IFNAMSIZ);

    private final EventLoopGroup group;
    private final SslContext tls;

    /** @param threads event loops, 1 or more */
    public NettyProber(int threads) {
        group = new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory("probe", true), EpollIoHandler.newFactory());
        try {
            // A health check asks whether the server answers; whose certificate it shows was never part of the
            // question.
            tls = SslContextBuilder.forClient()
                    .sslProvider(SslProvider.JDK)
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .endpointIdentificationAlgorithm(null)
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("no TLS in this Java runtime", e);
        }
    }

    @Override
    public void probe(ProbeKey key, Consumer<ProbeOutcome> done) {
        new Attempt(key, done).start();
    }

    /** One probe: its state until the outcome is told. */
    private final class Attempt {
        private final ProbeKey key;
        private final Consumer<ProbeOutcome> done;
        private final AtomicBoolean told = new AtomicBoolean();
        private volatile Reason onTimeout = Reason.CONNECT_TIMEOUT;

        Attempt(ProbeKey key, Consumer<ProbeOutcome> done) {
            this.key = key;
            this.done = done;
        }

        void start() {
            ProbeAddress where = key.where();
            long start = System.nanoTime();
            long millis = Math.max(1, where.deadline().toMillis());
            Bootstrap bootstrap = new Bootstrap()
                    .group(group)
                    .channel(EpollSocketChannel.class)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            prepare(channel);
                        }
                    });
            if (where.mark() != 0) {
                bootstrap.option(MARK, (int) where.mark());
            }
            if (!where.bindInterface().isEmpty()) {
                bootstrap.option(DEVICE, interfaceName(where.bindInterface()));
            }
            if (where.bindAddress().isPresent() || where.bindPort() != 0) {
                bootstrap.localAddress(where.bindAddress()
                        .map(a -> new InetSocketAddress(a, where.bindPort()))
                        .orElseGet(() -> new InetSocketAddress(where.bindPort())));
            }
            var connecting = bootstrap.connect(new InetSocketAddress(where.address(), where.port()));
            Channel channel = connecting.channel();
            if (connecting.isDone() && !connecting.isSuccess()) {
                tell(ConnectFailure.judge(connecting.cause()));
                return;
            }
            // On the channel's own loop: if that was too busy to see an answer, the timer is as late.
            var timer = channel.eventLoop()
                    .schedule(
                            () -> {
                                tell(timedOut(where.deadline(), System.nanoTime() - start));
                                channel.close();
                            },
                            millis,
                            TimeUnit.MILLISECONDS);
            channel.closeFuture().addListener(_ -> timer.cancel(false));
            connecting.addListener((ChannelFutureListener) future -> {
                if (!future.isSuccess()) {
                    tell(ConnectFailure.judge(future.cause()));
                    channel.close();
                } else {
                    connected(channel);
                }
            });
        }

        private void prepare(Channel channel) {
            if (key instanceof ProbeKey.Http http) {
                if (http.tls()) {
                    SslHandler handler = http.serverName()
                            .map(name -> tls.newHandler(
                                    channel.alloc(), name, http.where().port()))
                            .orElseGet(() -> tls.newHandler(channel.alloc()));
                    handler.setHandshakeTimeoutMillis(0);
                    channel.pipeline().addLast(handler);
                }
                channel.pipeline().addLast(new AnswerReader(this, new HttpAnswer(http.url())));
            }
        }

        private void connected(Channel channel) {
            switch (key) {
                case ProbeKey.Tcp _ -> {
                    tell(new Passed());
                    channel.close();
                }
                case ProbeKey.Http http -> {
                    onTimeout = Reason.RESPONSE_TIMEOUT;
                    channel.writeAndFlush(Unpooled.wrappedBuffer(HttpRequest.bytes(http)));
                }
            }
        }

        /** A timer that ran late says that this process had no time to look, not that the server had no answer. */
        private ProbeOutcome timedOut(Duration deadline, long nanos) {
            long late = nanos - deadline.toNanos();
            return late > MAX_LATENESS
                    ? new Inconclusive("the deadline was noticed " + late / 1_000_000 + " ms late")
                    : new Failed(onTimeout, "no answer within " + deadline.toMillis() + " ms");
        }

        void tell(ProbeOutcome outcome) {
            if (told.compareAndSet(false, true)) {
                done.accept(outcome);
            }
        }
    }

    /**
     * Runs a probe of each kind against this process itself, so that the first real ones do not wait for code to be loaded.
     * Blocks; what comes of it does not matter.
     */
    public void warmUp() {
        try (ServerSocket server = new ServerSocket(0, 2, InetAddress.getLoopbackAddress())) {
            ProbeAddress here = new ProbeAddress(
                    server.getInetAddress(), server.getLocalPort(), Optional.empty(), 0, "", 0, Duration.ofSeconds(30));
            CountDownLatch done = new CountDownLatch(2);
            Url url = new Url("/", "localhost", List.of(), Optional.empty());
            probe(new ProbeKey.Tcp(here), _ -> done.countDown());
            probe(new ProbeKey.Http(here, false, Optional.empty(), HttpVersion.V1_0, url), _ -> done.countDown());
            byte[] answer = "HTTP/1.0 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 2; i++) {
                try (Socket client = server.accept()) {
                    client.getOutputStream().write(answer);
                    client.shutdownOutput();
                }
            }
            boolean _ = done.await(1, TimeUnit.SECONDS);
        } catch (IOException _) {
            // Nothing was warmed: the first probes take longer.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ByteBuffer interfaceName(String name) {
        byte[] bytes = java.util.Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), IFNAMSIZ);
        ByteBuffer direct = ByteBuffer.allocateDirect(IFNAMSIZ);
        direct.put(bytes).flip();
        return direct;
    }

    /** Feeds what arrives to the answer, and tells the verdict when the peer closes. */
    private static final class AnswerReader extends SimpleChannelInboundHandler<ByteBuf> {
        private final Attempt attempt;
        private final HttpAnswer answer;
        private @Nullable ProbeOutcome broken;

        AnswerReader(Attempt attempt, HttpAnswer answer) {
            this.attempt = attempt;
            this.answer = answer;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf data) {
            byte[] bytes = new byte[data.readableBytes()];
            data.readBytes(bytes);
            answer.feed(bytes).ifPresent(failure -> {
                broken = failure;
                context.close();
            });
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            ProbeOutcome early = broken;
            attempt.tell(early != null ? early : answer.finish());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            boolean handshake = attempt.key instanceof ProbeKey.Http http && http.tls();
            boolean reset = cause instanceof java.io.IOException && !(cause.getCause() instanceof SSLException);
            attempt.tell(
                    cause instanceof OutOfMemoryError
                            ? new Inconclusive("out of memory")
                            : new Failed(
                                    handshake && !reset ? Reason.TLS_FAILED : Reason.RESPONSE_BROKEN,
                                    String.valueOf(cause.getMessage())));
            context.close();
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
