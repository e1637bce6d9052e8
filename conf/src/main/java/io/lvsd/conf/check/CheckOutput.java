package io.lvsd.conf.check;

import io.lvsd.conf.keyword.BlockBuilder;
import io.lvsd.conf.keyword.Secrets;
import java.time.Duration;

/** The block that a check is written to. */
public record CheckOutput(BlockBuilder block, Secrets secrets, Duration delayLoop, boolean alpha) {}
