package io.lvsd.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EventFieldsTest {
    private static final long NANOS_PER_MICRO = 1_000;

    @ParameterizedTest
    @CsvSource({
        "0,        0s",
        "999,      0s",
        "1000,     0.001s",
        "12000,    0.012s",
        "120000,   0.12s",
        "500000,   0.5s",
        "999999,   0.999s",
        "1000000,  1s",
        "1049000,  1s",
        "1050000,  1.1s",
        "2500000,  2.5s",
        "9949000,  9.9s",
        "9950000,  10s",
        "10000000, 10s",
        "12900000, 12s",
        "-5000000, 0s"
    })
    void durationsHaveFewDigits(long micros, String text) {
        assertEquals(text, EventFields.seconds(micros * NANOS_PER_MICRO));
    }
}
