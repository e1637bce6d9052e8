package io.lvsd.core.http;

import io.lvsd.sorryserver.Deadline;
import io.lvsd.sorryserver.OpenConnections;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: reads a request completely, carries it out, sends the response, and reads the next one then. A request that
 * is refused is read to its end if its body is small, so that the connection can be used again; otherwise the connection is
 * closed. Used by the channel's event loop.
 */
final class HttpConnection extends SimpleChannelInboundHandler<HttpObject> {
    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);
    private static final int INTERNAL_ERROR = 500;

    private final Router router;
    private final Access access;
    private final Access.Peer peer;
    private final HttpLimits limits;
    private final OpenConnections connections;
    private final HttpServer.Unsent unsent;
    private final RequestObserver observer;

    private @Nullable ChannelHandler deadline;
    private @Nullable Exchange exchange;
    private int requests;
    /** Whether the next request is expected, or the rest of one. */
    private boolean reading = true;

    private boolean closing;

    /** A request in progress. */
    private static final class Exchange {
        private final long begun = System.nanoTime();
        private final boolean keepAlive;
        private final boolean withoutBody;
        private final boolean http10;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private @Nullable Admission admission;
        private @Nullable Response refusal;

        Exchange(HttpRequest head, boolean mayContinue) {
            this.keepAlive = HttpUtil.isKeepAlive(head) && mayContinue;
            this.withoutBody = head.method().name().equals("HEAD");
            this.http10 = head.protocolVersion().equals(HttpVersion.HTTP_1_0);
        }
    }

    HttpConnection(HttpServer server, Access.Peer peer) {
        this.router = server.router();
        this.access = server.access();
        this.limits = server.limits();
        this.connections = server.connections();
        this.unsent = server.unsent();
        this.observer = server.observer();
        this.peer = peer;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        limit(context, limits.request());
        context.read();
    }

    /** Closes the connection after a time, unless this method is called again before. */
    private void limit(ChannelHandlerContext context, Duration time) {
        ChannelHandler next = new Deadline(time);
        ChannelHandler last = deadline;
        deadline = next;
        if (last != null) {
            context.pipeline().remove(last);
        }
        context.pipeline().addLast(next);
    }

    // ---- reading

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
        if (closing) {
            return;
        }
        if (part instanceof HttpRequest head) {
            begin(context, head);
        }
        Exchange current = exchange;
        if (part instanceof HttpContent content && current != null && !closing) {
            read(context, current, content);
        }
    }

    /** A read that was requested ends here, whether it brought anything or not. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (reading && !closing) {
            context.read();
        }
    }

    private void begin(ChannelHandlerContext context, HttpRequest head) {
        requests++;
        Exchange current = new Exchange(head, requests < HttpLimits.REQUESTS);
        exchange = current;
        limit(context, limits.request());
        try {
            Admission admission = Admission.of(head, router, access, peer);
            current.admission = admission;
            long length = HttpUtil.getContentLength(head, 0L);
            if (length > limits.body()) {
                abort(context, current, Response.problem(RequestProblems.bodyTooLarge(limits.body())));
            } else if (HttpUtil.is100ContinueExpected(head)) {
                Future<?> _ = context.writeAndFlush(
                        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
            }
        } catch (ProblemException e) {
            current.refusal = refusal(head, e.problem());
            if (head.decoderResult().isFailure() || HttpUtil.is100ContinueExpected(head)) {
                abort(context, current, current.refusal);
            }
        }
    }

    /** A browser asks its user for a token if a page requires one; not for the requests of a script. */
    private static Response refusal(HttpRequest head, Problem problem) {
        Response response = Response.problem(problem);
        boolean page = problem.status() == HttpResponseStatus.UNAUTHORIZED.code()
                && head.headers().get(HttpHeaderNames.ACCEPT, "").contains("text/html");
        return page ? response.with("www-authenticate", "Basic realm=\"lvsd\", charset=\"UTF-8\"") : response;
    }

    private void read(ChannelHandlerContext context, Exchange current, HttpContent content) {
        if (content.decoderResult().isFailure()) {
            abort(context, current, Response.problem(RequestProblems.malformed("the body is malformed")));
            return;
        }
        int length = content.content().readableBytes();
        if (current.body.size() + length > limits.body()) {
            abort(context, current, Response.problem(RequestProblems.bodyTooLarge(limits.body())));
            return;
        }
        byte[] bytes = new byte[length];
        content.content().readBytes(bytes);
        current.body.writeBytes(bytes);
        if (content instanceof LastHttpContent) {
            reading = false;
            connections.completed(context.channel());
            limit(context, limits.response());
            carryOut(context, current);
        }
    }

    // ---- carrying out

    private void carryOut(ChannelHandlerContext context, Exchange current) {
        Response refusal = current.refusal;
        Admission admission = current.admission;
        if (refusal != null || admission == null) {
            respond(context, current, refusal == null ? Response.busy("no route") : refusal);
            return;
        }
        if (unsent.bytes() > limits.unsent()) {
            respond(context, current, Response.busy("too many responses wait for slow clients"));
            return;
        }
        Request request = admission.request(current.body.toByteArray());
        switch (admission.match().route().action()) {
            case Route.Immediate(var handler) -> respond(context, current, response(handler, request));
            case Route.Blocking(var workers, var handler) -> {
                boolean accepted = workers.submit(() -> {
                    Response response = response(handler, request);
                    onLoop(context, () -> respond(context, current, response));
                });
                if (!accepted) {
                    respond(context, current, Response.busy("too many requests are in progress"));
                }
            }
        }
    }

    private static void onLoop(ChannelHandlerContext context, Runnable work) {
        try {
            context.executor().execute(work);
        } catch (RejectedExecutionException _) {
            // The endpoint was closed.
        }
    }

    private static Response response(Route.Handler handler, Request request) {
        try {
            return handler.handle(request);
        } catch (ProblemException e) {
            return Response.problem(e.problem());
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("method", request.method()).setCause(e).log("http_request.failed");
            return Response.problem(
                    Problem.of(INTERNAL_ERROR, "internal-error", "Internal error", "the request failed unexpectedly")
                            .remedy("the log of the daemon has the details"));
        }
    }

    // ---- responding

    private void respond(ChannelHandlerContext context, Exchange current, Response response) {
        send(context, current, response, current.keepAlive);
    }

    /** Responds before the request is complete, and closes. */
    private void abort(ChannelHandlerContext context, Exchange current, Response response) {
        closing = true;
        send(context, current, response, false);
    }

    private void observe(Exchange current, Response response) {
        Admission admission = current.admission;
        observer.responded(
                admission == null ? "other" : admission.match().route().path(),
                response.status(),
                Duration.ofNanos(System.nanoTime() - current.begun));
    }

    private void send(ChannelHandlerContext context, Exchange current, Response response, boolean keepAlive) {
        observe(current, response);
        byte[] body = response.body();
        FullHttpResponse message = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(response.status()),
                current.withoutBody ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
        ResponseHeaders.set(message.headers(), response, body.length);
        if (!keepAlive) {
            closing = true;
            message.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (current.http10) {
            message.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
        unsent.add(body.length);
        context.writeAndFlush(message).addListener(sent -> {
            unsent.add(-body.length);
            if (!sent.isSuccess()) {
                Future<?> _ = context.close();
            } else if (keepAlive) {
                exchange = null;
                reading = true;
                limit(context, limits.idle());
                context.read();
            } else {
                LingeringClose.of(context);
            }
        });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Future<?> _ = context.close();
    }
}
