package io.lvsd.core.log.format;

import io.lvsd.conf.value.LogLevel;

/** Syslog severities, RFC 5424 section 6.2.1. */
public final class Priority {
    private static final int ERROR = 3;
    private static final int WARNING = 4;
    private static final int INFO = 6;
    private static final int DEBUG = 7;

    private Priority() {}

    public static int of(LogLevel level) {
        return switch (level) {
            case ERROR -> ERROR;
            case WARN -> WARNING;
            case INFO -> INFO;
            case DEBUG, TRACE -> DEBUG;
        };
    }
}
