package io.lvsd.checkers.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.checkers.protocol.http.HttpExchange;
import io.lvsd.conf.check.http.HttpVersion;
import io.lvsd.conf.check.http.Regex;
import io.lvsd.conf.check.http.StatusRange;
import io.lvsd.conf.check.http.Url;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

final class BodyBufferPermitsTest {
    private static final long HEAP = 96L << 20;
    private static final int SMALL = BodyBufferPermits.FREE;
    private static final int HUGE = BodyBufferPermits.MEDIUM + 1;

    private final BodyBufferPermits answers = new BodyBufferPermits(HEAP);
    private final List<Integer> resumed = new ArrayList<>();

    private BodyBufferPermits.Place place(int number) {
        return answers.place(Runnable::run, () -> resumed.add(number));
    }

    private List<BodyBufferPermits.Place> taken(int kept) {
        List<BodyBufferPermits.Place> taken = new ArrayList<>();
        BodyBufferPermits.Place next = place(taken.size());
        for (next.takeFor(kept); !next.isHeldUp(); next.takeFor(kept)) {
            taken.add(next);
            next = place(taken.size());
        }
        next.leave();
        return taken;
    }

    @Test
    void allPlacesTogetherAreASmallShareOfTheHeap() {
        int medium = taken(SMALL + 1).size();
        assertEquals(64, medium);
        assertTrue((long) medium * BodyBufferPermits.MEDIUM <= HEAP / 16, "medium answers");
        int large = new BodyBufferPermitsTest().taken(HUGE).size();
        assertEquals(4, large);
    }

    @Test
    void smallAnswersNeedNone() {
        List<BodyBufferPermits.Place> _ = taken(SMALL + 1);
        BodyBufferPermits.Place small = place(0);
        small.takeFor(SMALL);
        assertFalse(small.isHeldUp());
    }

    @Test
    void whoWaitsGoesOnWhenOneLeavesAndWhoLeftDoesNotTakeIt() {
        List<BodyBufferPermits.Place> taken = taken(HUGE);
        BodyBufferPermits.Place impatient = place(100);
        BodyBufferPermits.Place patient = place(200);
        impatient.takeFor(HUGE);
        patient.takeFor(HUGE);
        assertTrue(impatient.isHeldUp() && patient.isHeldUp());
        impatient.leave();
        taken.getFirst().leave();
        assertEquals(List.of(200), resumed);
        assertFalse(patient.isHeldUp());
        patient.leave();
        patient.leave();
        assertEquals(1, taken(HUGE).size(), "the place that was given back, once");
    }

    /** Otherwise those with a medium place could wait for a large one, and those with a large one for a medium one, for ever. */
    @Test
    void whoWaitsForAMediumPlaceHoldsNoLargeOne() {
        List<BodyBufferPermits.Place> medium = taken(SMALL + 1);
        List<BodyBufferPermits.Place> waiting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            BodyBufferPermits.Place next = place(100 + i);
            next.takeFor(HUGE);
            assertTrue(next.isHeldUp());
            waiting.add(next);
        }
        for (BodyBufferPermits.Place grown : medium.subList(0, 4)) {
            grown.takeFor(HUGE);
            assertFalse(grown.isHeldUp());
        }
        medium.get(10).leave();
        assertEquals(List.of(), resumed, "it has a medium place, and still waits for a large one");
        medium.get(0).leave();
        assertEquals(List.of(100), resumed);
        assertFalse(waiting.getFirst().isHeldUp());
    }

    private static HttpExchange searching(boolean compressed) {
        Url url = new Url(
                "/",
                "h",
                "GET",
                List.of(),
                Optional.empty(),
                compressed,
                0,
                List.of(new StatusRange(200, 200)),
                Optional.empty(),
                Optional.of(new Regex("x", List.of(), true, 0, 0)),
                List.of(),
                Optional.empty());
        return new HttpExchange(url, HttpVersion.V1_1, 80);
    }

    @Test
    void headsAndBodiesCountAndCompressedOnesAsWhatTheyBecome() throws IOException {
        HttpExchange plain = searching(false);
        var _ = plain.received("HTTP/1.1 200 OK\r\nA: ".getBytes(StandardCharsets.US_ASCII));
        var _ = plain.received(new byte[10_000]);
        assertEquals(10_020, plain.buffered(), "the head while it is read");
        var _ = plain.received("\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertEquals(0, plain.buffered(), "and not after that");
        var _ = plain.received(new byte[10_000]);
        assertEquals(10_000, plain.buffered());

        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(body)) {
            gzip.write(new byte[200_000]);
        }
        HttpExchange compressed = searching(true);
        var _ = compressed.received(
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        var _ = compressed.received(body.toByteArray());
        assertEquals(200_000, compressed.buffered());
    }
}
