package io.lvsd.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.value.LogLevel;
import io.lvsd.core.log.format.LogRecord;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RateLimitTest {
    private static final long MINUTE = RateLimit.WINDOW.toNanos();

    private final RateLimit limit = new RateLimit();

    private static LogRecord line(LogLevel level, String event, String... fields) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            map.put(fields[i], fields[i + 1]);
        }
        return LogRecord.of(Instant.EPOCH, level, event, map);
    }

    private int admitted(int lines, LogRecord line) {
        int admitted = 0;
        for (int i = 0; i < lines; i++) {
            admitted += limit.admits(line, i) ? 1 : 0;
        }
        return admitted;
    }

    private static List<String> texts(List<LogRecord> lines) {
        return lines.stream()
                .map(l -> l.level() + " " + l.event() + " " + l.fields())
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "check.failing, 10",
        "rs.up, 60",
        "rs.down, 60",
        "vs.down, 60",
        "sorry.on, 60",
        "rs.override, 1000",
        "config.problem, 1000",
        "daemon.ready, 1000",
        "log.level, 1000",
        "webhook.failed, 10"
    })
    void anEventHasItsLimit(String event, int expected) {
        assertEquals(expected, admitted(1_000, line(LogLevel.WARN, event, "vs", "a", "rs", "b")));
    }

    @Test
    void theEndOfTheMinuteReportsWhatWasSuppressed() {
        assertEquals(10, admitted(25, line(LogLevel.INFO, "check.failing", "vs", "a", "rs", "b", "n", "1")));
        assertEquals(List.of(), texts(limit.ended(MINUTE - 1, Instant.EPOCH)));
        assertEquals(
                List.of("INFO log.suppressed {vs=a, rs=b, line=check.failing, count=15, for=60s}"),
                texts(limit.ended(MINUTE + 1, Instant.EPOCH)));
        assertTrue(limit.admits(line(LogLevel.INFO, "check.failing", "vs", "a", "rs", "b"), MINUTE + 2));
        assertEquals(List.of(), texts(limit.endAll(Instant.EPOCH)), "nothing suppressed, nothing reported");
    }

    /** The level and the servers are those of the first line; fields of other names are not reported. */
    @Test
    void aReportAboutLinesWithoutARealServerHasNone() {
        assertEquals(10, admitted(12, line(LogLevel.WARN, "vs.stalled", "vs", "a", "reason", "x")));
        assertEquals(
                List.of("WARN log.suppressed {vs=a, line=vs.stalled, count=2, for=60s}"),
                texts(limit.ended(MINUTE + 1, Instant.EPOCH)));
    }

    @Test
    void eachServerHasALimitOfItsOwn() {
        assertEquals(10, admitted(50, line(LogLevel.INFO, "check.failing", "vs", "a", "rs", "b")));
        assertEquals(10, admitted(50, line(LogLevel.INFO, "check.failing", "vs", "a", "rs", "c")));
    }

    @Test
    void fieldsOfALineAboutAServerDoNotAvoidTheLimit() {
        int admitted = 0;
        for (int i = 0; i < 50; i++) {
            admitted +=
                    limit.admits(line(LogLevel.INFO, "check.failing", "vs", "a", "rs", "b", "got", "" + i), i) ? 1 : 0;
        }
        assertEquals(10, admitted);
    }

    @Test
    void linesThatDifferAreNotOneKind() {
        for (int i = 0; i < 50; i++) {
            assertTrue(limit.admits(line(LogLevel.WARN, "track_file.failed", "file", "/f" + i), i));
        }
    }

    @Test
    void detailsAndTextsOfLibrariesAreNotLimited() {
        assertEquals(500, admitted(500, line(LogLevel.DEBUG, "probe.finished", "vs", "a", "rs", "b")));
        LogRecord text = new LogRecord(Instant.EPOCH, LogLevel.WARN, "", "text", new LinkedHashMap<>(), "io.netty", "");
        assertEquals(500, admitted(500, text));
    }

    @Test
    void theEndOfTheDaemonReportsAsWell() {
        assertEquals(10, admitted(11, line(LogLevel.WARN, "mail.failed", "server", "x")));
        assertEquals(
                List.of("WARN log.suppressed {line=mail.failed, count=1, for=60s}"),
                texts(limit.endAll(Instant.EPOCH)));
        assertFalse(limit.next().isPresent());
    }
}
