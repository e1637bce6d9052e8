package io.lvsd.conf.check.http;

import io.lvsd.conf.check.http.HttpTypes.RegexOptions;
import io.lvsd.conf.check.probe.CheckContext;
import io.lvsd.conf.check.regex.PcreExpression;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.value.ProbeAddress;
import java.util.List;
import java.util.Optional;

/** Reads a block {@code url}. */
public final class UrlReader {
    private final Settings check;
    private final ProbeAddress target;
    private final Optional<WeightPart> weight;
    private final CheckContext context;

    /**
     * @param check the block around it
     * @param weight the part of the response that contains the weight
     */
    public UrlReader(Settings check, ProbeAddress target, Optional<WeightPart> weight, CheckContext context) {
        this.check = check;
        this.target = target;
        this.weight = weight;
        this.context = context;
    }

    /** The request; empty, with the reason reported, if it is dropped. */
    public Optional<Url> read(Settings url, Statement block) {
        Optional<String> path = path(url, block.origin());
        if (path.isEmpty()) {
            return Optional.empty();
        }
        Optional<Regex> regex = new RegexReader(url, block.origin(), context.problems()).read();
        if (regex.isEmpty() && url.mentions(HttpKeywords.REGEX)) {
            return Optional.empty();
        }
        String host = url.get(HttpKeywords.VIRTUALHOST)
                .or(() -> context.inherited(check, HttpKeywords.VIRTUALHOST))
                .orElse(IpAddresses.text(target.address(), target.port()));
        return Optional.of(new Url(
                path.get(),
                host,
                url.get(HttpKeywords.METHOD).orElse("GET"),
                url.all(HttpKeywords.HEADER),
                url.get(HttpKeywords.BODY),
                url.isOn(HttpKeywords.COMPRESSION),
                url.get(HttpKeywords.REDIRECTS).orElse(0L).intValue(),
                url.get(HttpKeywords.STATUS_CODE).orElse(StatusCodes.DEFAULT).ranges(),
                url.get(HttpKeywords.DIGEST),
                regex,
                url.all(HttpKeywords.JSON),
                weight));
    }

    private Optional<String> path(Settings url, Origin origin) {
        Problems problems = context.problems();
        Optional<String> path = url.get(HttpKeywords.PATH);
        if (path.isEmpty() && !url.mentions(HttpKeywords.PATH)) {
            problems.error(origin, "'url' requires 'path', the url is dropped", "add: path /");
        }
        if (path.isPresent() && path.get().chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
            problems.error(
                    url.originOf(HttpKeywords.PATH, origin),
                    "invalid path: it contains a blank or control character, the url is dropped",
                    "write %20 for a blank");
            return Optional.empty();
        }
        return path;
    }

    /** Reads the expression of a url. */
    private record RegexReader(Settings url, Origin origin, Problems problems) {
        Optional<Regex> read() {
            Optional<PcreExpression> expression = url.get(HttpKeywords.REGEX);
            if (expression.isEmpty()) {
                reportAlone();
                return Optional.empty();
            }
            List<String> options = url.get(HttpKeywords.REGEX_OPTIONS)
                    .orElse(RegexOptions.NONE)
                    .names();
            long min = url.get(HttpKeywords.REGEX_MIN_OFFSET).orElse(0L);
            long max = url.get(HttpKeywords.REGEX_MAX_OFFSET).orElse(0L);
            boolean conflict = max != 0 && min > max;
            if (conflict) {
                problems.error(
                        url.originOf(HttpKeywords.REGEX_MIN_OFFSET, origin),
                        "regex_min_offset " + min + " is greater than regex_max_offset " + max + ", both are ignored");
            }
            try {
                expression.get().validate(options);
                return Optional.of(new Regex(
                        expression.get().text(),
                        options,
                        !url.isOn(HttpKeywords.REGEX_NO_MATCH),
                        conflict ? 0 : min,
                        conflict ? 0 : max));
            } catch (PcreExpression.BadExpressionException e) {
                problems.error(
                        url.originOf(HttpKeywords.REGEX, origin),
                        "invalid regex: it " + e.complaint() + ", the url is dropped",
                        e.hint());
                return Optional.empty();
            }
        }

        private void reportAlone() {
            for (var keyword : List.of(
                    HttpKeywords.REGEX_NO_MATCH,
                    HttpKeywords.REGEX_OPTIONS,
                    HttpKeywords.REGEX_MIN_OFFSET,
                    HttpKeywords.REGEX_MAX_OFFSET)) {
                if (url.mentions(keyword) && !url.mentions(HttpKeywords.REGEX)) {
                    problems.error(
                            url.originOf(keyword, origin),
                            "'" + keyword.name() + "' requires 'regex', ignored",
                            "add: regex EXPRESSION");
                }
            }
        }
    }
}
