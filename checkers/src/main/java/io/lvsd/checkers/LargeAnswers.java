package io.lvsd.checkers;

import io.lvsd.checkers.ProbeOutcome.Inconclusive;
import java.util.LinkedHashMap;
import java.util.concurrent.Executor;

/**
 * How many answers may be kept in memory to be searched, beyond their first {@link HttpVerdict#SMALL} bytes. Those that find
 * no place are not read on until one is free, so a thousand servers with endless bodies cost no more memory than a few.
 * Thread-safe.
 */
final class LargeAnswers {
    /** The share of the heap that they may take, with the room that growing buffers need. */
    private static final int SHARE = 32;

    /** That there was no place for an answer says nothing about its server. */
    static final ProbeOutcome NO_PLACE = new Inconclusive("too many large answers at once");

    private int free = Math.clamp(Runtime.getRuntime().maxMemory() / SHARE / HttpVerdict.SEARCHED, 4, 256);
    private final LinkedHashMap<Place, Runnable> waiting = new LinkedHashMap<>();

    /** The place of one answer, not taken yet. Used by one thread. */
    final class Place {
        private final Executor thread;
        private final Runnable resume;
        private boolean asked;
        private boolean held;
        private boolean left;

        private Place(Executor thread, Runnable resume) {
            this.thread = thread;
            this.resume = resume;
        }

        /** Takes it for an answer that turns out to be large. */
        void takeIf(boolean isLarge) {
            if (isLarge && !asked) {
                asked = true;
                held = take(this, () -> thread.execute(this::granted));
            }
        }

        private void granted() {
            if (left) {
                LargeAnswers.this.leave(this, true);
            } else {
                held = true;
                resume.run();
            }
        }

        /** Whether nothing may be read now. */
        boolean isHeldUp() {
            return asked && !held;
        }

        void leave() {
            left = true;
            if (asked) {
                LargeAnswers.this.leave(this, held);
            }
        }
    }

    /**
     * For an answer that may be large.
     *
     * @param thread that uses it
     * @param resume goes on reading, there
     */
    Place place(Executor thread, Runnable resume) {
        return new Place(thread, resume);
    }

    /** Takes a place, or has a task run when there is one; true if there was one at once. */
    private synchronized boolean take(Place who, Runnable later) {
        if (free > 0) {
            free--;
            return true;
        }
        waiting.put(who, later);
        return false;
    }

    private synchronized void leave(Place who, boolean held) {
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
