package io.lvsd.conf.model;

import java.time.Duration;
import java.util.Optional;

/**
 * When a check runs, and how many outcomes change its verdict.
 *
 * @param delayLoop from the end of one run to the next; of a script, from its start
 * @param retry failures in a row that are borne before the verdict falls
 * @param delayBeforeRetry from a borne failure to the next run
 * @param warmup if written, the first run waits a random time up to this
 * @param rise passes in a row that bring a check up which is down, 1 or more
 * @param fastInterval if written, takes the place of the other two delays while the verdict is about to change
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
