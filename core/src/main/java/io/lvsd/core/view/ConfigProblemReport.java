package io.lvsd.core.view;

import io.lvsd.conf.keyword.Secrets;
import io.lvsd.conf.source.ConfigProblem;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A problem of a configuration. The names of the components are those of the JSON.
 *
 * @param line counted from 1; 0 for a file as a whole
 * @param column counted from 1; 0 for a file as a whole
 * @param severity {@code error} or {@code warning}
 * @param hint how to fix it
 * @param source the line
 */
public record ConfigProblemReport(
        String file, int line, int column, String severity, String text, Optional<String> hint, String source) {
    /** The longest one, as a value may contain a quote. */
    private static final Pattern QUOTED = Pattern.compile("'(.*)'");

    public static ConfigProblemReport of(ConfigProblem problem) {
        return new ConfigProblemReport(
                problem.origin().file(),
                problem.origin().line(),
                problem.origin().column(),
                problem.severity().name().toLowerCase(Locale.ROOT),
                problem.text(),
                Optional.of(problem.hint()).filter(h -> !h.isEmpty()),
                problem.origin().sourceLine());
    }

    /**
     * For a reader of the API, who must not see secrets of the file: without values. Of the line, the keyword is left, and of the
     * text, whatever is not quoted.
     */
    public ConfigProblemReport withoutValues() {
        String written = source.strip();
        String keyword = written.split("[^A-Za-z0-9_]", 2)[0];
        String shown = QUOTED.matcher(text)
                .replaceAll(m -> Matcher.quoteReplacement(
                        m.group(1).equals(keyword) ? m.group() : "'" + Secrets.REDACTED + "'"));
        return new ConfigProblemReport(
                file,
                line,
                column,
                severity,
                shown,
                hint,
                written.equals(keyword) ? keyword : keyword + " " + Secrets.REDACTED);
    }
}
