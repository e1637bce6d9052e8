package io.lvsd.conf.source;

import io.lvsd.conf.source.ConfigProblem.Kind;
import io.lvsd.conf.source.ConfigProblem.Severity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Collects every problem of one load. Used by one thread. */
public final class Problems {
    /** Maximum number of reported problems in the expansion of one line. */
    public static final int MAX_OF_A_LINE = 100;

    /** Each once, though its line may have been repeated. */
    private final Set<ConfigProblem> found = new LinkedHashSet<>();

    private final Map<Place, Integer> counts = new HashMap<>();

    private final List<HostReference> references = new ArrayList<>();

    private final Set<String> files = new LinkedHashSet<>();

    private ConfigFormat format = ConfigFormat.KEEPALIVED;

    private boolean fatal;

    private int reports;

    public void error(Origin origin, String text) {
        error(origin, text, "");
    }

    public void error(Origin origin, String text, String hint) {
        add(new ConfigProblem(Severity.ERROR, origin, text, hint));
    }

    private void add(ConfigProblem problem) {
        reports++;
        Place place = new Place(problem.origin().file(), problem.origin().line(), problem.severity());
        int count = counts.getOrDefault(place, 0);
        if (count < MAX_OF_A_LINE) {
            counts.merge(place, found.add(problem) ? 1 : 0, Integer::sum);
        } else if (problem.origin().line() == 0) {
            found.add(problem);
        } else {
            found.add(new ConfigProblem(
                    problem.severity(),
                    place.origin(problem),
                    "further problems in the expansion of this line are not shown",
                    "",
                    Kind.SUMMARY));
        }
    }

    /** A line, and the severity of its problems. */
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

    /**
     * A problem that a default or a correction solves, and that {@code keepalived -t} reports: an error in its syntax,
     * so that both give the
     * same result, and a warning in the other.
     */
    public void reportedByKeepalived(Origin origin, String text, String hint) {
        Severity severity = format == ConfigFormat.KEEPALIVED ? Severity.ERROR : Severity.WARNING;
        add(new ConfigProblem(severity, origin, text, hint));
    }

    /** The syntax of the file; without a call, keepalived's. */
    public void syntax(ConfigFormat syntax) {
        format = syntax;
    }

    /** An error after which the configuration must not be used at all. */
    public void fatal(Origin origin, String text, String hint) {
        fatal(origin, text, hint, Kind.ORDINARY);
    }

    /** As {@link #fatal(Origin, String, String)}, of a certain kind. */
    public void fatal(Origin origin, String text, String hint, Kind kind) {
        add(new ConfigProblem(Severity.ERROR, origin, text, hint, kind));
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

    /** A file is being read: its problems come after those of the files before it. */
    public void reading(String file) {
        files.add(file);
    }

    /** A value names something that the host should have. */
    public void refersTo(HostReference reference) {
        references.add(reference);
    }

    /** Those of {@link #refersTo} after the first {@code known} ones, repetitions included. */
    public List<HostReference> referencesAfter(int known) {
        return List.copyOf(references.subList(known, references.size()));
    }

    /** How often {@link #refersTo} was called. */
    public int referenceCount() {
        return references.size();
    }

    /** How many problems were reported, repetitions included. */
    public int reports() {
        return reports;
    }

    /** What the host should have, in the order of the file. */
    public List<HostReference> references() {
        return references.stream().distinct().toList();
    }

    /** The files that were read, in order. */
    public List<String> files() {
        return List.copyOf(files);
    }

    public boolean isFatal() {
        return fatal;
    }

    /** All problems, sorted by position. */
    public List<ConfigProblem> all() {
        return sorted(found, files());
    }

    /**
     * Problems by file, in the order in which files were read, then by line and column. What concerns a file as a whole, and
     * what summarizes others, comes last.
     */
    public static List<ConfigProblem> sorted(Collection<ConfigProblem> problems, List<String> files) {
        Map<String, Integer> order = new HashMap<>();
        files.forEach(f -> order.putIfAbsent(f, order.size()));
        problems.forEach(p -> order.putIfAbsent(p.origin().file(), order.size()));
        return problems.stream()
                .sorted(Comparator.comparing((ConfigProblem p) -> p.origin().line() == 0)
                        .thenComparingInt(
                                p -> Objects.requireNonNull(order.get(p.origin().file())))
                        .thenComparingInt(p -> p.origin().line())
                        .thenComparing(p -> p.kind() == Kind.SUMMARY)
                        .thenComparingInt(p -> p.origin().column()))
                .toList();
    }
}
