package io.lvsd.sorryserver;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Optional;

/** Which requests are answered, and which get 400 Bad Request. Pure. */
public final class HttpRequests {
    private HttpRequests() {}

    /**
     * The decoded path of a request: that of the URL if the request names a whole one.
     *
     * @return empty if the request is malformed: it cannot be parsed, it has two Host headers or, with HTTP/1.1, none (RFC
     *     9112, section 3.2), or its percent-encoding is broken
     */
    public static Optional<String> path(HttpRequest request) {
        List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
        boolean hostNeeded = request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) >= 0;
        if (!request.decoderResult().isSuccess() || hosts.size() > 1 || hostNeeded && hosts.isEmpty()) {
            return Optional.empty();
        }
        try {
            QueryStringDecoder target = new QueryStringDecoder(request.uri());
            String path = target.path();
            target.parameters();
            return Optional.of(withoutAuthority(path));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static String withoutAuthority(String path) {
        int scheme = path.startsWith("/") ? -1 : path.indexOf("://");
        int slash = scheme < 0 ? 0 : path.indexOf('/', scheme + 3);
        return slash < 0 ? "/" : path.substring(slash);
    }
}
