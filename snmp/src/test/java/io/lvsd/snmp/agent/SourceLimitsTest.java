package io.lvsd.snmp.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.source.IpAddresses;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

final class SourceLimitsTest {
    private static final long SECOND = 1_000_000_000L;

    private static InetAddress source(int number) {
        return IpAddresses.ofBytes(new byte[] {10, (byte) (number >> 16), (byte) (number >> 8), (byte) number});
    }

    private static int accepted(SourceLimits limits, InetAddress source, int requests, long now) {
        int accepted = 0;
        for (int i = 0; i < requests; i++) {
            accepted += limits.accepts(source, now) ? 1 : 0;
        }
        return accepted;
    }

    @Test
    void aBurstOfOneSecondIsAcceptedAndThenTheRate() {
        SourceLimits limits = new SourceLimits(200);
        assertEquals(200, accepted(limits, source(1), 1_000, 0));
        assertEquals(0, accepted(limits, source(1), 10, 1));
        assertEquals(100, accepted(limits, source(1), 1_000, SECOND / 2));
        assertEquals(200, accepted(limits, source(1), 1_000, 10 * SECOND), "a quiet source gains no more than that");
        assertEquals(200, accepted(limits, source(2), 1_000, 10 * SECOND), "each source has its own limit");
    }

    @Test
    void loopbackAndZeroAreNotLimited() {
        assertEquals(1_000, accepted(new SourceLimits(1), IpAddresses.ofBytes(new byte[] {127, 0, 0, 1}), 1_000, 0));
        assertEquals(1_000, accepted(new SourceLimits(0), source(1), 1_000, 0));
    }

    @Test
    void oneRequestPerSecondIsPossible() {
        SourceLimits limits = new SourceLimits(1);
        assertEquals(1, accepted(limits, source(1), 5, 0));
        assertEquals(1, accepted(limits, source(1), 5, SECOND));
    }

    @Test
    void theMonotonicClockMayBeNegative() {
        SourceLimits limits = new SourceLimits(10);
        assertEquals(10, accepted(limits, source(1), 100, Long.MAX_VALUE - 5));
        assertEquals(0, accepted(limits, source(1), 100, Long.MIN_VALUE));
        assertEquals(10, accepted(limits, source(1), 100, Long.MIN_VALUE + 2 * SECOND));
    }

    @Test
    void theNumberOfSourcesIsLimited() {
        SourceLimits limits = new SourceLimits(1);
        assertTrue(limits.accepts(source(0), 0));
        for (int i = 1; i <= SourceLimits.MAX_SOURCES; i++) {
            assertTrue(limits.accepts(source(i), 0));
        }
        assertTrue(limits.accepts(source(0), 0), "the quietest one was forgotten");
    }
}
