package io.lvsd.core.http;

import io.lvsd.conf.source.IoReason;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.core.metrics.Metrics;
import io.lvsd.core.metrics.Scrape;
import io.lvsd.core.view.RecordJson;
import io.lvsd.core.view.StatusInput;
import io.lvsd.core.view.StatusPage;
import io.lvsd.core.view.StatusReports;
import io.lvsd.sorryserver.Deadline;
import io.lvsd.sorryserver.HttpRequests;
import io.lvsd.sorryserver.IdleTimeout;
import io.lvsd.sorryserver.OpenConnections;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * HTTP endpoint for the status: {@code /} is a page, {@code /status.json} the output of {@code lvsd status --json}, and
 * {@code /metrics} the metrics for Prometheus. Read only.
 * A request whose Host header is a name other than localhost is refused, so that other web sites cannot read the status with
 * a visitor's browser (DNS rebinding).
 */
public final class StatusEndpoint implements AutoCloseable {
    private static final int MAX_REQUEST = 8_192;
    private static final int HEAP_SHARE = 16;
    private static final int RETRY_SECONDS = 1;
    private static final String CONTENT_POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

    private final MultiThreadIoEventLoopGroup group;
    private final Supplier<Optional<StatusInput>> status;
    private final Metrics metrics;
    private final Limits limits;
    private final OpenConnections connections;
    /** Bytes of responses that are not sent yet. Used by the only event loop. */
    private long unsent;

    /**
     * Limits for clients. One client address may have half of the connections. A new connection is always accepted; at the
     * limit it closes the connection that has been idle longest.
     *
     * @param connections open at the same time, 1 or more
     * @param request timeout from the connection to the complete request
     * @param response timeout from the connection to the end of the response
     * @param idle timeout without a byte in either direction
     * @param unsent bytes of all responses that are not sent yet; a single response may exceed it
     */
    public record Limits(int connections, Duration request, Duration response, Duration idle, long unsent) {
        /** Limits for a number of connections, with default timeouts and a fraction of the heap. */
        public static Limits of(int connections) {
            return new Limits(
                    connections,
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(15),
                    Runtime.getRuntime().maxMemory() / HEAP_SHARE);
        }
    }

    private StatusEndpoint(Supplier<Optional<StatusInput>> status, Metrics metrics, Limits limits) {
        this.metrics = metrics;
        this.limits = limits;
        this.connections = new OpenConnections(limits.connections(), MAX_REQUEST * (long) limits.connections());
        this.status = status;
        this.group =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("http", true), EpollIoHandler.newFactory());
    }

    /**
     * Listens.
     *
     * @param status called for each request, on a thread of the endpoint; empty before the engine has started
     * @throws IOException if the address cannot be bound
     */
    public static StatusEndpoint listen(
            InetSocketAddress address, Supplier<Optional<StatusInput>> status, Metrics metrics, Limits limits)
            throws IOException {
        StatusEndpoint endpoint = new StatusEndpoint(status, metrics, limits);
        ChannelFuture bound = new ServerBootstrap()
                .group(endpoint.group)
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(endpoint.handlers())
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            endpoint.close();
            throw new IOException("http: cannot listen on " + IpAddresses.text(address.getAddress(), address.getPort())
                    + ": " + IoReason.of(bound.cause()));
        }
        return endpoint;
    }

    private ChannelInitializer<SocketChannel> handlers() {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                ChannelHandler request = new Deadline(limits.request());
                channel.pipeline()
                        .addLast(
                                connections,
                                request,
                                new Deadline(limits.response()),
                                new IdleTimeout(limits.idle()),
                                new HttpServerCodec(),
                                new HttpObjectAggregator(MAX_REQUEST),
                                new Requests(request));
            }
        };
    }

    @SuppressWarnings("ArrayRecordComponent") // it is sent, not compared
    private record Response(HttpResponseStatus status, String contentType, boolean gzipped, byte[] body) {
        static Response ok(String contentType, String body) {
            return of(HttpResponseStatus.OK, contentType, body);
        }

        static Response of(HttpResponseStatus status, String contentType, String body) {
            return new Response(status, contentType + "; charset=utf-8", false, body.getBytes(StandardCharsets.UTF_8));
        }
    }

    private Response response(FullHttpRequest request) {
        Optional<String> path = HttpRequests.path(request);
        if (path.isEmpty()) {
            return text(HttpResponseStatus.BAD_REQUEST);
        }
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            return text(HttpResponseStatus.METHOD_NOT_ALLOWED);
        }
        if (!isLocalHost(request.headers().get(HttpHeaderNames.HOST, "localhost"))) {
            return text(HttpResponseStatus.MISDIRECTED_REQUEST);
        }
        Optional<StatusInput> input = unsent > limits.unsent() ? Optional.empty() : status.get();
        if (input.isEmpty()) {
            return text(HttpResponseStatus.SERVICE_UNAVAILABLE);
        }
        return switch (path.get()) {
            case "/" -> Response.ok("text/html", StatusPage.html(StatusReports.of(input.get())));
            case "/status.json" -> Response.ok("application/json", RecordJson.pretty(StatusReports.of(input.get())));
            case "/metrics" -> text(HttpResponseStatus.OK);
            default -> text(HttpResponseStatus.NOT_FOUND);
        };
    }

    private static Response text(HttpResponseStatus status) {
        return Response.of(status, "text/plain", status.reasonPhrase() + "\n");
    }

    /** Not on the event loop, as it takes long for thousands of servers. */
    private void scrape(FullHttpRequest request, Consumer<Response> respond) {
        String accept = request.headers().get(HttpHeaderNames.ACCEPT, "");
        boolean gzip =
                request.headers().get(HttpHeaderNames.ACCEPT_ENCODING, "").contains("gzip");
        Thread.ofVirtual().name("metrics").start(() -> {
            Scrape scrape = metrics.scrape(accept, gzip);
            respond.accept(new Response(HttpResponseStatus.OK, scrape.contentType(), scrape.gzipped(), scrape.body()));
        });
    }

    /** Whether a Host header is an address or localhost, with or without a port. */
    private static boolean isLocalHost(String host) {
        String name = host.startsWith("[")
                ? host.substring(1, Math.max(1, host.indexOf(']')))
                : host.replaceFirst(":\\d*$", "");
        return name.toLowerCase(Locale.ROOT).equals("localhost")
                || NetUtil.isValidIpV4Address(name)
                || NetUtil.isValidIpV6Address(name);
    }

    /** Responds to one request and closes the connection. */
    private final class Requests extends SimpleChannelInboundHandler<FullHttpRequest> {
        private final ChannelHandler deadline;

        // owned by the channel's event loop
        private boolean responded;

        Requests(ChannelHandler deadline) {
            this.deadline = deadline;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            if (responded) {
                return;
            }
            responded = true;
            connections.completed(context.channel());
            context.pipeline().remove(deadline);
            boolean head = request.method().equals(HttpMethod.HEAD);
            Response content = response(request);
            if (content.status().equals(HttpResponseStatus.OK)
                    && HttpRequests.path(request).filter("/metrics"::equals).isPresent()) {
                scrape(request, scraped -> context.executor().execute(() -> respond(context, scraped, head)));
            } else {
                respond(context, content, head);
            }
        }

        private void respond(ChannelHandlerContext context, Response content, boolean head) {
            byte[] body = content.body();
            var response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1,
                    content.status(),
                    head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
            response.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, content.contentType())
                    .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
                    .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                    .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, CONTENT_POLICY)
                    .set("x-content-type-options", "nosniff")
                    .set(HttpHeaderNames.CONNECTION, "close");
            if (content.gzipped()) {
                response.headers().set(HttpHeaderNames.CONTENT_ENCODING, HttpHeaderValues.GZIP);
            }
            if (content.status().equals(HttpResponseStatus.SERVICE_UNAVAILABLE)) {
                response.headers().set(HttpHeaderNames.RETRY_AFTER, RETRY_SECONDS);
            }
            unsent += body.length;
            context.writeAndFlush(response)
                    .addListener(_ -> unsent -= body.length)
                    .addListener(ChannelFutureListener.CLOSE);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            Future<?> _ = context.close();
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
