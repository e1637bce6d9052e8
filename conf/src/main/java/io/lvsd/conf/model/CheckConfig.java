package io.lvsd.conf.model;

import io.lvsd.conf.check.CheckSpec;
import io.lvsd.conf.check.UnusableCheck;
import java.time.Duration;
import java.util.Optional;

/**
 * One check of one real server: what is probed, and when. After a reload it is the same check if its specification is
 * the same; timing, alpha and logging may change under it.
 *
 * @param alpha whether the server is down until the check has passed once
 * @param smoothing how reports of the server about its weight are applied; empty: it reports none
 */
public record CheckConfig(
        CheckSpec spec, Timing timing, boolean alpha, boolean logAllFailures, Optional<Smoothing> smoothing) {
    public CheckConfig(CheckSpec spec, Timing timing, boolean alpha, boolean logAllFailures) {
        this(spec, timing, alpha, logAllFailures, Optional.empty());
    }

    /** A check that never runs: its server is down until another configuration has a check for it, unless it was up before. */
    public static CheckConfig unusable(UnusableCheck spec) {
        Timing never = new Timing(Duration.ofSeconds(1), 0, Duration.ofSeconds(1), Optional.empty());
        return new CheckConfig(spec, never, true, false);
    }

    /** The keyword that made it. */
    public String kind() {
        return spec.kind();
    }

    /**
     * How a reported percentage changes the effective weight of a server.
     *
     * @param step maximum change of the percentage at one report, in percent, 1 to 100; 100 does not smooth
     * @param floor minimum percentage, in percent, 0 to 100
     * @param ceiling maximum percentage, in percent, 1 to 1000
     */
    public record Smoothing(int step, int floor, int ceiling) {
        /** Reports apply unchanged, up to the configured weight. */
        public static final Smoothing NONE = new Smoothing(100, 0, 100);
    }
}
