package io.lvsd.core.http;

import java.time.Duration;

/**
 * Limits for clients of the HTTP endpoint. One client address may have half of the connections. A new connection is always
 * accepted; at the limit it closes the connection that has been idle longest.
 *
 * @param connections open at the same time, 1 or more
 * @param request timeout from the begin of a connection to its first complete request, and for the body of each later one
 * @param idle timeout from a response to the head of the next request of the same connection
 * @param response timeout from a complete request to the end of its response
 * @param body bytes of a request's body
 * @param unsent bytes of all responses that are not sent yet; a single response may exceed it
 * @param requestsPerSecond of one client address, in the long run
 */
public record HttpLimits(
        int connections,
        Duration request,
        Duration idle,
        Duration response,
        int body,
        long unsent,
        int requestsPerSecond) {
    private static final int BODY = 1 << 20;
    private static final int HEAP_SHARE = 16;
    private static final int REQUESTS_PER_SECOND = 100;
    /** Bytes of the request line, and of all header fields together. */
    static final int HEAD = 8_192;
    /** Requests of one connection. */
    static final int REQUESTS = 10_000;

    /** Limits for a number of connections, with default timeouts and a fraction of the heap. */
    public static HttpLimits of(int connections) {
        long heap = Runtime.getRuntime().maxMemory();
        return new HttpLimits(
                connections,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofMinutes(2),
                (int) Math.min(BODY, heap / HEAP_SHARE / HEAP_SHARE),
                heap / HEAP_SHARE,
                REQUESTS_PER_SECOND);
    }

    /** Bytes of incomplete requests on all connections together. */
    long pendingBytes() {
        return (HEAD + (long) body) * Math.min(connections, 8) + HEAD * (long) connections;
    }
}
