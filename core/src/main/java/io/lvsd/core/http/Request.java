package io.lvsd.core.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A complete request that was admitted. Immutable. */
public final class Request {
    private static final Pattern GZIP = Pattern.compile("(?i)(?:^|,)\\s*gzip\\s*(?:;\\s*q=([0-9.]+)\\s*)?(?=,|$)");
    private static final String ZERO = "0(?:\\.0*)?";

    private final String method;
    private final Target target;
    private final Map<String, String> parameters;
    private final HttpHeaders headers;
    private final byte[] body;
    private final Client client;

    /** @param parameters of the path, by the name in the template of the route */
    Request(
            String method,
            Target target,
            Map<String, String> parameters,
            HttpHeaders headers,
            byte[] body,
            Client client) {
        this.method = method;
        this.target = target;
        this.parameters = Map.copyOf(parameters);
        this.headers = headers;
        this.body = body;
        this.client = client;
    }

    /** {@code GET}, {@code HEAD}, {@code POST} and so on. */
    public String method() {
        return method;
    }

    /** A part of the path, by its name in the template of the route. */
    public String parameter(String name) {
        String value = parameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no parameter " + name);
        }
        return value;
    }

    /** A parameter of the query. */
    public Optional<String> query(String name) {
        return Optional.ofNullable(target.query().get(name));
    }

    /** The names of the parameters of the query. */
    public Iterable<String> queryNames() {
        return target.query().keySet();
    }

    /** A header field; the first one if it is repeated. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** Whether the response may be compressed with gzip (RFC 9110, section 12.5.3). */
    public boolean acceptsGzip() {
        Matcher gzip = GZIP.matcher(headers.get(HttpHeaderNames.ACCEPT_ENCODING, ""));
        return gzip.find() && (gzip.group(1) == null || !gzip.group(1).matches(ZERO));
    }

    /** The body as text; malformed UTF-8 is replaced. */
    public String body() {
        return new String(body, StandardCharsets.UTF_8);
    }

    public Client client() {
        return client;
    }
}
