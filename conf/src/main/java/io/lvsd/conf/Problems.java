package io.lvsd.conf;

import io.lvsd.conf.ConfigProblem.Severity;
import java.util.ArrayList;
import java.util.List;

/** Collects every problem of one load. Used by one thread. */
public final class Problems {
    private final List<ConfigProblem> found = new ArrayList<>();
    private boolean fatal;

    public void error(Origin origin, String text) {
        error(origin, text, "");
    }

    public void error(Origin origin, String text, String hint) {
        found.add(new ConfigProblem(Severity.ERROR, origin, text, hint));
    }

    public void warning(Origin origin, String text) {
        warning(origin, text, "");
    }

    public void warning(Origin origin, String text, String hint) {
        found.add(new ConfigProblem(Severity.WARNING, origin, text, hint));
    }

    /** An error after which the configuration must not be used at all. */
    public void fatal(Origin origin, String text, String hint) {
        error(origin, text, hint);
        fatal = true;
    }

    public boolean isFatal() {
        return fatal;
    }

    /** All problems, by place within the order in which files were read. */
    public List<ConfigProblem> all() {
        List<String> files =
                found.stream().map(p -> p.origin().file()).distinct().toList();
        return found.stream()
                .sorted(java.util.Comparator.comparingInt(
                                (ConfigProblem p) -> files.indexOf(p.origin().file()))
                        .thenComparingInt(p -> p.origin().line())
                        .thenComparingInt(p -> p.origin().column()))
                .toList();
    }
}
