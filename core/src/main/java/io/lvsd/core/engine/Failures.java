package io.lvsd.core.engine;

import io.lvsd.core.engine.DaemonEvent.Level;
import io.lvsd.ipvs.model.ServiceKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * Conditions that last, each with one log event when it begins or its reason changes ({@code X.failed}) and one when it ends
 * ({@code X.recovered count=N for=S}), however often the same attempt fails in between.
 *
 * @param active by subject
 */
public record Failures(PMap<String, Failure> active) {
    static final Failures NONE = new Failures(HashTreePMap.empty());

    /**
     * A condition that lasts.
     *
     * @param event the common part of its two log events
     * @param service the service that it is about, if it is about one
     * @param since monotonic nanoseconds
     * @param count how many attempts have failed
     */
    public record Failure(String event, Optional<ServiceKey> service, String reason, long since, long count) {}

    /**
     * An attempt failed.
     *
     * @param fields of the log event besides subject and service
     */
    Failures failed(String subject, Failure failure, Level level, List<Effect> effects, Object... fields) {
        Failure known = active.get(subject);
        if (known == null || !known.reason().equals(failure.reason())) {
            EventFields line = about(subject, failure);
            for (int i = 0; i < fields.length; i += 2) {
                line.with(fields[i].toString(), fields[i + 1]);
            }
            effects.add(new Effect.Publish(line.event(level, failure.event() + ".failed")));
        }
        Failure next = known == null
                ? failure
                : new Failure(failure.event(), failure.service(), failure.reason(), known.since(), known.count() + 1);
        return new Failures(active.plus(subject, next));
    }

    /** An attempt succeeded, or the subject is no longer needed. */
    Failures recovered(String subject, long now, List<Effect> effects) {
        Failure known = active.get(subject);
        if (known == null) {
            return this;
        }
        EventFields line = about(subject, known)
                .with("count", known.count())
                .with("for", Duration.ofNanos(now - known.since()).toSeconds() + "s");
        effects.add(new Effect.Publish(line.event(Level.INFO, known.event() + ".recovered")));
        return new Failures(active.minus(subject));
    }

    /** The fields that both log events of a condition have. */
    private static EventFields about(String subject, Failure failure) {
        EventFields fields = new EventFields().with("subject", subject);
        failure.service().ifPresent(key -> fields.with("service", key));
        return fields;
    }

    /** Ends the failures of one kind of event that a predicate on subject and service selects. */
    Failures ended(
            String event, Predicate<java.util.Map.Entry<String, Failure>> which, long now, List<Effect> effects) {
        Failures next = this;
        for (var entry : active.entrySet()) {
            if (entry.getValue().event().equals(event) && which.test(entry)) {
                next = next.recovered(entry.getKey(), now, effects);
            }
        }
        return next;
    }
}
