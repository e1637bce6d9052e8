package io.lvsd.checkers.passive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.checkers.passive.BfdSession.State;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.BfdInstance;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Two sessions that talk to each other on a clock that the test moves. */
final class BfdSessionTest {
    private static final long MILLI = 1_000_000;
    private long now = 1;
    private boolean deaf;
    private int sentByA;

    private final BfdSession a = new BfdSession(instance(false, 50, 3), 11, new Random(1), now);
    private BfdSession b = new BfdSession(instance(false, 100, 5), 22, new Random(2), now);

    private static BfdInstance instance(boolean passive, int millis, int multiplier) {
        return new BfdInstance(
                "i",
                IpAddresses.ofBytes(new byte[] {10, 0, 0, 1}),
                Optional.empty(),
                Duration.ofMillis(millis),
                Duration.ofMillis(millis),
                Duration.ofSeconds(1),
                multiplier,
                passive);
    }

    /** Packets arrive at once, unless b is deaf and mute. */
    private void run(long millis) {
        for (long end = now + millis * MILLI; now < end; now += MILLI) {
            Optional<byte[]> fromA = a.tick(now);
            sentByA += fromA.isPresent() ? 1 : 0;
            if (!deaf) {
                fromA.flatMap(p -> b.received(p, now)).ifPresent(p -> a.received(p, now));
                b.tick(now).flatMap(p -> a.received(p, now)).ifPresent(p -> b.received(p, now));
            }
        }
    }

    @Test
    void bothComeUpAndMissingPacketsAreDetectedInTime() {
        run(3_000);
        assertEquals(State.UP, a.state());
        assertEquals(State.UP, b.state());
        sentByA = 0;
        run(1_000);
        assertTrue(sentByA >= 10 && sentByA <= 14, "b takes one in 100 ms, less up to a quarter: " + sentByA);
        deaf = true;
        run(399);
        assertEquals(State.UP, a.state(), "five packets, up to 100 ms apart, may be missed");
        run(102);
        assertEquals(State.DOWN, a.state());
        assertEquals("no packets from the neighbour", a.reason());
        sentByA = 0;
        run(10_000);
        assertTrue(sentByA >= 10 && sentByA <= 14, "no more than one a second while down: " + sentByA);
        deaf = false;
        run(6_000);
        assertEquals(State.UP, a.state());
    }

    @Test
    void aNeighbourThatStartsAnewTakesTheSessionDownAndUpAgain() {
        run(3_000);
        b = new BfdSession(instance(false, 100, 5), 33, new Random(3), now);
        boolean down = false;
        for (int i = 0; i < 3_000; i++) {
            run(1);
            down |= a.state() != State.UP;
        }
        assertTrue(down);
        assertEquals(State.UP, a.state());
    }

    @Test
    void thePassiveOneWaits() {
        BfdSession passive = new BfdSession(instance(true, 50, 3), 44, new Random(4), now);
        for (int i = 0; i < 5_000; i++) {
            assertTrue(passive.tick(now + i * MILLI).isEmpty());
        }
    }

    @Test
    void aPacketIsAsTheRfcDrawsIt() {
        byte[] packet = a.tick(now).orElseThrow();
        assertEquals(
                "2040 0318 0000000b 00000000 000f4240 0000c350 00000000".replace(" ", ""),
                java.util.HexFormat.of().formatHex(packet));
    }

    @Test
    void invalidPacketsAreIgnored() {
        byte[] good = a.tick(now).orElseThrow();
        assertEquals(0, BfdSession.receiver(good));
        for (int[] change : new int[][] {{0, 0x40}, {1, 0x45}, {1, 0xc0}, {2, 0}, {3, 23}, {3, 25}, {7, 0}}) {
            byte[] bad = good.clone();
            bad[change[0]] = (byte) change[1];
            assertEquals(-1, BfdSession.receiver(bad), "byte " + change[0]);
        }
        assertEquals(-1, BfdSession.receiver(new byte[23]));
    }
}
