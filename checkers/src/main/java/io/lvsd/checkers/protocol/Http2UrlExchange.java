package io.lvsd.checkers.protocol;

import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.conf.check.http.Url;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** A url of HTTP_GET or SSL_GET over HTTP/2. */
public final class Http2UrlExchange implements Http2Exchange {
    private final Url url;
    private final boolean tls;
    private final HttpEvaluation verdict;
    private boolean headSeen;

    /** @param port that is asked */
    public Http2UrlExchange(Url url, boolean tls, int port) {
        this.url = url;
        this.tls = tls;
        this.verdict = new HttpEvaluation(url, port);
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
        for (String own : url.headers()) {
            int colon = own.indexOf(':');
            String name = own.substring(0, colon).toLowerCase(Locale.ROOT);
            if (name.equals("host")) {
                headers.authority(own.substring(colon + 1).strip());
            } else {
                headers.set(name, own.substring(colon + 1).strip());
            }
        }
        return headers;
    }

    @Override
    public byte[] body() {
        return url.body().orElse("").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Exchange.Move headers(Http2Headers headers, boolean end) {
        String status = String.valueOf(headers.status());
        boolean interim = status.matches("1\\d\\d");
        if (!headSeen && !interim) {
            if (!status.matches("[2-5]\\d\\d")) {
                return Exchange.broken("no status");
            }
            headSeen = true;
            verdict.head(
                    Integer.parseInt(status),
                    name -> Optional.ofNullable(headers.get(name)).map(CharSequence::toString));
        }
        return end ? verdict.end() : new Exchange.Move.Wait();
    }

    @Override
    public Exchange.Move data(byte[] bytes, boolean end) {
        Optional<Failed> failure = verdict.body(bytes, 0, bytes.length);
        if (failure.isPresent()) {
            return new Exchange.Move.End(failure.get(), new byte[0]);
        }
        return end || verdict.hasEnough() ? verdict.end() : new Exchange.Move.Wait();
    }

    @Override
    public int kept() {
        return verdict.kept();
    }

    @Override
    public void letGo() {
        verdict.letGo();
    }

    public Optional<String> redirect() {
        return verdict.redirect();
    }
}
