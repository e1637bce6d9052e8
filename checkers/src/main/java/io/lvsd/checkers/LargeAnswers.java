package io.lvsd.checkers;

import java.util.LinkedHashMap;

/**
 * How many answers may be kept in memory to be searched, beyond their first {@link HttpVerdict#SMALL} bytes. Those that find
 * no place are not read on until one is free, so a thousand servers with endless bodies cost no more memory than a few.
 * Thread-safe.
 */
final class LargeAnswers {
    /** The share of the heap that they may take, with the room that growing buffers need. */
    private static final int SHARE = 32;

    private int free = Math.clamp(Runtime.getRuntime().maxMemory() / SHARE / HttpVerdict.SEARCHED, 4, 256);
    private final LinkedHashMap<Object, Runnable> waiting = new LinkedHashMap<>();

    /** Takes a place, or has a task run when there is one; true if there was one at once. */
    synchronized boolean take(Object who, Runnable later) {
        if (free > 0) {
            free--;
            return true;
        }
        waiting.put(who, later);
        return false;
    }

    /**
     * Gives a place back, or waits for one no more.
     *
     * @param held whether it was given one
     */
    synchronized void leave(Object who, boolean held) {
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
