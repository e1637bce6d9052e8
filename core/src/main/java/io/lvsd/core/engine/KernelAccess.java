package io.lvsd.core.engine;

import java.time.Duration;

/**
 * Whether the kernel is free for the next plan, and when its table is read next.
 *
 * @param busy a reading or a plan is under way
 * @param waitForRead nothing may be planned before the next reading
 * @param nextRead monotonic nanoseconds
 * @param since when the reading or the plan that is under way began, monotonic nanoseconds
 */
record KernelAccess(boolean busy, boolean waitForRead, long nextRead, long since) {
    static final KernelAccess IDLE = new KernelAccess(false, false, 0, 0);
    private static final long READ_INTERVAL = Duration.ofSeconds(2).toNanos();
    /** Shorter, as it limits how exactly the delay of the other program is known. */
    private static final long SHADOW_INTERVAL = Duration.ofMillis(500).toNanos();
    /** A reading may take this share of the time: one part of this number. */
    private static final long READ_SHARE = 50;

    boolean isFree() {
        return !busy && !waitForRead;
    }

    boolean isReadDue(long now) {
        return !busy && now - nextRead >= 0;
    }

    KernelAccess idle() {
        return new KernelAccess(false, false, nextRead, since);
    }

    KernelAccess begun(long now) {
        return new KernelAccess(true, waitForRead, nextRead, now);
    }

    /** A reading succeeded; {@code nanos} is how long it took. */
    KernelAccess read(long nanos, long now) {
        return new KernelAccess(false, false, now + Math.max(READ_INTERVAL, nanos * READ_SHARE), since);
    }

    /** A reading succeeded, in shadow mode. */
    KernelAccess readInShadow(long nanos, long now) {
        return new KernelAccess(false, false, now + Math.max(SHADOW_INTERVAL, nanos * READ_SHARE), since);
    }

    /** The kernel could not be read or written: what it did is unknown until the next reading. */
    KernelAccess failed(long now) {
        return new KernelAccess(false, true, now + READ_INTERVAL, since);
    }

    /** A plan was carried out; a failed command requires a reading before the next plan, at once. */
    KernelAccess applied(boolean commandFailed, long now) {
        return new KernelAccess(false, commandFailed, commandFailed ? now : nextRead, since);
    }
}
