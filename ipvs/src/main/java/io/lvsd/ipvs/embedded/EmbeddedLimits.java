package io.lvsd.ipvs.embedded;

/**
 * How much may be open at once. Over a limit, the longest idle of those it is about has to go.
 *
 * @param connections TCP connections in all; each takes two descriptors
 * @param connectionsPerSource TCP connections of one client address
 * @param sessions UDP sessions in all; each takes one descriptor
 * @param sessionsPerSource UDP sessions of one client address
 */
public record EmbeddedLimits(int connections, int connectionsPerSource, int sessions, int sessionsPerSource) {
    private static final int MAX = 200_000;
    /** Heap of a connection, measured and rounded up; half of the heap is for them. */
    private static final long HEAP_PER_CONNECTION = 2_048;

    public EmbeddedLimits {
        if (connections < 1 || connectionsPerSource < 1 || sessions < 1 || sessionsPerSource < 1) {
            throw new IllegalArgumentException("limits must be 1 or more");
        }
    }

    /**
     * The limits that fit into a number of descriptors and a heap: a third of the descriptors is for UDP; one source may have
     * half.
     *
     * @param descriptors that connections and sessions together may take, 3 or more
     * @param heap bytes of the whole heap, of which connections may take half
     */
    public static EmbeddedLimits within(int descriptors, long heap) {
        long byHeap = Math.max(16, heap / 2 / HEAP_PER_CONNECTION);
        int connections = Math.clamp(Math.min(descriptors / 3, byHeap), 1, MAX);
        int sessions = Math.clamp(Math.min(descriptors / 3, byHeap / 2), 1, MAX);
        return new EmbeddedLimits(connections, Math.max(1, connections / 2), sessions, Math.max(1, sessions / 2));
    }
}
