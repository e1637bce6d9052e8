package io.lvsd.snmp.agentx;

import java.time.Duration;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * A condition that lasts, for its two log lines: {@code X.failed} at the first failure, and {@code X.recovered count=N for=S}
 * after the last one. Used by one thread.
 */
final class LastingTrouble {
    private long count;
    private long since;

    /** Records a failure. Returns true for the first one, which is to be logged. */
    boolean failed() {
        if (count == 0) {
            since = System.nanoTime();
        }
        return count++ == 0;
    }

    boolean isActive() {
        return count > 0;
    }

    /** Ends the condition. Adds {@code count=N for=Ss} to its last log line. */
    LoggingEventBuilder recovered(LoggingEventBuilder line) {
        long failures = count;
        count = 0;
        Duration lasted = Duration.ofNanos(System.nanoTime() - since);
        return line.addKeyValue("count", failures).addKeyValue("for", lasted.toSeconds() + "s");
    }
}
