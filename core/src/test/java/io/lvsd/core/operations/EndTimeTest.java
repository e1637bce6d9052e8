package io.lvsd.core.operations;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EndTimeTest {
    private static final ZonedDateTime NOW = ZonedDateTime.parse("2026-05-01T12:00:00+02:00[Europe/Berlin]");

    @ParameterizedTest
    @CsvSource({
        "2h, 2026-05-01T12:00:00Z",
        "90m, 2026-05-01T11:30:00Z",
        "1h30m, 2026-05-01T11:30:00Z",
        "45s, 2026-05-01T10:00:45Z",
        "2d, 2026-05-03T10:00:00Z",
        "12:01, 2026-05-01T10:01:00Z",
        "06:00, 2026-05-02T04:00:00Z",
        "12:00, 2026-05-02T10:00:00Z",
        "23:59:30, 2026-05-01T21:59:30Z",
        "2026-05-02T06:00, 2026-05-02T04:00:00Z",
        "2026-05-02 06:00, 2026-05-02T04:00:00Z",
        "2026-05-02T06:00:00Z, 2026-05-02T06:00:00Z",
        "2026-05-02T06:00+09:00, 2026-05-01T21:00:00Z",
        "2020-01-01T00:00:00Z, 2020-01-01T00:00:00Z"
    })
    void everyFormIsParsed(String text, Instant end) {
        assertEquals(Optional.of(end), EndTime.parse(text, NOW));
    }

    @Test
    void theEndOfADurationIsAWholeSecond() {
        assertEquals(Optional.of(Instant.parse("2026-05-01T12:00:01Z")), EndTime.parse("2h", NOW.plusNanos(1)));
    }

    /** The night in which a time of day occurs twice, or not at all. */
    @ParameterizedTest
    @CsvSource({
        "2026-03-28T20:00:00+01:00[Europe/Berlin], 02:30, 2026-03-29T01:30:00Z",
        "2026-10-24T20:00:00+02:00[Europe/Berlin], 02:30, 2026-10-25T00:30:00Z",
        "2026-03-28T20:00:00+01:00[Europe/Berlin], 06:00, 2026-03-29T04:00:00Z"
    })
    void aTimeOfDayIsLocal(ZonedDateTime now, String text, Instant end) {
        assertEquals(Optional.of(end), EndTime.parse(text, now));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "h", "0h", "-2h", "2x", "2h30", "24:00", "6", "6:00", "tomorrow", "2026-05-02"})
    void otherTextsAreNotParsed(String text) {
        assertEquals(Optional.empty(), EndTime.parse(text, NOW));
    }
}
