package io.lvsd.core.http;

import io.lvsd.conf.source.IoReason;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.sorryserver.OpenConnections;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * Serves HTTP/1.1 on one event loop. Keep-alive and pipelining: requests of a connection are carried out one after the other,
 * and the next one is read only after the response was sent. Thread-safe.
 */
public final class HttpServer implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup group;
    private final Router router;
    private final HttpLimits limits;
    private final OpenConnections connections;
    private final RequestObserver observer;
    private final Unsent unsent = new Unsent();

    /** Bytes of responses that are not sent yet. Used by the only event loop. */
    static final class Unsent {
        private long bytes;

        long bytes() {
            return bytes;
        }

        void add(long count) {
            bytes += count;
        }
    }

    /** Starts the thread; {@link #listen} opens a listener. */
    public HttpServer(Router router, HttpLimits limits, RequestObserver observer) {
        this.observer = observer;
        this.router = router;
        this.limits = limits;
        this.connections = new OpenConnections(limits.connections(), limits.pendingBytes());
        this.group =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("http", true), EpollIoHandler.newFactory());
    }

    /**
     * Listens on another address.
     *
     * @throws IOException if the address cannot be bound; the text names it
     */
    public void listen(InetSocketAddress address) throws IOException {
        ChannelFuture bound = new ServerBootstrap()
                .group(group)
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(handlers())
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("http: cannot listen on " + IpAddresses.text(address.getAddress(), address.getPort())
                    + ": " + IoReason.of(bound.cause()));
        }
    }

    private ChannelInitializer<SocketChannel> handlers() {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                channel.pipeline()
                        .addLast(
                                connections,
                                new StrictRequestDecoder(),
                                new HttpResponseEncoder(),
                                new FlowControlHandler(),
                                new HttpConnection(router, limits, connections, unsent, observer));
            }
        };
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
