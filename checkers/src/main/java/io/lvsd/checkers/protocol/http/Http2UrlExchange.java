package io.lvsd.checkers.protocol.http;

import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.protocol.Exchange;
import io.lvsd.checkers.protocol.Http2Exchange;
import io.lvsd.conf.check.http.Url;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** One url of HTTP_GET or SSL_GET over HTTP/2. */
public final class Http2UrlExchange implements Http2Exchange {
    private final Url url;
    private final boolean tls;
    private final HttpEvaluation evaluation;
    private boolean headerReceived;

    /** @param port of the server */
    public Http2UrlExchange(Url url, boolean tls, int port) {
        this.url = url;
        this.tls = tls;
        this.evaluation = new HttpEvaluation(url, port);
    }

    @Override
    public Http2Headers headers() {
        Http2Headers headers = new DefaultHttp2Headers(false)
                .method(url.method())
                .path(url.path())
                .scheme(tls ? "https" : "http")
                .authority(url.host());
        headers.set("user-agent", "KeepAliveClient");
        if (url.compressed()) {
            headers.set("accept-encoding", "gzip, deflate");
        }
        for (String field : url.headers()) {
            int colon = field.indexOf(':');
            String name = field.substring(0, colon).toLowerCase(Locale.ROOT);
            if (name.equals("host")) {
                headers.authority(field.substring(colon + 1).strip());
            } else {
                headers.set(name, field.substring(colon + 1).strip());
            }
        }
        return headers;
    }

    @Override
    public byte[] body() {
        return url.body().orElse("").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Exchange.Action headers(Http2Headers headers, boolean end) {
        String status = String.valueOf(headers.status());
        boolean interim = status.matches("1\\d\\d");
        if (!headerReceived && !interim) {
            if (!status.matches("[2-5]\\d\\d")) {
                return Exchange.broken("response without a valid status");
            }
            headerReceived = true;
            evaluation.head(
                    Integer.parseInt(status),
                    name -> Optional.ofNullable(headers.get(name)).map(CharSequence::toString));
        }
        return end ? evaluation.end() : new Exchange.Action.Read();
    }

    @Override
    public Exchange.Action data(byte[] bytes, boolean end) {
        Optional<Failed> failure = evaluation.body(bytes, 0, bytes.length);
        if (failure.isPresent()) {
            return new Exchange.Action.Finish(failure.get());
        }
        return end || evaluation.hasEnough() ? evaluation.end() : new Exchange.Action.Read();
    }

    @Override
    public int buffered() {
        return evaluation.buffered();
    }

    @Override
    public int status() {
        return evaluation.status();
    }

    @Override
    public void release() {
        evaluation.release();
    }

    /** The target of a redirect that may be followed: a path on the same server. */
    public Optional<String> redirect() {
        return evaluation.redirect();
    }
}
