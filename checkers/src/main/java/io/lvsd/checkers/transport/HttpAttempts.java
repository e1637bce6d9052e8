package io.lvsd.checkers.transport;

import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult.Passed;
import io.lvsd.checkers.protocol.http.Http2UrlExchange;
import io.lvsd.checkers.protocol.http.HttpExchange;
import io.lvsd.conf.check.HttpCheck;
import io.lvsd.conf.check.http.HttpVersion;
import io.lvsd.conf.check.http.Url;
import io.lvsd.conf.value.Tls;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** HTTP_GET and SSL_GET: the request of one url, and those of the redirects that are followed. */
final class HttpAttempts {
    private HttpAttempts() {}

    static Attempt of(ProbeLoop loop, HttpCheck http, Url url, Consumer<ProbeReport> done) {
        Optional<Tls> tls = http.tls().map(t -> t.forUrl(url.host()));
        if (http.version() == HttpVersion.V2) {
            Http2UrlExchange exchange = new Http2UrlExchange(
                    url, http.tls().isPresent(), http.target().port());
            return Attempts.http2(
                    loop, http.target(), tls, exchange, following(loop, http, url, exchange::redirect, done));
        }
        HttpExchange exchange =
                new HttpExchange(url, http.version(), http.target().port());
        return Attempts.stream(
                loop, http.target(), tls, exchange, following(loop, http, url, exchange::redirect, done));
    }

    /** Follows a redirect, within the rest of the total timeout. */
    private static Consumer<ProbeReport> following(
            ProbeLoop loop, HttpCheck http, Url url, Supplier<Optional<String>> redirect, Consumer<ProbeReport> done) {
        if (url.redirects() == 0) {
            return done;
        }
        return report -> {
            Optional<String> path = redirect.get();
            Duration left = http.target().total().minus(report.duration());
            if (path.isEmpty() || !(report.result() instanceof Passed) || left.isNegative()) {
                done.accept(report);
                return;
            }
            HttpCheck next = http.withTarget(http.target().within(left)).withUrls(List.of(url.redirected(path.get())));
            loop.start(List.of(l -> of(l, next, next.urls().getFirst(), done)));
        };
    }
}
