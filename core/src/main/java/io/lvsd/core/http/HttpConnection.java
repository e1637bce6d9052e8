package io.lvsd.core.http;

import io.lvsd.sorryserver.Deadline;
import io.lvsd.sorryserver.OpenConnections;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
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
        removeLimit(context);
        ChannelHandler next = new Deadline(time);
        deadline = next;
        context.pipeline().addLast(next);
    }

    private void removeLimit(ChannelHandlerContext context) {
        ChannelHandler last = deadline;
        deadline = null;
        if (last != null) {
            context.pipeline().remove(last);
        }
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
            current.admit(Admission.of(head, router, access, peer));
            if (HttpUtil.getContentLength(head, 0L) > limits.body()) {
                abort(context, current, Response.problem(RequestProblems.bodyTooLarge(limits.body())));
            } else if (HttpUtil.is100ContinueExpected(head)) {
                Future<?> _ = context.writeAndFlush(
                        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
            }
        } catch (ProblemException e) {
            Response refusal = current.refuse(e.problem());
            if (head.decoderResult().isFailure() || HttpUtil.is100ContinueExpected(head)) {
                abort(context, current, refusal);
            }
        }
    }

    private void read(ChannelHandlerContext context, Exchange current, HttpContent content) {
        if (content.decoderResult().isFailure()) {
            abort(context, current, Response.problem(RequestProblems.malformed("the body is malformed")));
            return;
        }
        int length = content.content().readableBytes();
        if (current.bodySize() + length > limits.body()) {
            abort(context, current, Response.problem(RequestProblems.bodyTooLarge(limits.body())));
            return;
        }
        byte[] bytes = new byte[length];
        content.content().readBytes(bytes);
        current.add(bytes);
        if (content instanceof LastHttpContent) {
            reading = false;
            connections.completed(context.channel());
            limit(context, limits.response());
            carryOut(context, current);
        }
    }

    // ---- carrying out

    private void carryOut(ChannelHandlerContext context, Exchange current) {
        if (current.refusal().isPresent()) {
            respond(context, current, current.refusal().get());
        } else {
            act(context, current, current.admission().match().route().action(), current.request());
        }
    }

    /** Nothing large is made while too much waits for clients that do not read. */
    private boolean isCongested() {
        return unsent.bytes() > limits.unsent();
    }

    private static Response congested() {
        return Response.busy("too many responses wait for slow clients");
    }

    private void act(ChannelHandlerContext context, Exchange current, Route.Action action, Request request) {
        switch (action) {
            case Route.Immediate(var handler) -> respond(context, current, response(handler, request));
            case Route.Choice(var streams, var streaming, var otherwise) ->
                act(context, current, streams.test(request) ? streaming : otherwise, request);
            case Route.Streaming streaming -> stream(context, current, streaming, request);
            case Route.Blocking(var workers, var handler) -> {
                boolean accepted = workers.submit(() -> {
                    // Again, as other responses were made while the request waited for this thread.
                    Response response = isCongested() ? congested() : response(handler, request);
                    onLoop(context, () -> respond(context, current, response));
                });
                if (!accepted) {
                    respond(context, current, Response.busy("too many requests are in progress"));
                }
            }
        }
    }

    private void stream(ChannelHandlerContext context, Exchange current, Route.Streaming streaming, Request request) {
        try {
            streaming.handler().check(request);
        } catch (ProblemException e) {
            respond(context, current, Response.problem(e.problem()));
            return;
        }
        closing = true;
        current.observe(observer, HttpResponseStatus.OK.code());
        Future<?> _ = context.write(current.streamHead(streaming.contentType()));
        if (current.withoutBody()) {
            context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(_ -> LingeringClose.of(context));
            return;
        }
        removeLimit(context);
        LingeringClose.discardInput(context);
        streaming.handler().open(request, new TextStream(context, connections));
    }

    private static void onLoop(ChannelHandlerContext context, Runnable work) {
        try {
            context.executor().execute(work);
        } catch (RejectedExecutionException _) {
            // The endpoint was closed.
        }
    }

    /** Any thread. */
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
        send(context, current, response, current.keepAlive());
    }

    /** Responds before the request is complete, and closes. */
    private void abort(ChannelHandlerContext context, Exchange current, Response response) {
        closing = true;
        send(context, current, response, false);
    }

    private void send(ChannelHandlerContext context, Exchange current, Response response, boolean keepAlive) {
        current.observe(observer, response.status());
        closing |= !keepAlive;
        int length = response.length();
        unsent.add(length);
        context.writeAndFlush(current.message(response, keepAlive)).addListener(sent -> {
            unsent.add(-length);
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
