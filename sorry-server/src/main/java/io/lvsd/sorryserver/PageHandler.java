package io.lvsd.sorryserver;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.stream.ChunkedStream;
import java.io.ByteArrayInputStream;
import java.util.function.Supplier;

/**
 * Answers one request and closes, so that a client's next request can reach a real server again. The body is sent in pieces:
 * a client that does not read holds one of them.
 */
final class PageHandler extends SimpleChannelInboundHandler<HttpRequest> {
    /** Bytes of a piece; the channel's high water mark is of the same order. */
    static final int PIECE = 4_096;

    private final Supplier<SorryPage> page;
    private final Runnable complete;

    // owned by the channel's event loop
    private boolean answered;

    /** @param complete run when the request is complete */
    PageHandler(Supplier<SorryPage> page, Runnable complete) {
        this.page = page;
        this.complete = complete;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpRequest request) {
        if (answered) {
            return;
        }
        answered = true;
        complete.run();
        SorryPage.Answer answer =
                HttpRequests.path(request).map(page.get()::answer).orElse(SorryPage.BAD_REQUEST);
        context.write(head(answer));
        if (request.method().equals(HttpMethod.HEAD)) {
            context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(ChannelFutureListener.CLOSE);
        } else {
            ChunkedStream body = new ChunkedStream(new ByteArrayInputStream(answer.body()), PIECE);
            context.writeAndFlush(new HttpChunkedInput(body)).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private static HttpResponse head(SorryPage.Answer answer) {
        var head =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, new HttpResponseStatus(answer.status(), answer.reason()));
        head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
                .set(HttpHeaderNames.CONTENT_LENGTH, answer.body().length)
                .set("x-content-type-options", "nosniff")
                .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, "frame-ancestors 'none'")
                .set(HttpHeaderNames.CONNECTION, "close");
        if (!answer.cacheable()) {
            head.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        }
        if (answer.retryAfterSeconds() > 0) {
            head.headers().set(HttpHeaderNames.RETRY_AFTER, answer.retryAfterSeconds());
        }
        return head;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
