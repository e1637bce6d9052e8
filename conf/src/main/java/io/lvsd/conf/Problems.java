package io.lvsd.conf;

import io.lvsd.conf.ConfigProblem.Severity;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Collects every problem of one load. Used by one thread. */
public final class Problems {
    /** Of one line that stands for many, so many are told. */
    static final int MAX_OF_A_LINE = 100;

    /** Each once, though its line may have been repeated. */
    private final Set<ConfigProblem> found = new LinkedHashSet<>();

    private final Map<Place, Integer> counts = new HashMap<>();

    private boolean fatal;

    public void error(Origin origin, String text) {
        error(origin, text, "");
    }

    public void error(Origin origin, String text, String hint) {
        add(new ConfigProblem(Severity.ERROR, origin, text, hint));
    }

    private void add(ConfigProblem problem) {
        Place place = new Place(problem.origin().file(), problem.origin().line(), problem.severity());
        int count = counts.getOrDefault(place, 0);
        if (count < MAX_OF_A_LINE) {
            counts.merge(place, found.add(problem) ? 1 : 0, Integer::sum);
        } else if (problem.origin().line() == 0) {
            found.add(problem);
        } else {
            found.add(new ConfigProblem(
                    problem.severity(), place.origin(problem), "and more in what this line stands for", ""));
        }
    }

    /** A line, and how bad what is wrong with it is. */
    private record Place(String file, int line, Severity severity) {
        Origin origin(ConfigProblem problem) {
            return new Origin(file, line, 1, problem.origin().sourceLine());
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

    /** The first error reported for a line of a file between two, both included. */
    public Optional<ConfigProblem> firstError(String file, int from, int to) {
        return found.stream()
                .filter(p -> p.isError()
                        && p.origin().file().equals(file)
                        && p.origin().line() >= from
                        && p.origin().line() <= to)
                .findFirst();
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
