package io.lvsd.conf.load;

import io.lvsd.conf.check.CheckSpec;
import io.lvsd.conf.check.HttpCheck;
import io.lvsd.conf.check.http.HttpVersion;
import io.lvsd.conf.check.http.JsonMatch;
import io.lvsd.conf.check.http.Regex;
import io.lvsd.conf.check.http.StatusRange;
import io.lvsd.conf.check.http.Url;
import io.lvsd.conf.check.http.WeightPart;
import io.lvsd.conf.keyword.CheckKeywords;
import io.lvsd.conf.keyword.Keywords;
import io.lvsd.conf.keyword.PcreExpression;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.model.CheckConfig;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.conf.value.Tls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** HTTP_GET and SSL_GET. */
final class HttpCheckBuilder {
    private static final Duration RETRY_DELAY = Duration.ofSeconds(3);
    private static final List<StatusRange> GOOD = List.of(new StatusRange(200, 299));

    private final CheckBuilder common;
    private final TlsBuilder tls;
    private final Optional<WeightPart> weight;
    private final Problems problems;

    HttpCheckBuilder(CheckBuilder common, TlsBuilder tls, Optional<WeightPart> weight, Problems problems) {
        this.common = common;
        this.tls = tls;
        this.weight = weight;
        this.problems = problems;
    }

    Optional<CheckConfig> http(Statement block, boolean overTls) {
        Settings check = Settings.read(Scope.HTTP_CHECK, ConfigBuilder.blockOf(block), problems);
        check.get(Keywords.NB_GET_RETRY)
                .ifPresent(_ -> problems.reportedByKeepalived(
                        check.originOf(Keywords.NB_GET_RETRY, block.origin()),
                        "'nb_get_retry' is deprecated",
                        "write: retry"));
        Optional<ProbeAddress> where = common.where(check, block.origin());
        if (where.isEmpty()) {
            return Optional.empty();
        }
        List<Url> urls = new ArrayList<>();
        boolean closeNotify = check.isOn(CheckKeywords.TLS_COMPLIANT);
        for (Statement statement : check.all(Keywords.URL_BLOCK)) {
            Settings url = Settings.read(Scope.URL, ConfigBuilder.blockOf(statement), problems);
            url(url, statement, check, where.get()).ifPresent(urls::add);
            closeNotify |= url.isOn(CheckKeywords.TLS_COMPLIANT);
        }
        if (urls.isEmpty()) {
            problems.error(
                    block.origin(),
                    block.name() + " without a usable url is dropped: its check is missing",
                    "add: url { path / }");
            return Optional.empty();
        }
        HttpVersion version = check.get(Keywords.HTTP_PROTOCOL).orElse(HttpVersion.V1_0);
        Optional<Tls> over = overTls ? Optional.of(tls.ofUrls(check, closeNotify)) : Optional.empty();
        CheckSpec spec = new HttpCheck(where.get(), over, version, check.isOn(Keywords.FAST_RECOVERY), urls);
        CheckConfig made = common.check(check, spec, 1, RETRY_DELAY);
        return Optional.of(weight.isEmpty() ? made : common.smoothed(made));
    }

    private Optional<Url> url(Settings url, Statement block, Settings check, ProbeAddress where) {
        Optional<String> path = url.get(Keywords.PATH);
        if (path.isEmpty()) {
            if (!url.mentions(Keywords.PATH)) {
                problems.error(block.origin(), "url without a path is dropped: its check is missing", "add: path /");
            }
            return Optional.empty();
        }
        if (path.get().chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
            problems.error(
                    url.originOf(Keywords.PATH, block.origin()),
                    "the path holds a blank or control character; the url is dropped",
                    "write %20 for a blank");
            return Optional.empty();
        }
        Optional<Regex> regex = regex(url, block.origin());
        if (regex.isEmpty() && url.mentions(CheckKeywords.REGEX)) {
            return Optional.empty();
        }
        String host = url.get(Keywords.VIRTUALHOST)
                .or(() -> common.inherited(check, Keywords.VIRTUALHOST))
                .orElse(IpAddresses.text(where.address(), where.port()));
        return Optional.of(new Url(
                path.get(),
                host,
                url.get(CheckKeywords.METHOD).orElse("GET"),
                url.all(CheckKeywords.HEADER),
                url.get(CheckKeywords.BODY),
                url.isOn(CheckKeywords.COMPRESSION),
                url.get(CheckKeywords.REDIRECTS).orElse(0L).intValue(),
                url.get(Keywords.STATUS_CODE).orElse(GOOD),
                url.get(Keywords.DIGEST),
                regex,
                url.all(CheckKeywords.JSON).stream()
                        .map(words -> new JsonMatch(words.getFirst(), words.get(1)))
                        .toList(),
                weight));
    }

    private Optional<Regex> regex(Settings url, Origin origin) {
        Optional<PcreExpression> expression = url.get(CheckKeywords.REGEX);
        if (expression.isEmpty()) {
            for (var keyword : List.of(
                    CheckKeywords.REGEX_NO_MATCH,
                    CheckKeywords.REGEX_OPTIONS,
                    CheckKeywords.REGEX_MIN_OFFSET,
                    CheckKeywords.REGEX_MAX_OFFSET)) {
                if (url.mentions(keyword) && !url.mentions(CheckKeywords.REGEX)) {
                    problems.error(
                            url.originOf(keyword, origin),
                            "'" + keyword.name() + "' without 'regex' is ignored",
                            "add: regex EXPRESSION");
                }
            }
            return Optional.empty();
        }
        long min = url.get(CheckKeywords.REGEX_MIN_OFFSET).orElse(0L);
        long max = url.get(CheckKeywords.REGEX_MAX_OFFSET).orElse(0L);
        if (max != 0 && min > max) {
            problems.error(
                    url.originOf(CheckKeywords.REGEX_MIN_OFFSET, origin),
                    "regex_min_offset " + min + " is more than regex_max_offset " + max + "; both are ignored",
                    "");
            min = 0;
            max = 0;
        }
        List<String> options = url.get(CheckKeywords.REGEX_OPTIONS).orElse(List.of());
        try {
            expression.get().validate(options);
            return Optional.of(
                    new Regex(expression.get().text(), options, !url.isOn(CheckKeywords.REGEX_NO_MATCH), min, max));
        } catch (PcreExpression.BadExpressionException e) {
            problems.error(
                    url.originOf(CheckKeywords.REGEX, origin),
                    "the expression " + e.complaint() + "; the url is dropped",
                    e.hint());
            return Optional.empty();
        }
    }
}
