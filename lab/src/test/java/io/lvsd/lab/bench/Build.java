package io.lvsd.lab.bench;

import io.lvsd.bench.Recorder;
import java.nio.file.Path;
import java.util.List;

/**
 * A build of lvsd that is measured.
 *
 * @param name its subject in the results
 * @param root of its checkout
 */
record Build(String name, Path root) {
    private static final String BEFORE = "LVSD_BENCH_BEFORE";

    /** This checkout. */
    static final Build CURRENT = new Build(Recorder.LVSD, Path.of("").toAbsolutePath());

    /** This checkout, and the one to compare with if {@code lab/bench --before} names one. */
    static List<Build> all() {
        String before = System.getenv(BEFORE);
        return before == null || before.isEmpty()
                ? List.of(CURRENT)
                : List.of(CURRENT, new Build("before", Path.of(before).toAbsolutePath()));
    }

    String launcher() {
        return root.resolve("lvsd").toString();
    }
}
