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

    private final BodyBufferPermits permits = new BodyBufferPermits(HEAP);
    private final List<Integer> resumed = new ArrayList<>();

    private BodyBufferPermits.Permit permit(int number) {
        return permits.permit(Runnable::run, () -> resumed.add(number));
    }

    private List<BodyBufferPermits.Permit> taken(int kept) {
        List<BodyBufferPermits.Permit> taken = new ArrayList<>();
        BodyBufferPermits.Permit next = permit(taken.size());
        for (next.acquire(kept); !next.isWaiting(); next.acquire(kept)) {
            taken.add(next);
            next = permit(taken.size());
        }
        next.release();
        return taken;
    }

    @Test
    void allPermitsTogetherAreASmallShareOfTheHeap() {
        int medium = taken(SMALL + 1).size();
        assertEquals(64, medium);
        assertTrue((long) medium * BodyBufferPermits.MEDIUM <= HEAP / 16, "medium answers");
        int large = new BodyBufferPermitsTest().taken(HUGE).size();
        assertEquals(4, large);
    }

    @Test
    void smallResponsesNeedNone() {
        List<BodyBufferPermits.Permit> _ = taken(SMALL + 1);
        BodyBufferPermits.Permit small = permit(0);
        small.acquire(SMALL);
        assertFalse(small.isWaiting());
    }

    @Test
    void aReleasedPermitIsGrantedToTheNextThatStillWaits() {
        List<BodyBufferPermits.Permit> taken = taken(HUGE);
        BodyBufferPermits.Permit impatient = permit(100);
        BodyBufferPermits.Permit patient = permit(200);
        impatient.acquire(HUGE);
        patient.acquire(HUGE);
        assertTrue(impatient.isWaiting() && patient.isWaiting());
        impatient.release();
        taken.getFirst().release();
        assertEquals(List.of(200), resumed);
        assertFalse(patient.isWaiting());
        patient.release();
        patient.release();
        assertEquals(1, taken(HUGE).size(), "the released permit, once");
    }

    /** Otherwise holders of medium permits and of large ones could wait for each other for ever. */
    @Test
    void aRequestThatWaitsForAMediumPermitHoldsNoLargeOne() {
        List<BodyBufferPermits.Permit> medium = taken(SMALL + 1);
        List<BodyBufferPermits.Permit> waiting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            BodyBufferPermits.Permit next = permit(100 + i);
            next.acquire(HUGE);
            assertTrue(next.isWaiting());
            waiting.add(next);
        }
        for (BodyBufferPermits.Permit grown : medium.subList(0, 4)) {
            grown.acquire(HUGE);
            assertFalse(grown.isWaiting());
        }
        medium.get(10).release();
        assertEquals(List.of(), resumed, "it has a medium permit and still waits for a large one");
        medium.get(0).release();
        assertEquals(List.of(100), resumed);
        assertFalse(waiting.getFirst().isWaiting());
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
