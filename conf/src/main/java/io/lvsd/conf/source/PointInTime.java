package io.lvsd.conf.source;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.util.Optional;

/** Points in time as ISO 8601 text. */
public final class PointInTime {
    /** What is accepted, for messages. */
    public static final String EXPECTED =
            "a time such as 2027-03-01T06:00:00+01:00, or 2027-03-01T06:00 in the time zone of this host";

    private static final DateTimeFormatter FORMAT = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
            .appendPattern("[XXX][XX][X]")
            .toFormatter()
            .withResolverStyle(ResolverStyle.STRICT);
    /** Years with four digits: others are typing errors. */
    private static final int MAX_YEAR = 9999;

    private PointInTime() {}

    /**
     * A date and a time, with an offset from UTC or without; a blank may stand for the {@code T}.
     *
     * @param zone of a time without an offset
     * @return empty for anything else
     */
    public static Optional<Instant> parse(String text, ZoneId zone) {
        try {
            TemporalAccessor time =
                    FORMAT.parseBest(text.strip().replaceFirst(" ", "T"), OffsetDateTime::from, LocalDateTime::from);
            return Optional.of(time)
                    .filter(t -> t.get(java.time.temporal.ChronoField.YEAR) <= MAX_YEAR)
                    .map(t -> t instanceof OffsetDateTime offset
                            ? offset.toInstant()
                            : ((LocalDateTime) t).atZone(zone).toInstant());
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }
}
