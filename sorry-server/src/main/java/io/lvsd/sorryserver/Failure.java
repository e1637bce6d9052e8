package io.lvsd.sorryserver;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;

/** Logs the first of several failures of a subject, and its recovery. Owned by one thread. */
final class Failure<T> {
    private final Logger log;
    private final String event;
    private final String effect;
    private final Map<T, Lasting> lasting = new HashMap<>();

    private record Lasting(long since, long count) {}

    /** @param event without {@code .failed} and {@code .recovered} */
    Failure(Logger log, String event, String effect) {
        this.log = log;
        this.event = event;
        this.effect = effect;
    }

    void failed(T subject, String reason) {
        Lasting before = lasting.get(subject);
        if (before == null) {
            log.atError()
                    .addKeyValue("reason", reason)
                    .addKeyValue("effect", effect)
                    .log(event + ".failed");
        }
        lasting.put(
                subject,
                before == null ? new Lasting(System.nanoTime(), 1) : new Lasting(before.since(), before.count() + 1));
    }

    void succeeded(T subject) {
        Lasting before = lasting.remove(subject);
        if (before != null) {
            log.atInfo()
                    .addKeyValue("count", before.count())
                    .addKeyValue(
                            "for",
                            Duration.ofNanos(System.nanoTime() - before.since()).toSeconds() + "s")
                    .log(event + ".recovered");
        }
    }

    /** Forgets other subjects. */
    void retain(Iterable<T> subjects) {
        Map<T, Lasting> kept = new HashMap<>();
        subjects.forEach(s -> {
            Lasting known = lasting.get(s);
            if (known != null) {
                kept.put(s, known);
            }
        });
        lasting.keySet().retainAll(kept.keySet());
    }
}
