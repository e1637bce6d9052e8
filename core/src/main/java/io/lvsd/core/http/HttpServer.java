package io.lvsd.core.http;

import io.lvsd.conf.model.HttpConfig;
import io.lvsd.conf.source.IoReason;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.sorryserver.OpenConnections;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Serves HTTP/1.1 on one event loop. Keep-alive and pipelining: requests of a connection are carried out one after the other,
 * and the next one is read only after the response was sent. Thread-safe.
 */
public final class HttpServer implements AutoCloseable {
    private static final long REFRESH_SECONDS = 2;
    private static final int DEAD_PEER_MILLIS = 60_000;

    private final MultiThreadIoEventLoopGroup group;
    private final Router router;
    private final HttpLimits limits;
    private final OpenConnections connections;
    private final RequestObserver observer;
    private final Unsent unsent = new Unsent();
    private final Credentials credentials = new Credentials();
    private final Workers files = new Workers("http-files", 1, 1);
    private final Access access;

    /** Bytes of responses that are not sent yet. Thread-safe. */
    static final class Unsent {
        private final AtomicLong bytes = new AtomicLong();

        long bytes() {
            return bytes.get();
        }

        void add(long count) {
            long _ = bytes.addAndGet(count);
        }
    }

    /**
     * Starts the thread, and reads the tokens and the certificate. {@link #listen} opens listeners. Blocks.
     *
     * @param config names, tokens and certificate
     */
    public HttpServer(HttpConfig config, Router router, HttpLimits limits, RequestObserver observer) {
        this.observer = observer;
        this.router = router;
        this.limits = limits;
        this.connections = new OpenConnections(limits.connections(), limits.pendingBytes());
        this.group =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("http", true), EpollIoHandler.newFactory());
        this.access = new Access(
                credentials, new RateLimits(limits.requestsPerSecond(), System::nanoTime), hostNames(config));
        credentials.configure(config);
        Future<?> _ = group.scheduleWithFixedDelay(this::refresh, REFRESH_SECONDS, REFRESH_SECONDS, TimeUnit.SECONDS);
    }

    private void refresh() {
        boolean _ = files.submit(credentials::refresh);
    }

    private static HostNames hostNames(HttpConfig config) {
        return new HostNames(
                config.hosts(),
                config.listen().stream().map(InetSocketAddress::getAddress).toList());
    }

    /** Uses the names, tokens and certificate of another configuration. Blocks; any thread. */
    public void configure(HttpConfig config) {
        access.configure(hostNames(config));
        credentials.configure(config);
    }

    /**
     * Listens on another address; with TLS unless it is of loopback.
     *
     * @throws IOException if the address cannot be bound; the text names it
     */
    public void listen(InetSocketAddress address) throws IOException {
        boolean open = address.getAddress().isLoopbackAddress();
        ChannelFuture bound = new ServerBootstrap()
                .group(group)
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(EpollChannelOption.TCP_USER_TIMEOUT, DEAD_PEER_MILLIS)
                .childHandler(handlers(open))
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("http: cannot listen on " + IpAddresses.text(address.getAddress(), address.getPort())
                    + ": " + IoReason.of(bound.cause()));
        }
    }

    private ChannelInitializer<SocketChannel> handlers(boolean open) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                channel.pipeline().addLast(connections);
                if (!open) {
                    Optional<SslContext> tls = credentials.tls();
                    if (tls.isEmpty()) {
                        Future<?> _ = channel.close();
                        return;
                    }
                    channel.pipeline().addLast(tls.get().newHandler(channel.alloc()));
                }
                channel.pipeline()
                        .addLast(
                                new StrictRequestDecoder(),
                                new HttpResponseEncoder(),
                                new FlowControlHandler(),
                                new HttpConnection(HttpServer.this, peer(channel, open)));
            }
        };
    }

    private static Access.Peer peer(SocketChannel channel, boolean open) {
        return new Access.Peer(plain(channel.remoteAddress()), plain(channel.localAddress()), open);
    }

    /** IPv4 addresses of connections to an IPv6 listener are mapped ones. */
    private static InetAddress plain(InetSocketAddress address) {
        return IpAddresses.ofBytes(address.getAddress().getAddress());
    }

    /** All routes, in their order. */
    public List<Route> routes() {
        return router.routes();
    }

    Router router() {
        return router;
    }

    Access access() {
        return access;
    }

    HttpLimits limits() {
        return limits;
    }

    OpenConnections connections() {
        return connections;
    }

    RequestObserver observer() {
        return observer;
    }

    Unsent unsent() {
        return unsent;
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
        files.close();
    }
}
