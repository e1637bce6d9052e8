package io.lvsd.core.host;

import java.time.Duration;

/**
 * Requests a full collection when the heap has grown by half: only a full collection makes the heap smaller and returns memory to
 * the system, such as that of a start or a reload. A collection stops the process for some tenths of a second for each 100 MiB of
 * live objects, so its share of the time is limited.
 */
public final class HeapTrim implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    /** Time for the first results of checks, during which a collection would delay them. */
    private static final Duration START = Duration.ofSeconds(20);

    private static final Duration PAUSE = Duration.ofMinutes(1);
    /** The next collection is at least this many times later than the last one took. */
    private static final int REST = 100;
    /** Growth that is ignored. */
    private static final long SLACK_BYTES = 6L << 20;

    private final Thread thread;

    private HeapTrim(Rule rule) {
        thread = Thread.ofVirtual().name("heap-trim").unstarted(() -> watch(rule));
    }

    /** Decides when to collect. One thread. */
    static final class Rule {
        private long size;
        private long notBefore;

        /** @param size of the heap now, in bytes */
        Rule(long size, long now) {
            this.size = size;
            this.notBefore = now + START.toNanos();
        }

        /**
         * Whether a collection is due.
         *
         * @param bytes size of the heap, used or not
         * @param now monotonic nanoseconds
         */
        boolean isDue(long bytes, long now) {
            return bytes > size + Math.max(SLACK_BYTES, size / 2) && now - notBefore >= 0;
        }

        /** @param bytes size of the heap after a collection */
        void collected(long bytes, long start, long end) {
            size = bytes;
            notBefore = end + Math.max(PAUSE.toNanos(), REST * (end - start));
        }
    }

    /** Watches the heap of this process until it is closed. */
    public static HeapTrim start() {
        HeapTrim trim = new HeapTrim(new Rule(Runtime.getRuntime().totalMemory(), System.nanoTime()));
        trim.thread.start();
        return trim;
    }

    private static void watch(Rule rule) {
        Runtime heap = Runtime.getRuntime();
        try {
            while (true) {
                Thread.sleep(INTERVAL);
                if (rule.isDue(heap.totalMemory(), System.nanoTime())) {
                    long start = System.nanoTime();
                    System.gc();
                    rule.collected(heap.totalMemory(), start, System.nanoTime());
                }
            }
        } catch (InterruptedException _) {
            // It was closed.
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
