package io.lvsd.core.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.model.OperationConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a file says that it is time to reload. */
final class ReloadTimerTest {
    private static final ZoneId VIENNA = ZoneId.of("Europe/Vienna");

    @TempDir
    private Path directory;

    private Instant now = Instant.parse("2026-11-25T12:00:00Z");
    private final List<Instant> reloads = new ArrayList<>();

    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
            return now;
        }
    };

    private final ReloadTimer timer = new ReloadTimer(clock, () -> reloads.add(now));

    @ParameterizedTest
    @CsvSource({
        "13:30:00, 2026-11-25T12:30:00Z",
        "13:00:00, 2026-11-26T12:00:00Z",
        "12:59:59, 2026-11-26T11:59:59Z",
        "12:00:01Z, 2026-11-25T12:00:01Z",
        "12:00:00Z, 2026-11-26T12:00:00Z",
        "26-12-01 00:00:00, 2026-11-30T23:00:00Z",
        "2026-12-01 00:00:00Z, 2026-12-01T00:00:00Z",
        "2020-02-29 01:02:03Z, 2020-02-29T01:02:03Z",
        "2027-03-28 02:30:00, 2027-03-28T01:30:00Z"
    })
    void aLineIsATime(String line, String time) {
        assertEquals(Optional.of(Instant.parse(time)), ReloadTimer.parse(line, now, VIENNA));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"12:00", " 12:00:00", "12:00:00 ", "24:00:00", "12:60:00", "2026-02-30 12:00:00", "12:00:00z", ""
            })
    void whatIsNoTimeIsNone(String line) {
        assertEquals(Optional.empty(), ReloadTimer.parse(line, now, VIENNA));
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("when"), text);
    }

    private void follow(Path file, boolean repeat) {
        timer.follow(new OperationConfig(Optional.empty(), Optional.of(file), repeat, Optional.empty()));
    }

    private void look(long afterSeconds) {
        now = now.plusSeconds(afterSeconds);
        timer.look();
    }

    @Test
    void itReloadsOnceAndDeletesTheFile() throws IOException {
        Path file = file("12:00:10\n");
        follow(file, false);
        look(0);
        look(9);
        assertEquals(List.of(), reloads);
        look(1);
        assertEquals(List.of(now), reloads);
        assertFalse(Files.exists(file));
        look(86_400);
        assertEquals(1, reloads.size());
    }

    @Test
    void aTimeWithoutADateIsEveryDaysIfTheFileIsKept() throws IOException {
        Path file = file("12:00:10");
        follow(file, true);
        look(0);
        look(10);
        look(100);
        assertEquals(1, reloads.size());
        look(86_400 - 100);
        assertEquals(2, reloads.size());
        assertTrue(Files.exists(file));
    }

    @Test
    void aDateThatHasPassedSaysNothing() throws IOException {
        Path file = file("2026-11-25 11:59:59");
        follow(file, false);
        look(0);
        look(100);
        assertEquals(List.of(), reloads);
        assertTrue(Files.exists(file));
    }

    @Test
    void whoChangesTheFileChangesTheTimeAndWhoDeletesItCallsTheReloadOff() throws IOException {
        follow(file("12:00:10"), false);
        look(0);
        Path file = file("12:00:20");
        look(5);
        look(10);
        assertEquals(List.of(), reloads);
        Files.delete(file);
        look(1);
        look(100);
        assertEquals(List.of(), reloads);
        file("nonsense");
        look(1);
        file("13:00:00");
        look(1);
        look(3_600);
        assertEquals(1, reloads.size());
    }
}
