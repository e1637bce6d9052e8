package io.lvsd.core.log.format;

import io.lvsd.checkers.probe.PrintableText;
import io.lvsd.conf.value.LogFacility;
import io.lvsd.conf.value.LogFormat;
import java.nio.charset.StandardCharsets;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * Lines for the local syslog socket, in the form that syslog(3) of the C library sends and that every syslog daemon reads:
 * {@code <PRI>Mmm dd hh:mm:ss TAG[PID]: MESSAGE}.
 *
 * @param pid of this process
 */
public record SyslogDatagram(Lines lines, LogFacility facility, long pid) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ENGLISH);
    /** What syslog daemons accept by default (rsyslog: 8 KiB). */
    private static final int MAX = 8 * 1024;

    /** A datagram for each line; a longer one is cut. */
    public List<byte[]> of(LogRecord record) {
        String head = "<" + (facility.code() * 8 + Priority.of(record.level())) + ">"
                + TIME.format(record.time().atZone(lines.zone())) + " " + lines.identifier() + "[" + pid + "]: ";
        String trace = record.trace().isEmpty() || lines.format() == LogFormat.JSON
                ? ""
                : " trace=" + PrintableText.quoted(record.trace());
        return lines.withLevel(record).stream()
                .map(line -> Utf8.cut((head + line + trace).getBytes(StandardCharsets.UTF_8), MAX))
                .toList();
    }
}
