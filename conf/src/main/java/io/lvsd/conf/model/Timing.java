package io.lvsd.conf.model;

import java.time.Duration;
import java.util.Optional;

/**
 * When a check runs, and how many results change its state.
 *
 * @param delayLoop from the end of one run to the next; of a script, from its start
 * @param retry consecutive failures tolerated before the check is marked down
 * @param delayBeforeRetry from a tolerated failure to the next probe
 * @param warmup if written, the first run waits a random time up to this
 * @param rise consecutive passes after which a check that is down is marked up, 1 or more
 * @param fastInterval if written, replaces the other two intervals while results in a row may change the state
 */
public record Timing(
        Duration delayLoop,
        long retry,
        Duration delayBeforeRetry,
        Optional<Duration> warmup,
        int rise,
        Optional<Duration> fastInterval) {
    public Timing(Duration delayLoop, long retry, Duration delayBeforeRetry, Optional<Duration> warmup) {
        this(delayLoop, retry, delayBeforeRetry, warmup, 1, Optional.empty());
    }
}
