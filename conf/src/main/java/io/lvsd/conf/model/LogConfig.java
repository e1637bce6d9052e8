package io.lvsd.conf.model;

import io.lvsd.conf.value.LogFacility;
import io.lvsd.conf.value.LogFormat;
import io.lvsd.conf.value.LogLevel;
import io.lvsd.conf.value.LogTarget;

/**
 * The block {@code log}.
 *
 * @param level of lvsd's own loggers; libraries log warnings and errors
 * @param facility in the targets syslog and journal
 */
public record LogConfig(LogFormat format, LogTarget target, LogLevel level, LogFacility facility) {
    public static final LogConfig DEFAULT =
            new LogConfig(LogFormat.TEXT, LogTarget.STDERR, LogLevel.INFO, LogFacility.DAEMON);

    /** The same format and level on standard error. */
    public LogConfig onStandardError() {
        return new LogConfig(format, LogTarget.STDERR, level, facility);
    }
}
