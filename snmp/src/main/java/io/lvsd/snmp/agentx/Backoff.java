package io.lvsd.snmp.agentx;

import java.time.Duration;

/** Delays that double up to a limit. Used by one thread. */
final class Backoff {
    private final Duration first;
    private final Duration limit;
    private Duration next;

    Backoff(Duration first, Duration limit) {
        this.first = first;
        this.limit = limit;
        this.next = first;
    }

    /** The delay of the next attempt. */
    Duration next() {
        Duration delay = next;
        Duration doubled = delay.multipliedBy(2);
        next = doubled.compareTo(limit) > 0 ? limit : doubled;
        return delay;
    }

    void reset() {
        next = first;
    }
}
