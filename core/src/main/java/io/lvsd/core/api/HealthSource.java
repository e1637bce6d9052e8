package io.lvsd.core.api;

import io.lvsd.core.view.HealthReport;

/** Whether the daemon itself works. Any thread; never blocks. */
public interface HealthSource {
    /** Whether engine and probes make progress. */
    HealthReport liveness();

    /** Whether the table is what configuration and checks want. */
    HealthReport readiness();
}
