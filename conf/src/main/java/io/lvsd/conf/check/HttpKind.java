package io.lvsd.conf.check;

import io.lvsd.conf.check.http.HttpKeywords;
import io.lvsd.conf.check.http.HttpVersion;
import io.lvsd.conf.check.http.Url;
import io.lvsd.conf.check.http.UrlReader;
import io.lvsd.conf.check.http.UrlWriter;
import io.lvsd.conf.check.probe.CheckContext;
import io.lvsd.conf.check.tls.TlsReader;
import io.lvsd.conf.check.tls.TlsWriter;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.conf.value.Tls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** HTTP_GET and SSL_GET: HTTP responses are as expected. */
public final class HttpKind implements CheckKind<HttpCheck> {
    static final HttpKind PLAIN = new HttpKind(HttpCheck.HTTP_GET, "HTTP responses are as expected.", false);
    static final HttpKind OVER_TLS = new HttpKind(HttpCheck.SSL_GET, "HTTPS responses are as expected.", true);

    private static final Duration RETRY_DELAY = Duration.ofSeconds(3);

    private final Keyword<Statement> block;
    private final boolean overTls;

    private HttpKind(String name, String sentence, boolean overTls) {
        this.block = CheckKind.declare(name, HttpKeywords.CHECK, sentence);
        this.overTls = overTls;
    }

    @Override
    public Keyword<Statement> block() {
        return block;
    }

    @Override
    public Class<HttpCheck> spec() {
        return HttpCheck.class;
    }

    @Override
    public List<Scope> scopes() {
        return List.of(HttpKeywords.CHECK, HttpKeywords.URL);
    }

    @Override
    public List<Keyword<?>> keywords() {
        return HttpKeywords.ALL;
    }

    @Override
    public List<CheckDraft> read(Statement statement, CheckContext context) {
        Settings settings = context.read(HttpKeywords.CHECK, statement);
        settings.get(HttpKeywords.NB_GET_RETRY)
                .ifPresent(_ -> context.problems()
                        .reportedByKeepalived(
                                settings.originOf(HttpKeywords.NB_GET_RETRY, statement.origin()),
                                "'nb_get_retry' is deprecated",
                                "use: retry"));
        return context
                .target(settings, statement.origin())
                .flatMap(target -> read(settings, target, statement, context))
                .stream()
                .toList();
    }

    private Optional<CheckDraft> read(
            Settings settings, ProbeAddress target, Statement statement, CheckContext context) {
        UrlReader reader = new UrlReader(settings, target, context.weightFrom().flatMap(WeightFrom::part), context);
        List<Url> urls = new ArrayList<>();
        boolean closeNotify = settings.isOn(HttpKeywords.TLS_COMPLIANT);
        for (Statement each : settings.all(HttpKeywords.URL_BLOCK)) {
            Settings url = context.read(HttpKeywords.URL, each);
            reader.read(url, each).ifPresent(urls::add);
            closeNotify |= url.isOn(HttpKeywords.TLS_COMPLIANT);
        }
        if (urls.isEmpty()) {
            context.problems()
                    .error(
                            statement.origin(),
                            "'" + statement.name() + "' requires a valid url, the check is dropped",
                            "add: url { path / }");
            return Optional.empty();
        }
        Optional<Tls> tls =
                overTls ? Optional.of(new TlsReader(settings, context).ofUrls(closeNotify)) : Optional.empty();
        HttpCheck check = new HttpCheck(
                target,
                tls,
                settings.get(HttpKeywords.HTTP_PROTOCOL).orElse(HttpVersion.V1_0),
                settings.isOn(HttpKeywords.FAST_RECOVERY),
                urls);
        return Optional.of(CheckDraft.probed(check, settings, 1, RETRY_DELAY));
    }

    @Override
    public void write(HttpCheck check, CheckOutput output) {
        output.block()
                .put(HttpKeywords.HTTP_PROTOCOL, check.version().word())
                .put(HttpKeywords.FAST_RECOVERY, check.fastRecovery());
        check.tls().ifPresent(tls -> {
            TlsWriter.write(tls, output.block(), output.secrets());
            output.block().put(HttpKeywords.TLS_COMPLIANT, tls.closeNotify());
        });
        UrlWriter writer = new UrlWriter(output.secrets());
        check.urls().forEach(url -> output.block().put(HttpKeywords.URL_BLOCK, writer.write(url)));
    }
}
