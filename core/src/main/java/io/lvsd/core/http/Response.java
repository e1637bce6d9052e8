package io.lvsd.core.http;

import io.lvsd.core.view.RecordJson;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** A response. Immutable. */
public final class Response {
    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int SERVICE_UNAVAILABLE = 503;

    private final int status;
    private final String contentType;
    private final List<byte[]> body;
    private final Map<String, String> headers;

    private Response(int status, String contentType, List<byte[]> body, Map<String, String> headers) {
        this.status = status;
        this.contentType = contentType;
        this.body = body;
        this.headers = Map.copyOf(headers);
    }

    /** Text of a media type, encoded in UTF-8. */
    public static Response of(int status, String contentType, String text) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        return new Response(status, contentType + "; charset=utf-8", List.of(body), Map.of());
    }

    /**
     * Bytes with status 200.
     *
     * @param contentType complete, with the character set of a text
     * @param body not changed afterwards
     */
    public static Response of(String contentType, byte[] body) {
        return of(contentType, List.of(body));
    }

    /**
     * Bytes with status 200.
     *
     * @param contentType complete, with the character set of a text
     * @param body in parts, which are not changed afterwards
     */
    public static Response of(String contentType, List<byte[]> body) {
        return new Response(OK, contentType, List.copyOf(body), Map.of());
    }

    /** A record as indented JSON, with status 200. */
    public static Response json(Record value) {
        return json(OK, value);
    }

    public static Response json(int status, Record value) {
        return new Response(
                status, "application/json; charset=utf-8", List.of(RecordJson.prettyBytes(value)), Map.of());
    }

    /** Some details of the problem are also header fields: supported methods, the scheme of authentication, Retry-After. */
    public static Response problem(Problem problem) {
        Response response = of(problem.status(), "application/problem+json", RecordJson.pretty(problem));
        if (problem.status() == METHOD_NOT_ALLOWED) {
            response = response.with(
                    "allow", String.join(", ", problem.candidates().orElse(List.of())));
        }
        if (problem.status() == UNAUTHORIZED) {
            response = response.with("www-authenticate", "Bearer realm=\"lvsd\"");
        }
        OptionalLong seconds = problem.retryAfterSeconds();
        return seconds.isPresent() ? response.with("retry-after", Long.toString(seconds.getAsLong())) : response;
    }

    /** The endpoint cannot respond now. */
    static Response busy(String detail) {
        return problem(
                Problem.of(SERVICE_UNAVAILABLE, "busy", "Service busy", detail).retryAfter(1));
    }

    /** With another header field. */
    public Response with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Response(status, contentType, body, more);
    }

    public int status() {
        return status;
    }

    String contentType() {
        return contentType;
    }

    /** The number of bytes of the body. */
    int length() {
        return body.stream().mapToInt(part -> part.length).sum();
    }

    /** The body, without a copy. */
    ByteBuf body() {
        return Unpooled.wrappedBuffer(Math.max(1, body.size()), body.toArray(byte[][]::new));
    }

    Map<String, String> headers() {
        return headers;
    }
}
