package io.lvsd.conf.keyword;

import static io.lvsd.conf.keyword.Scope.LOG;
import static io.lvsd.conf.keyword.Scope.LVSD;

import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.value.LogFacility;
import io.lvsd.conf.value.LogFormat;
import io.lvsd.conf.value.LogLevel;
import io.lvsd.conf.value.LogTarget;
import java.util.List;

/** The block {@code log} and its keywords. */
public final class LogKeywords {
    public static final Keyword<Statement> BLOCK = Keyword.of(
            "log", LVSD, BlockTypes.block(LOG, Shape.Simple.OBJECT), "text to stderr", "The log of the daemon.");
    public static final Keyword<LogFormat> FORMAT = Keyword.of(
            "format",
            LOG,
            TextTypes.lowerCase(LogFormat.values()),
            "text",
            "Form of a log line: key=value pairs, a JSON object, or keepalived's text where keepalived has one for the"
                    + " event.");
    public static final Keyword<LogTarget> TARGET = Keyword.of(
            "target",
            LOG,
            TextTypes.lowerCase(LogTarget.values()),
            "stderr",
            "Where the log is written: standard error, systemd's journal with a field for each key, or the local syslog"
                    + " socket. stderr is used while the target cannot be reached.");
    public static final Keyword<LogLevel> LEVEL = Keyword.of(
            "level",
            LOG,
            TextTypes.lowerCase(LogLevel.values()),
            "info",
            "Lowest level that is logged. 'lvsd log' sets another one until the next reload.");
    public static final Keyword<LogFacility> FACILITY = Keyword.of(
            "facility",
            LOG,
            TextTypes.lowerCase(LogFacility.values()),
            "daemon",
            "Syslog facility for the targets syslog and journal.");

    public static final List<Keyword<?>> ALL = List.of(BLOCK, FORMAT, TARGET, LEVEL, FACILITY);

    private LogKeywords() {}
}
