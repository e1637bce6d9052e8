package io.lvsd.lab.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What is expected of a case.
 *
 * @param what the case, as recorded
 * @param peers the subjects that lvsd is compared with: the best one counts. None: the value itself is limited, or nothing is
 * @param bound whether less or more is better, and the limit
 */
public record Target(String what, List<String> peers, Bound bound) {
    public Target {
        peers = List.copyOf(peers);
    }

    /** The limit of a ratio or value. */
    public sealed interface Bound {
        /** @param each is added to the limit for each real server */
        record AtMost(double limit, double each) implements Bound {}

        record AtLeast(double limit) implements Bound {}

        /** No limit. */
        record None() implements Bound {}
    }

    /** The ratio of lvsd to the best of the peers, where less is better. */
    public static Target ratioAtMost(String what, double limit, String... peers) {
        return new Target(what, List.of(peers), new Bound.AtMost(limit, 0));
    }

    /** The ratio of lvsd to the best of the peers, where more is better. */
    public static Target ratioAtLeast(String what, double limit, String... peers) {
        return new Target(what, List.of(peers), new Bound.AtLeast(limit));
    }

    /** The value of lvsd in the unit of the case. */
    public static Target valueAtMost(String what, double limit) {
        return new Target(what, List.of(), new Bound.AtMost(limit, 0));
    }

    /** The value of lvsd in the unit of the case: a limit that grows with the number of real servers. */
    public static Target valueAtMost(String what, double limit, double each) {
        return new Target(what, List.of(), new Bound.AtMost(limit, each));
    }

    /** A figure without a limit; less is better. */
    public static Target figure(String what, String... peers) {
        return new Target(what, List.of(peers), new Bound.None());
    }

    /** Whether more is better. */
    boolean isMoreBetter() {
        return bound instanceof Bound.AtLeast;
    }

    /** The limit for a size. */
    OptionalDouble limit(long size) {
        return switch (bound) {
            case Bound.AtMost(double limit, double each) -> OptionalDouble.of(limit + each * size);
            case Bound.AtLeast(double limit) -> OptionalDouble.of(limit);
            case Bound.None() -> OptionalDouble.empty();
        };
    }

    /** The limit in words, such as "≤ 0.5". */
    String text(long size) {
        OptionalDouble limit = limit(size);
        return limit.isEmpty()
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%s %s%s",
                        isMoreBetter() ? "≥" : "≤",
                        peers.isEmpty() ? "" : "×",
                        Numbers.text(limit.getAsDouble()));
    }
}
