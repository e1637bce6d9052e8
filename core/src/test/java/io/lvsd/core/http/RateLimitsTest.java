package io.lvsd.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Limits with a manual clock. */
final class RateLimitsTest {
    private long now = 1_000_000_000_000L;
    private final RateLimits limits = new RateLimits(10, () -> now);

    private static InetAddress address(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }

    private void pass(long seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds);
    }

    @Test
    void aBurstIsAcceptedAndThenTheRate() throws UnknownHostException {
        InetAddress client = address("192.0.2.1");
        for (int i = 0; i < 30; i++) {
            assertEquals(0, limits.request(client));
        }
        assertEquals(1, limits.request(client));
        assertEquals(0, limits.request(address("192.0.2.2")));
        pass(1);
        for (int i = 0; i < 10; i++) {
            assertEquals(0, limits.request(client));
        }
        assertEquals(1, limits.request(client));
    }

    @Test
    void allAddressesTogetherAreLimited() throws UnknownHostException {
        int accepted = 0;
        for (int i = 0; i < 1_000; i++) {
            accepted += limits.request(address("192.0." + i / 200 + "." + i % 200)) == 0 ? 1 : 0;
        }
        assertEquals(240, accepted);
    }

    @Test
    void wrongTokensOfAnAddressAreLimited() throws UnknownHostException {
        InetAddress client = address("192.0.2.1");
        for (int i = 0; i < 5; i++) {
            assertEquals(0, limits.attempt(client));
            limits.failed(client);
        }
        assertEquals(12, limits.attempt(client));
        pass(12);
        assertEquals(0, limits.attempt(client));
        limits.failed(client);
        assertTrue(limits.attempt(client) > 0);
    }

    @Test
    void aNetworkOfIpv6IsOneAddress() throws UnknownHostException {
        for (int i = 0; i < 5; i++) {
            limits.failed(address("2001:db8:1:2::" + i));
        }
        assertTrue(limits.attempt(address("2001:db8:1:2:ffff::1")) > 0);
        assertEquals(0, limits.attempt(address("2001:db8:1:3::1")));
    }

    /** A client with a correct token is not locked out by the wrong ones of many others. */
    @Test
    void wrongTokensOfAllAddressesAreLimitedButSparesKnownClients() throws UnknownHostException {
        InetAddress known = address("198.51.100.1");
        limits.succeeded(known, "monitoring");
        for (int i = 0; i < 50; i++) {
            limits.failed(address("192.0.2." + i));
        }
        assertTrue(limits.attempt(address("203.0.113.1")) > 0);
        assertEquals(0, limits.attempt(known));
    }

    @Test
    void ownersAreRememberedForTheirAddressOnly() throws UnknownHostException {
        InetAddress known = address("198.51.100.1");
        limits.succeeded(known, "monitoring");
        assertTrue(limits.hasSucceeded(known, "monitoring"));
        assertFalse(limits.hasSucceeded(known, "operations"));
        assertFalse(limits.hasSucceeded(address("198.51.100.2"), "monitoring"));
        for (int i = 0; i < 100; i++) {
            limits.succeeded(known, "owner" + i);
        }
        assertTrue(limits.hasSucceeded(known, "owner14"));
        assertFalse(limits.hasSucceeded(known, "owner15"), "memory is bounded");
    }
}
