package io.lvsd.checkers.transport;

import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Inconclusive;
import io.lvsd.checkers.regex.RegexSearch;
import java.util.LinkedHashMap;
import java.util.concurrent.Executor;

/**
 * Limits the memory for responses: bodies that are searched or decompressed, and the headers and messages that are read.
 * Each response may have {@link #FREE} bytes. One that needs more, and again one that needs more than {@link #MEDIUM}, needs
 * a permit and is not read further until one is free, so that thousands of servers with endless responses need no more
 * memory than a few. Thread-safe.
 */
public final class BodyBufferPermits {
    /** Bytes of a response without a permit. */
    static final int FREE = 8 * 1024;
    /** Bytes of a response with a medium permit; a large permit is for {@link RegexSearch#MAX_SUBJECT} bytes. */
    static final int MEDIUM = 48 * 1024;
    /** Each of the two pools may take this fraction of the heap, twice while buffers grow. */
    private static final int SHARE = 32;

    /** The result of a probe that waited for a permit until its deadline. */
    public static final ProbeResult NONE_FREE = new Inconclusive("too many large responses at the same time");

    private final Pool medium;
    private final Pool large;

    /** For the heap of this process. */
    public BodyBufferPermits() {
        this(Runtime.getRuntime().maxMemory());
    }

    /** @param heap in bytes */
    BodyBufferPermits(long heap) {
        medium = new Pool(Math.clamp(heap / SHARE / MEDIUM, 16, 4_096));
        large = new Pool(Math.clamp(heap / SHARE / RegexSearch.MAX_SUBJECT, 4, 256));
    }

    /** Permits of one size, granted in the order of the requests. */
    private static final class Pool {
        private int free;
        private final LinkedHashMap<Claim, Runnable> waiting = new LinkedHashMap<>();

        Pool(int permits) {
            free = permits;
        }

        /** Takes a permit and returns true, or runs a task when one is free. */
        synchronized boolean acquire(Claim claim, Runnable later) {
            if (free > 0) {
                free--;
                return true;
            }
            waiting.put(claim, later);
            return false;
        }

        synchronized void release(Claim claim, boolean held) {
            waiting.remove(claim);
            if (!held) {
                return;
            }
            var next = waiting.pollFirstEntry();
            if (next == null) {
                free++;
            } else {
                next.getValue().run();
            }
        }
    }

    /** The request of one response to one pool. Used by one thread. */
    private static final class Claim {
        private final Pool pool;
        private final Executor thread;
        private final Runnable resume;
        private boolean requested;
        private boolean held;
        private boolean released;

        Claim(Pool pool, Executor thread, Runnable resume) {
            this.pool = pool;
            this.thread = thread;
            this.resume = resume;
        }

        void acquireIf(boolean needed) {
            if (needed && !requested) {
                requested = true;
                held = pool.acquire(this, () -> thread.execute(this::granted));
            }
        }

        private void granted() {
            if (released) {
                pool.release(this, true);
            } else {
                held = true;
                resume.run();
            }
        }

        boolean isWaiting() {
            return requested && !held;
        }

        void release() {
            if (!released && requested) {
                pool.release(this, held);
            }
            released = true;
        }
    }

    /** The permit of one response, not acquired yet. Used by one thread. */
    public final class Permit {
        private final Claim mediumClaim;
        private final Claim largeClaim;
        private int buffered;

        private Permit(Executor thread, Runnable resume) {
            mediumClaim = new Claim(medium, thread, () -> {
                acquire(buffered);
                if (!isWaiting()) {
                    resume.run();
                }
            });
            largeClaim = new Claim(large, thread, resume);
        }

        /** Acquires what so many bytes of the response in memory need. */
        public void acquire(int bytes) {
            buffered = bytes;
            mediumClaim.acquireIf(bytes > FREE);
            // In this order only: the holder of a large permit never waits, so it always releases it.
            largeClaim.acquireIf(bytes > MEDIUM && !mediumClaim.isWaiting());
        }

        /** Whether nothing may be read until a permit is free. */
        public boolean isWaiting() {
            return mediumClaim.isWaiting() || largeClaim.isWaiting();
        }

        /** Releases what was acquired; nothing is acquired any more. */
        public void release() {
            mediumClaim.release();
            largeClaim.release();
        }
    }

    /**
     * A permit for a response that may become large.
     *
     * @param thread that uses the permit
     * @param resume continues to read; called on that thread
     */
    public Permit permit(Executor thread, Runnable resume) {
        return new Permit(thread, resume);
    }
}
