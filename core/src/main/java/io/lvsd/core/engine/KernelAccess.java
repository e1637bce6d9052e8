package io.lvsd.core.engine;

import io.lvsd.ipvs.model.ServiceKey;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Whether the kernel is free for the next plan, and when its table is read next. Times are monotonic nanoseconds.
 *
 * @param busy a reading or a plan is under way
 * @param required what has to be read before anything is planned
 * @param nextRead when the next part of the table is read
 * @param since when the reading or the plan that is under way began
 * @param roundSince when the reading of the table began whose parts are being read, or will begin at the earliest
 * @param completeSince every service was read after this time
 */
record KernelAccess(
        boolean busy, Optional<ReadScope> required, long nextRead, long since, long roundSince, long completeSince) {
    static final KernelAccess IDLE = new KernelAccess(false, Optional.empty(), 0, 0, 0, 0);
    private static final long READ_INTERVAL = Duration.ofSeconds(2).toNanos();
    /** Shorter, as it limits how exactly the delay of the other program is known. */
    private static final long SHADOW_INTERVAL = Duration.ofMillis(500).toNanos();
    /** Readings may take this share of a processor: one part of this number. */
    private static final long READ_SHARE = 50;

    /** Nothing is under way at a time, and the whole table was just read. */
    static KernelAccess readAt(long now, boolean shadow) {
        long next = now + (shadow ? SHADOW_INTERVAL : READ_INTERVAL);
        return new KernelAccess(false, Optional.empty(), next, now, next, now);
    }

    boolean isFree() {
        return !busy && required.isEmpty();
    }

    boolean isReadDue(long now) {
        return !busy && (required.isPresent() && !isBroken() || now - nextRead >= 0);
    }

    private boolean isBroken() {
        return required.filter(ReadScope.Whole.class::isInstance).isPresent();
    }

    /**
     * What is read next.
     *
     * @param changed services that lvsd changed since they were read
     */
    ReadScope scope(Set<ServiceKey> changed) {
        return required.orElseGet(() -> new ReadScope.Next(changed));
    }

    KernelAccess idle() {
        return new KernelAccess(false, Optional.empty(), nextRead, since, roundSince, completeSince);
    }

    KernelAccess begun(long now) {
        return new KernelAccess(true, required, nextRead, now, roundSince, completeSince);
    }

    /** A reading succeeded. */
    KernelAccess read(Event.KernelRead reading, boolean shadow, long now) {
        long pause = now + reading.cpuNanos() * READ_SHARE;
        if (!reading.completes()) {
            boolean isRequired = required.isPresent() && nextRead - pause > 0;
            return new KernelAccess(
                    false, Optional.empty(), isRequired ? nextRead : pause, since, roundSince, completeSince);
        }
        long began = reading.part().isEmpty() ? since : roundSince;
        long regular = began + (shadow ? SHADOW_INTERVAL : READ_INTERVAL);
        long next = pause - regular > 0 ? pause : regular;
        return new KernelAccess(false, Optional.empty(), next, since, next, began);
    }

    /** The kernel could not be read or written: what it did is unknown until the next reading. */
    KernelAccess failed(long now) {
        return new KernelAccess(
                false, Optional.of(new ReadScope.Whole()), now + READ_INTERVAL, since, roundSince, completeSince);
    }

    /** A plan was carried out. */
    KernelAccess applied() {
        return new KernelAccess(false, required, nextRead, since, roundSince, completeSince);
    }

    /** A plan was carried out, and some of its commands failed: these services are read before the next plan, at once. */
    KernelAccess applied(Set<ServiceKey> failed) {
        return new KernelAccess(
                false, Optional.of(new ReadScope.Services(failed)), nextRead, since, roundSince, completeSince);
    }
}
