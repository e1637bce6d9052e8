package io.lvsd.conf.check;

import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.source.Origin;
import java.time.Duration;
import java.util.Optional;

/**
 * A check that was read, without the values that it inherits.
 *
 * @param settings of its block; empty: it inherits nothing
 * @param retry defaults of a check whose probes are repeated; empty: it is not probed
 * @param origin of the line that names its program
 */
public record CheckDraft(
        CheckSpec spec, Optional<Settings> settings, Optional<RetryDefaults> retry, Optional<Origin> origin) {
    private static final Duration SECOND = Duration.ofSeconds(1);

    /**
     * Values of checks that do not inherit any.
     *
     * @param retry tolerated failures
     * @param delay from a tolerated failure to the next probe
     */
    public record RetryDefaults(long retry, Duration delay) {}

    /** A check that tolerates one failure and is retried after a second. */
    public static CheckDraft probed(CheckSpec spec, Settings settings) {
        return probed(spec, settings, 1, SECOND);
    }

    /** A check whose probes are repeated. */
    public static CheckDraft probed(CheckSpec spec, Settings settings, long retry, Duration delay) {
        return new CheckDraft(
                spec, Optional.of(settings), Optional.of(new RetryDefaults(retry, delay)), Optional.empty());
    }

    /** A check that reports its results without being probed. */
    public static CheckDraft passive(CheckSpec spec, Optional<Settings> settings) {
        return new CheckDraft(spec, settings, Optional.empty(), Optional.empty());
    }

    /** The same with an origin. */
    public CheckDraft at(Origin place) {
        return new CheckDraft(spec, settings, retry, Optional.of(place));
    }
}
