package io.lvsd.core.view;

import java.time.Duration;
import java.util.Locale;

/** Durations for people, with the two largest units: {@code 12s}, {@code 3m12s}, {@code 2h05m}, {@code 4d03h}. */
public final class Durations {
    private static final double MILLIS_PER_SECOND = 1_000;

    private Durations() {}

    /** A duration in whole seconds; a negative one counts as 0. */
    public static String text(Duration duration) {
        Duration d = duration.isNegative() ? Duration.ZERO : duration;
        if (d.toDays() > 0) {
            return String.format(Locale.ROOT, "%dd%02dh", d.toDays(), d.toHoursPart());
        }
        if (d.toHours() > 0) {
            return String.format(Locale.ROOT, "%dh%02dm", d.toHours(), d.toMinutesPart());
        }
        return d.toMinutes() > 0
                ? String.format(Locale.ROOT, "%dm%02ds", d.toMinutes(), d.toSecondsPart())
                : d.toSeconds() + "s";
    }

    /** Milliseconds with three significant digits: {@code 0.25 ms}, {@code 31.4 ms}, {@code 2.31 s}. */
    public static String millis(double millis) {
        if (millis >= MILLIS_PER_SECOND) {
            return digits(millis / MILLIS_PER_SECOND) + " s";
        }
        return digits(millis) + " ms";
    }

    private static String digits(double value) {
        String format = value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f";
        return String.format(Locale.ROOT, format, value);
    }
}
