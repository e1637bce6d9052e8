package io.lvsd.sorryserver;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Listens where clients of a virtual server without real servers are sent: serves the sorry page, or relays to a web
 * server that listens on loopback only. A listener may be bound to an address that this host does not have yet.
 * Thread-safe.
 */
public final class SorryServer implements AutoCloseable {
    private static final int READ_TIMEOUT_SECONDS = 15;
    private static final int BACKLOG = 1024;

    private final EventLoopGroup group;
    private final Supplier<SorryPage> page;

    /** @param page asked for each request, so that a reload takes effect at once */
    public SorryServer(int threads, Supplier<SorryPage> page) {
        this.group = new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory("sorry", true), EpollIoHandler.newFactory());
        this.page = page;
    }

    /** An open listener. */
    public interface Listener extends AutoCloseable {
        /** Where it really listens. */
        InetSocketAddress address();

        /** Stops listening; connections that are open go on to their end. */
        @Override
        void close();
    }

    /**
     * Listens on an address.
     *
     * @param relay asked for each connection: where it is relayed to; empty: it gets the page
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
            throw new IOException(
                    "cannot listen on " + address + ": " + binding.cause().getMessage(), binding.cause());
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
        channel.pipeline()
                .addLast(new ReadTimeoutHandler(READ_TIMEOUT_SECONDS), new HttpServerCodec(), new PageHandler());
    }

    private static void prepareRelay(Channel channel, InetSocketAddress target) {
        channel.config().setAutoRead(false);
        channel.pipeline().addLast(new Relay(target));
    }

    /** Answers one request and closes, so that a client's next request can reach a real server again. */
    private final class PageHandler extends SimpleChannelInboundHandler<HttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpRequest request) {
            SorryPage.Answer answer = page.get().answer(request.decoderResult().isSuccess() ? request.uri() : "/");
            boolean head = request.method().equals(HttpMethod.HEAD);
            var response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1,
                    new HttpResponseStatus(answer.status(), answer.reason()),
                    head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(answer.body()));
            response.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
                    .set(HttpHeaderNames.CONTENT_LENGTH, answer.body().length)
                    .set(HttpHeaderNames.CONNECTION, "close");
            if (!answer.cacheable()) {
                response.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-store");
            }
            if (answer.retryAfterSeconds() > 0) {
                response.headers().set(HttpHeaderNames.RETRY_AFTER, answer.retryAfterSeconds());
            }
            context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
