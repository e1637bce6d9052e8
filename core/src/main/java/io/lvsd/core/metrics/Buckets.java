package io.lvsd.core.metrics;

import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.stream.DoubleStream;

/** Histograms of durations, with bounds that fit what they measure. */
final class Buckets {
    private static final double SECOND = 1e9;

    /** From a connection in a local network to a slow page. */
    static final Duration[] PROBE = of(CheckStats.BOUNDS.stream().mapToDouble(Double::doubleValue));
    /** From a timer that fired in time to an overloaded host. */
    static final Duration[] DELAY =
            of(DoubleStream.of(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30));
    /** From a step of the engine to the reading of a large table. */
    static final Duration[] WORK =
            of(DoubleStream.of(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10));

    private Buckets() {}

    private static Duration[] of(DoubleStream seconds) {
        return seconds.mapToObj(s -> Duration.ofNanos(Math.round(s * SECOND))).toArray(Duration[]::new);
    }

    static Timer.Builder timer(String name, String description, Duration... bounds) {
        return Timer.builder(name).description(description).serviceLevelObjectives(bounds);
    }
}
