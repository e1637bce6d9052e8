package io.lvsd.conf.model;

import java.time.Duration;
import java.util.Optional;

/**
 * When a check runs.
 *
 * @param delayLoop from the end of one run to the next
 * @param retry failures in a row that are borne before the verdict falls
 * @param delayBeforeRetry from a borne failure to the next run
 * @param warmup if written, the first run waits a random time up to this
 */
public record Timing(Duration delayLoop, long retry, Duration delayBeforeRetry, Optional<Duration> warmup) {}
