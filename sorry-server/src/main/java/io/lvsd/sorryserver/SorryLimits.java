package io.lvsd.sorryserver;

import java.time.Duration;

/**
 * The resources of the clients of the sorry page and of the relay. One client address may have half of the connections: a new
 * one is always accepted, and closes the longest idle connection of its address, so that clients behind one NAT share their
 * half and can always connect.
 *
 * @param pages open connections to the page, 1 or more; each takes one descriptor
 * @param relays open relayed connections, 1 or more; each takes two descriptors
 * @param requestBytes bytes of requests that are not complete, of all connections together, 1 or more
 * @param request from the connection to the complete request
 * @param response from the connection to the end of the response
 * @param pageIdle without a byte in either direction on a connection to the page
 * @param relayIdle without a byte in either direction on a relayed connection
 * @param relayed from the connection to its end, when it is relayed
 */
public record SorryLimits(
        int pages,
        int relays,
        long requestBytes,
        Duration request,
        Duration response,
        Duration pageIdle,
        Duration relayIdle,
        Duration relayed) {
    public SorryLimits {
        if (pages < 1 || relays < 1 || requestBytes < 1) {
            throw new IllegalArgumentException("limits must be 1 or more");
        }
    }

    /** These numbers with the default times. */
    public static SorryLimits of(int pages, int relays, long requestBytes) {
        return new SorryLimits(
                pages,
                relays,
                requestBytes,
                Duration.ofSeconds(10),
                Duration.ofMinutes(1),
                Duration.ofSeconds(15),
                Duration.ofMinutes(1),
                Duration.ofHours(1));
    }
}
