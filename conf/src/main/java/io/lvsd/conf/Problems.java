package io.lvsd.conf;

import io.lvsd.conf.ConfigProblem.Severity;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects every problem of one load. Used by one thread. */
public final class Problems {
    /** So many are enough to show that a file is not what it should be. */
    private static final int MAX = 10_000;

    /** Each once, though its line may have been repeated. */
    private final Set<ConfigProblem> found = new LinkedHashSet<>();

    private boolean fatal;

    public void error(Origin origin, String text) {
        error(origin, text, "");
    }

    public void error(Origin origin, String text, String hint) {
        add(new ConfigProblem(Severity.ERROR, origin, text, hint));
    }

    private void add(ConfigProblem problem) {
        if (found.size() < MAX) {
            found.add(problem);
        } else if (!fatal) {
            fatal = true;
            found.add(new ConfigProblem(
                    Severity.ERROR, problem.origin(), "more than " + MAX + " problems: the rest is not read", ""));
        }
    }

    public void warning(Origin origin, String text) {
        warning(origin, text, "");
    }

    public void warning(Origin origin, String text, String hint) {
        add(new ConfigProblem(Severity.WARNING, origin, text, hint));
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
