package io.lvsd.conf.model;

import io.lvsd.conf.check.CheckSpec;
import io.lvsd.conf.check.UnusableCheck;
import io.lvsd.conf.source.Origin;
import java.time.Duration;
import java.util.Optional;

/**
 * One check of one real server: what is asked, and when. What makes it the same check after a reload is its check
 * alone; timing, alpha and logging may change under it.
 *
 * @param alpha whether the server is down until the check has passed once
 * @param smoothing how the words of its server about its own weight are taken; empty: not at all
 * @param origin of its line, or of the line that names its program; a file as a whole if no line made it
 */
public record CheckConfig(
        CheckSpec spec,
        Timing timing,
        boolean alpha,
        boolean logAllFailures,
        Optional<Smoothing> smoothing,
        Origin origin) {
    public CheckConfig(CheckSpec spec, Timing timing, boolean alpha, boolean logAllFailures) {
        this(spec, timing, alpha, logAllFailures, Optional.empty(), Origin.ofFile(""));
    }

    /** The same, written at a certain place. */
    public CheckConfig at(Origin place) {
        return new CheckConfig(spec, timing, alpha, logAllFailures, smoothing, place);
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
     * How a percentage that a server says of itself becomes a share of its configured weight.
     *
     * @param step the most that the share may move at one word, in percent, 1 to 100; 100 does not smooth
     * @param floor least share that a word can lead to, in percent, 0 to 100
     * @param ceiling largest share, in percent, 1 to 1000
     */
    public record Smoothing(int step, int floor, int ceiling) {
        /** Words hold as they are said, up to the configured weight. */
        public static final Smoothing NONE = new Smoothing(100, 0, 100);
    }
}
