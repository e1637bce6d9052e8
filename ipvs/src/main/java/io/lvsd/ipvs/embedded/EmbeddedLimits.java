package io.lvsd.ipvs.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
    /** Descriptors that are left to probes, the control socket and the rest of the daemon. */
    private static final long OTHER_DESCRIPTORS = 512;
    /** Heap of a connection, measured and rounded up; half of the heap is for them. */
    private static final long HEAP_PER_CONNECTION = 2_048;

    public EmbeddedLimits {
        if (connections < 1 || connectionsPerSource < 1 || sessions < 1 || sessionsPerSource < 1) {
            throw new IllegalArgumentException("limits start at 1");
        }
    }

    /** What this process has descriptors and heap for: a third of the descriptors for UDP; one source may have half. */
    public static EmbeddedLimits ofThisProcess() {
        long descriptors = Math.max(64, openFiles() - OTHER_DESCRIPTORS);
        long byHeap = Runtime.getRuntime().maxMemory() / 2 / HEAP_PER_CONNECTION;
        int connections = Math.clamp(Math.min(descriptors / 3, byHeap), 16, MAX);
        int sessions = Math.clamp(Math.min(descriptors / 3, byHeap / 2), 16, MAX);
        return new EmbeddedLimits(connections, connections / 2, sessions, sessions / 2);
    }

    /** The soft limit of open files, {@code RLIMIT_NOFILE}. */
    private static long openFiles() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
                if (line.startsWith("Max open files")) {
                    String soft = line.split("\\s+")[3];
                    return soft.equals("unlimited") ? Integer.MAX_VALUE : Long.parseLong(soft);
                }
            }
        } catch (IOException | NumberFormatException _) {
            // Without /proc the usual limit is assumed.
        }
        return 1_024;
    }
}
