package io.lvsd.lab.bench.report;

import java.util.List;

/**
 * An axis of the benchmarks.
 *
 * @param name as an argument of {@code lab/bench}, and in the results
 * @param title a heading
 * @param explanation how it is measured, and what it does not show
 * @param sizes what the sizes count, such as "real servers"
 * @param targets the cases of the report, in its order; recorded cases without a target follow
 */
public record Axis(String name, String title, String explanation, String sizes, List<Target> targets) {
    public Axis {
        targets = List.copyOf(targets);
    }
}
