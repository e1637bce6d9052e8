package io.lvsd.core.operations;

import io.lvsd.conf.source.PointInTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The end of something, as an operator writes it. */
public final class EndTime {
    private static final Duration ALMOST_A_SECOND = Duration.ofSeconds(1).minusNanos(1);

    /** What is accepted, for messages. */
    public static final String EXPECTED =
            "a duration such as 2h or 90m, a time of day such as 06:00, or " + PointInTime.EXPECTED;

    private static final Pattern DURATION =
            Pattern.compile("(?=\\d)(?:(\\d{1,4})d)?(?:(\\d{1,5})h)?(?:(\\d{1,7})m)?(?:(\\d{1,9})s)?");

    private EndTime() {}

    /**
     * A duration from now, the next occurrence of a time of day, or a date and a time.
     *
     * @param now with the time zone of times without an offset
     * @return empty if the text is none of them; a date and a time may be in the past
     */
    public static Optional<Instant> parse(String text, ZonedDateTime now) {
        return duration(text)
                .map(d -> wholeSecond(now.toInstant().plus(d)))
                .or(() -> timeOfDay(text).map(time -> next(time, now)))
                .or(() -> PointInTime.parse(text, now.getZone()));
    }

    /** The next whole second. */
    private static Instant wholeSecond(Instant time) {
        return time.plus(ALMOST_A_SECOND).truncatedTo(ChronoUnit.SECONDS);
    }

    private static Optional<Duration> duration(String text) {
        Matcher m = DURATION.matcher(text);
        if (!m.matches()) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofDays(number(m.group(1)))
                        .plusHours(number(m.group(2)))
                        .plusMinutes(number(m.group(3)))
                        .plusSeconds(number(m.group(4))))
                .filter(d -> !d.isZero());
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    private static Optional<LocalTime> timeOfDay(String text) {
        try {
            return text.length() < "06:00".length()
                    ? Optional.empty()
                    : Optional.of(LocalTime.parse(text, DateTimeFormatter.ISO_LOCAL_TIME));
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }

    private static Instant next(LocalTime time, ZonedDateTime now) {
        ZonedDateTime today = now.toLocalDate().atTime(time).atZone(now.getZone());
        return (today.isAfter(now)
                        ? today
                        : now.toLocalDate().plusDays(1).atTime(time).atZone(now.getZone()))
                .toInstant();
    }
}
