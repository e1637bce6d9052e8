package io.lvsd.checkers.transport;

import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Inconclusive;
import io.lvsd.checkers.regex.RegexSearch;
import java.util.LinkedHashMap;
import java.util.concurrent.Executor;

/**
 * How many answers may be kept in memory at once: bodies that are searched, decompressed, and what is kept of heads and
 * messages. Each may have {@link #FREE} bytes; those that need more, and then those that need more than {@link #MEDIUM}, find a
 * place or are not read on until one is free, so thousands of servers with endless answers cost no more memory than a few.
 * Thread-safe.
 */
public final class BodyBufferPermits {
    /** Bytes that are kept of an answer without more ado. */
    static final int FREE = 8 * 1024;
    /** Bytes of an answer in one of the many places; above it there are few, for {@link RegexSearch.MAX_SUBJECT} bytes each. */
    static final int MEDIUM = 48 * 1024;
    /** The share of the heap that each of the two may take, with the room that growing buffers need. */
    private static final int SHARE = 32;

    /** That there was no place for an answer says nothing about its server. */
    public static final ProbeResult NO_PLACE = new Inconclusive("too many large answers at once");

    private final Pool medium;
    private final Pool large;

    /** Places for the heap of this process. */
    public BodyBufferPermits() {
        this(Runtime.getRuntime().maxMemory());
    }

    /** @param heap bytes of it */
    BodyBufferPermits(long heap) {
        medium = new Pool(Math.clamp(heap / SHARE / MEDIUM, 16, 4_096));
        large = new Pool(Math.clamp(heap / SHARE / RegexSearch.MAX_SUBJECT, 4, 256));
    }

    /** Places of one size, given in the order of asking. */
    private static final class Pool {
        private int free;
        private final LinkedHashMap<Claim, Runnable> waiting = new LinkedHashMap<>();

        Pool(int places) {
            free = places;
        }

        /** Takes a place, or has a task run when there is one; true if there was one at once. */
        synchronized boolean take(Claim who, Runnable later) {
            if (free > 0) {
                free--;
                return true;
            }
            waiting.put(who, later);
            return false;
        }

        synchronized void leave(Claim who, boolean held) {
            waiting.remove(who);
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

    /** What one answer wants of one pool. Used by one thread. */
    private static final class Claim {
        private final Pool pool;
        private final Executor thread;
        private final Runnable resume;
        private boolean asked;
        private boolean held;
        private boolean left;

        Claim(Pool pool, Executor thread, Runnable resume) {
            this.pool = pool;
            this.thread = thread;
            this.resume = resume;
        }

        void takeIf(boolean needed) {
            if (needed && !asked) {
                asked = true;
                held = pool.take(this, () -> thread.execute(this::granted));
            }
        }

        private void granted() {
            if (left) {
                pool.leave(this, true);
            } else {
                held = true;
                resume.run();
            }
        }

        boolean isHeldUp() {
            return asked && !held;
        }

        void leave() {
            if (!left && asked) {
                pool.leave(this, held);
            }
            left = true;
        }
    }

    /** The place of one answer, not taken yet. Used by one thread. */
    public final class Place {
        private final Claim some;
        private final Claim much;
        private int kept;

        private Place(Executor thread, Runnable resume) {
            some = new Claim(medium, thread, () -> {
                takeFor(kept);
                if (!isHeldUp()) {
                    resume.run();
                }
            });
            much = new Claim(large, thread, resume);
        }

        /** Takes it for an answer of which so many bytes are kept. */
        public void takeFor(int bytes) {
            kept = bytes;
            some.takeIf(bytes > FREE);
            // In this order only: who holds a large place never waits, so that it is always given back.
            much.takeIf(bytes > MEDIUM && !some.isHeldUp());
        }

        /** Whether nothing may be read now. */
        public boolean isHeldUp() {
            return some.isHeldUp() || much.isHeldUp();
        }

        /** What it has is for others, from now on. */
        public void leave() {
            some.leave();
            much.leave();
        }
    }

    /**
     * For an answer that may be large.
     *
     * @param thread that uses it
     * @param resume goes on reading, there
     */
    public Place place(Executor thread, Runnable resume) {
        return new Place(thread, resume);
    }
}
