package io.lvsd.core.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.ZonedDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ShadowCommandTest {
    private static final ZonedDateTime NOW = ZonedDateTime.parse("2026-05-01T12:00:00+02:00[Europe/Berlin]");

    @ParameterizedTest
    @CsvSource({
        "10m, 2026-05-01T09:50:00Z",
        "1d, 2026-04-30T10:00:00Z",
        "90s, 2026-05-01T09:58:30Z",
        "11:30, 2026-05-01T09:30:00Z",
        "11:30:15, 2026-05-01T09:30:15Z",
        "2026-04-30 08:00, 2026-04-30T06:00:00Z",
        "2026-04-30T08:00:01, 2026-04-30T06:00:01Z",
        "2026-04-30T08:00:00Z, 2026-04-30T08:00:00Z",
        "2026-04-30 08:00:00+02:00, 2026-04-30T06:00:00Z",
        "yesterday, ''",
        "10, ''",
        "25:00, ''",
        "-5m, ''",
    })
    void timesAreParsed(String text, String expected) {
        assertEquals(
                expected, ShadowCommand.parse(text, NOW).map(Object::toString).orElse(""));
    }
}
