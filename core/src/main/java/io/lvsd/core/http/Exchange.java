package io.lvsd.core.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Optional;

/** A request in progress, and the form of its response. Used by the channel's event loop. */
final class Exchange {
    private final long begun = System.nanoTime();
    private final boolean keepAlive;
    private final boolean withoutBody;
    private final boolean http10;
    private final boolean page;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private Optional<Admission> admission = Optional.empty();
    private Optional<Response> refusal = Optional.empty();

    /** @param mayContinue whether the connection may serve another request */
    Exchange(HttpRequest head, boolean mayContinue) {
        this.keepAlive = HttpUtil.isKeepAlive(head) && mayContinue;
        this.withoutBody = head.method().name().equals("HEAD");
        this.http10 = head.protocolVersion().equals(HttpVersion.HTTP_1_0);
        this.page = head.headers().get(HttpHeaderNames.ACCEPT, "").contains("text/html");
    }

    /** Whether the client requested that the connection stays open. */
    boolean keepAlive() {
        return keepAlive;
    }

    /** Whether the response has a header only. */
    boolean withoutBody() {
        return withoutBody;
    }

    void admit(Admission admitted) {
        admission = Optional.of(admitted);
    }

    /** Refuses the request. A browser asks its user for a token if a page requires one, not for the requests of a script. */
    Response refuse(Problem problem) {
        Response response = Response.problem(problem);
        if (page && problem.status() == HttpResponseStatus.UNAUTHORIZED.code()) {
            response = response.with("www-authenticate", "Basic realm=\"lvsd\", charset=\"UTF-8\"");
        }
        refusal = Optional.of(response);
        return response;
    }

    Optional<Response> refusal() {
        return refusal;
    }

    Admission admission() {
        return admission.orElseThrow();
    }

    int bodySize() {
        return body.size();
    }

    void add(byte[] bytes) {
        body.writeBytes(bytes);
    }

    /** The complete request. */
    Request request() {
        return admission().request(body.toByteArray());
    }

    void observe(RequestObserver observer, int status) {
        observer.responded(
                admission.map(a -> a.match().route().path()).orElse("other"),
                status,
                Duration.ofNanos(System.nanoTime() - begun));
    }

    /** @param open whether the connection stays open */
    FullHttpResponse message(Response response, boolean open) {
        FullHttpResponse message = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(response.status()),
                withoutBody ? Unpooled.EMPTY_BUFFER : response.body());
        ResponseHeaders.set(message.headers(), response, response.length());
        if (!open) {
            message.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (http10) {
            message.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
        return message;
    }

    /** The header of a response without an end, after which the connection is closed. */
    HttpResponse streamHead(String contentType) {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        ResponseHeaders.security(head.headers());
        head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, contentType)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        HttpUtil.setTransferEncodingChunked(head, !http10 && !withoutBody());
        return head;
    }
}
