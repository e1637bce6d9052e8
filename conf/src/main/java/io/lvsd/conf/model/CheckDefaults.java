package io.lvsd.conf.model;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a virtual or real server sets for its checks where these do not set it themselves, inherited values included. Shown by
 * SNMP; the checks contain what applies to them.
 *
 * @param retry empty: the default of each type of check
 * @param warmup zero: none
 */
public record CheckDefaults(
        Optional<String> virtualHost,
        boolean alpha,
        OptionalLong retry,
        Duration delayBeforeRetry,
        Duration warmup,
        Duration delayLoop,
        Duration connectTimeout) {}
