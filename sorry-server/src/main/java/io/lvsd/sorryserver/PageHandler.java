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
import io.netty.util.concurrent.Future;
import java.io.ByteArrayInputStream;
import java.util.function.Supplier;

/**
 * Responds to one request and closes, so that the next request of a client can reach a real server again. Sends the body in
 * chunks: a client that does not read occupies memory for one of them.
 */
final class PageHandler extends SimpleChannelInboundHandler<HttpRequest> {
    /** Bytes of a chunk; the high water mark of the channel is twice as much. */
    static final int CHUNK = 4_096;

    private final Supplier<SorryPage> page;
    private final Runnable complete;

    // owned by the channel's event loop
    private boolean responded;

    /** @param complete run when the request is complete */
    PageHandler(Supplier<SorryPage> page, Runnable complete) {
        this.page = page;
        this.complete = complete;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpRequest request) {
        if (responded) {
            return;
        }
        responded = true;
        complete.run();
        SorryPage.Answer answer =
                HttpRequests.path(request).map(page.get()::answer).orElse(SorryPage.BAD_REQUEST);
        Future<?> _ = context.write(header(answer));
        if (request.method().equals(HttpMethod.HEAD)) {
            context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(ChannelFutureListener.CLOSE);
        } else {
            ChunkedStream body = new ChunkedStream(new ByteArrayInputStream(answer.body()), CHUNK);
            context.writeAndFlush(new HttpChunkedInput(body)).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private static HttpResponse header(SorryPage.Answer answer) {
        var header =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, new HttpResponseStatus(answer.status(), answer.reason()));
        header.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
                .set(HttpHeaderNames.CONTENT_LENGTH, answer.body().length)
                .set("x-content-type-options", "nosniff")
                .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, "frame-ancestors 'none'")
                .set(HttpHeaderNames.CONNECTION, "close");
        if (!answer.cacheable()) {
            header.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        }
        if (answer.retryAfterSeconds() > 0) {
            header.headers().set(HttpHeaderNames.RETRY_AFTER, answer.retryAfterSeconds());
        }
        return header;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Future<?> _ = context.close();
    }
}
