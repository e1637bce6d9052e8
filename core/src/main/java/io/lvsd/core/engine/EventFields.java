package io.lvsd.core.engine;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.core.engine.DaemonEvent.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Collects the fields of an event, in order. */
final class EventFields {
    private static final long MILLIS = 1_000;
    private static final long TENTH = 100;
    private static final long TENTHS_UP_TO = 10_000;

    private final List<Object> fields = new ArrayList<>();

    /** A field with a value that is not null. */
    EventFields with(String key, Object value) {
        fields.add(key);
        fields.add(Objects.requireNonNull(value, key));
        return this;
    }

    /** A field that is left out if its value is empty. */
    EventFields withText(String key, String value) {
        return value.isEmpty() ? this : with(key, value);
    }

    /** The servers and the kind of a check. */
    EventFields check(CheckId id) {
        return with("vs", id.vs()).with("rs", id.rs()).with("check", id.kind());
    }

    DaemonEvent event(Level level, String name) {
        return DaemonEvent.of(level, name, fields.toArray());
    }

    /**
     * A duration in seconds: {@code 0.012s}, {@code 2.5s}, {@code 12s}. Milliseconds below a second, tenths below ten, whole
     * seconds above.
     */
    static String seconds(long nanos) {
        long millis = Math.max(0, Duration.ofNanos(nanos).toMillis());
        if (millis >= TENTHS_UP_TO) {
            return millis / MILLIS + "s";
        }
        // Tenths are rounded half up.
        long rounded = millis < MILLIS ? millis : (millis + TENTH / 2) / TENTH * TENTH;
        StringBuilder text = new StringBuilder().append(rounded / MILLIS);
        long fraction = rounded % MILLIS;
        if (fraction > 0) {
            text.append('.');
            for (long unit = TENTH; fraction > 0; unit /= 10) {
                text.append(fraction / unit);
                fraction %= unit;
            }
        }
        return text.append('s').toString();
    }
}
