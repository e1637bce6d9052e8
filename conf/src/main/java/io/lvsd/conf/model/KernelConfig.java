package io.lvsd.conf.model;

import io.lvsd.conf.value.StopFlush;
import io.lvsd.conf.value.SyncDaemonConfig;
import io.lvsd.conf.value.Timeouts;
import java.util.Optional;

/**
 * Settings of the table as a whole.
 *
 * @param timeouts empty: the kernel's values are kept
 * @param syncDaemon empty: not managed by lvsd
 * @param flush whether foreign services are removed at start, after ours are in place
 * @param stopFlush what a stop removes
 */
public record KernelConfig(
        Optional<Timeouts> timeouts, Optional<SyncDaemonConfig> syncDaemon, boolean flush, StopFlush stopFlush) {
    public static final KernelConfig NONE = new KernelConfig(Optional.empty(), Optional.empty(), false, StopFlush.NONE);

    /** Whether timeouts and sync daemons are not managed. */
    public boolean isNone() {
        return timeouts.isEmpty() && syncDaemon.isEmpty();
    }
}
