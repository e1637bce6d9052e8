package io.lvsd.core.view;

import io.lvsd.conf.source.ConfigProblem;
import java.util.Locale;
import java.util.Optional;

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
}
