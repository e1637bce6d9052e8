package io.lvsd.lab.bench;

/** Whether {@code lab/bench --quick} tests the benchmarks themselves: few rounds, small sizes. */
final class Quick {
    static final boolean QUICK = "yes".equals(System.getenv("LVSD_BENCH_QUICK"));

    private Quick() {}
}
