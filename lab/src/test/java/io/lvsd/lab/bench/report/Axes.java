package io.lvsd.lab.bench.report;

import java.util.List;

/** All axes, in the order of the report. An axis also needs a function in {@code lab/bench}. */
final class Axes {
    private static final String REAL_SERVERS = "real servers";
    private static final String KEEPALIVED = "keepalived";

    static final List<Axis> ALL = List.of(new Axis(
            "reload",
            "Reload",
            "Time from SIGHUP until the daemon is at rest again, and the CPU time that it uses for that; the two"
                    + " daemons reload by turns, each with the same table in a network namespace of its own.",
            REAL_SERVERS,
            List.of(
                    Target.ratioAtMost("unchanged, CPU time", 0.2, KEEPALIVED),
                    Target.ratioAtMost("1 % changed, CPU time", 0.5, KEEPALIVED),
                    Target.ratioAtMost("one weight changed, CPU time", 0.2, KEEPALIVED),
                    Target.figure("unchanged, duration", KEEPALIVED),
                    Target.figure("1 % changed, duration", KEEPALIVED),
                    Target.figure("one weight changed, duration", KEEPALIVED))));

    private Axes() {}
}
