package io.lvsd.sorryserver;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Listens where IPVS sends the clients of a virtual server without real servers: serves the sorry page, or relays to a web
 * server that listens on loopback only. A listener may use an address that this host does not have yet.
 * Thread-safe.
 */
public final class SorryServer implements AutoCloseable {
    private static final int BACKLOG = 1024;
    /** The prefix of Netty before the reason of a failed system call. */
    private static final Pattern NATIVE = Pattern.compile("\\w+\\(\\.\\.\\) failed[^:]*: ");

    private static final WriteBufferWaterMark WATER_MARK =
            new WriteBufferWaterMark(PageHandler.CHUNK, 2 * PageHandler.CHUNK);

    private final EventLoopGroup group;
    private final Supplier<SorryPage> page;
    private final SorryLimits limits;
    private final OpenConnections pages;
    private final OpenConnections relays;

    /**
     * Without a listener.
     *
     * @param threads event loops, 1 or more
     * @param page called for each request, so that a reload takes effect at once
     */
    public SorryServer(int threads, Supplier<SorryPage> page, SorryLimits limits) {
        this.limits = limits;
        this.pages = new OpenConnections(limits.pages(), limits.requestBytes());
        this.relays = new OpenConnections(limits.relays(), Long.MAX_VALUE);
        this.group = new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory("sorry", true), EpollIoHandler.newFactory());
        this.page = page;
        // The threads are created now, not by the first listener, when the host may have none left.
        group.forEach(loop -> loop.submit(() -> {}).syncUninterruptibly());
    }

    /** An open listener. */
    public interface Listener extends AutoCloseable {
        /** The address it listens on. */
        InetSocketAddress address();

        /** Stops listening; open connections continue until their end. */
        @Override
        void close();
    }

    /**
     * Listens on an address.
     *
     * @param relay called for each connection: the address that it is relayed to; empty: it gets the page
     * @throws IOException if the address cannot be bound; the text names it
     */
    public Listener listen(InetSocketAddress address, Supplier<Optional<InetSocketAddress>> relay) throws IOException {
        ChannelHandler child = new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                relay.get().ifPresentOrElse(target -> prepareRelay(channel, target), () -> preparePage(channel));
            }
        };
        var binding = new ServerBootstrap()
                .group(group)
                .channel(EpollServerSocketChannel.class)
                .option(EpollChannelOption.IP_FREEBIND, true)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(child)
                .bind(address)
                .awaitUninterruptibly();
        if (!binding.isSuccess()) {
            throw new IOException("cannot listen on " + address + ": " + reason(binding.cause()), binding.cause());
        }
        Channel channel = binding.channel();
        InetSocketAddress bound = (InetSocketAddress) channel.localAddress();
        return new Listener() {
            @Override
            public InetSocketAddress address() {
                return bound;
            }

            @Override
            public void close() {
                channel.close().awaitUninterruptibly();
            }
        };
    }

    private void preparePage(Channel channel) {
        channel.config().setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
        ChannelHandler request = new Deadline(limits.request());
        channel.pipeline()
                .addLast(
                        pages,
                        request,
                        new Deadline(limits.response()),
                        new IdleTimeout(limits.pageIdle()),
                        new HttpServerCodec(),
                        new ChunkedWriteHandler(),
                        new PageHandler(page, () -> {
                            pages.completed(channel);
                            channel.pipeline().remove(request);
                        }));
    }

    private void prepareRelay(Channel channel, InetSocketAddress target) {
        channel.config().setAutoRead(false);
        channel.pipeline()
                .addLast(
                        relays, new Deadline(limits.relayed()), new IdleTimeout(limits.relayIdle()), new Relay(target));
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }

    private static String reason(Throwable failure) {
        String message = Objects.requireNonNullElse(failure.getMessage(), "the address cannot be used");
        return NATIVE.matcher(message).replaceFirst("");
    }
}
