package io.lvsd.sorryserver;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Subjects that fail at present, so that the first failure and the recovery of each are logged. Owned by one thread at a time. */
final class Failures<T> {
    private final Map<T, Lasting> lasting = new HashMap<>();

    /**
     * A failure that lasts.
     *
     * @param since monotonic, in nanoseconds
     * @param count attempts that failed
     */
    record Lasting(long since, long count) {
        /** How long it has lasted, as in the log. */
        String duration() {
            return Duration.ofNanos(System.nanoTime() - since).toSeconds() + "s";
        }
    }

    /** A subject failed; true if it did not before. */
    boolean failed(T subject) {
        Lasting before = lasting.get(subject);
        lasting.put(
                subject,
                before == null ? new Lasting(System.nanoTime(), 1) : new Lasting(before.since(), before.count() + 1));
        return before == null;
    }

    /** A subject did not fail; the failure that ended, if there was one. */
    Optional<Lasting> succeeded(T subject) {
        return Optional.ofNullable(lasting.remove(subject));
    }

    /** Forgets other subjects. */
    void retain(Set<T> subjects) {
        lasting.keySet().retainAll(subjects);
    }
}
