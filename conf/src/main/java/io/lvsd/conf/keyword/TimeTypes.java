package io.lvsd.conf.keyword;

import io.lvsd.conf.source.DecimalParser;
import io.lvsd.conf.source.PointInTime;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Word;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Value types of times. */
public final class TimeTypes {
    public static final Duration DAY = Duration.ofDays(1);
    /** The smallest time that keepalived knows. */
    public static final Duration MICROSECOND = Duration.ofNanos(1_000);
    /** As keepalived accepts them: a number of microseconds that has 64 bits. */
    public static final Duration U64_MICROS = Duration.ofSeconds(18_446_744_073_709L, 551_614_000);
    /** As keepalived accepts them: a number of microseconds that has 32 bits. */
    public static final Duration U32_MICROS = Duration.ofNanos(4_294_967_295_000L);

    private static final Pattern DECIMAL = Pattern.compile("\\s*\\+?((?=\\.?\\d)\\d{0,14}(?:\\.\\d*)?)");
    /** The longest time in use: a longer one never passes either, and its nanoseconds would not fit a long. */
    private static final Duration MAX = Duration.ofDays(3_650);

    private TimeTypes() {}

    /** A whole number of some unit of time. */
    public static FunctionType<Long> wholeTime(ChronoUnit unit, long min, long max) {
        return NumberTypes.number(min, max).shaped(new Shape.Time(unit));
    }

    /** As {@link #wholeTime}, lenient as {@link NumberTypes#lenientNumber(long, long)}. */
    public static FunctionType<Long> lenientWholeTime(ChronoUnit unit, long min, long max) {
        return NumberTypes.lenientNumber(min, max).shaped(new Shape.Time(unit));
    }

    /** Seconds with up to six decimals and no unit. More than ten years become ten years. */
    public static FunctionType<Duration> seconds(Duration min, Duration max) {
        return decimalTime(new Unit(ChronoUnit.SECONDS, min, max));
    }

    /** Milliseconds with up to three decimals and no unit. */
    public static FunctionType<Duration> milliseconds(Duration min, Duration max) {
        return decimalTime(new Unit(ChronoUnit.MILLIS, min, max));
    }

    /** A unit and the range of a time. */
    private record Unit(ChronoUnit unit, Duration min, Duration max) {
        boolean isSeconds() {
            return unit == ChronoUnit.SECONDS;
        }

        String inWords() {
            return isSeconds() ? "seconds" : "milliseconds";
        }

        String range() {
            return plain(min) + " to " + plain(max) + " " + inWords();
        }

        String form() {
            return inWords().toUpperCase(Locale.ROOT) + " (" + plain(min) + ".." + plain(max) + ")";
        }

        int decimals() {
            return isSeconds() ? 6 : 3;
        }

        private String plain(Duration d) {
            return BigDecimal.valueOf(d.getSeconds())
                    .add(BigDecimal.valueOf(d.getNano(), 9))
                    .movePointRight(isSeconds() ? 0 : 3)
                    .stripTrailingZeros()
                    .toPlainString();
        }
    }

    /** A date with a time, in ISO 8601; without an offset, in the time zone of this host. */
    public static FunctionType<Instant> pointInTime() {
        return TextTypes.parsed(
                "TIME", text -> PointInTime.parse(text, ZoneId.systemDefault()), "time", PointInTime.EXPECTED);
    }

    private static FunctionType<Duration> decimalTime(Unit unit) {
        String form = unit.form();
        FunctionType<Duration> type = FunctionType.of(
                form,
                (statement, problems) -> TextTypes.oneWord(statement, form, problems)
                        .flatMap(word -> decimalTime(word, unit, statement.name(), problems)));
        return type.shaped(new Shape.Time(unit.unit()));
    }

    private static Optional<Duration> decimalTime(Word word, Unit unit, String name, Problems problems) {
        OptionalLong digits = DecimalParser.of(word.text());
        if (unit.isSeconds()
                && digits.isPresent()
                && digits.getAsLong() >= 1
                && digits.getAsLong() <= unit.max().toSeconds()) {
            return Optional.of(limited(Duration.ofSeconds(digits.getAsLong())));
        }
        Matcher m = DECIMAL.matcher(word.text());
        if (!m.matches()) {
            problems.error(
                    word.origin(),
                    "invalid " + name + " '" + word.text() + "': expected " + unit.range(),
                    hint(word.text(), unit));
            return Optional.empty();
        }
        BigDecimal value = new BigDecimal(m.group(1).endsWith(".") ? m.group(1) + "0" : m.group(1));
        if (value.scale() > unit.decimals()) {
            problems.reportedByKeepalived(
                    word.origin(),
                    "'" + name + "' has more than " + unit.decimals() + " decimals, it is rounded",
                    "write at most " + unit.decimals() + " decimals");
        }
        Duration duration = duration(value, unit);
        return duration.compareTo(unit.min()) < 0 || duration.compareTo(unit.max()) > 0
                ? TextTypes.invalid(word, name, unit.range(), problems)
                : Optional.of(limited(duration));
    }

    private static Duration duration(BigDecimal value, Unit unit) {
        BigDecimal rounded =
                value.setScale(unit.decimals(), RoundingMode.HALF_UP).movePointLeft(unit.isSeconds() ? 0 : 3);
        long whole = rounded.longValue();
        return Duration.ofSeconds(
                whole,
                rounded.subtract(BigDecimal.valueOf(whole)).movePointRight(9).longValueExact());
    }

    private static String hint(String text, Unit unit) {
        String suffix = unit.isSeconds() ? "(s|sec|secs|seconds?)" : "(ms|msecs?|milliseconds?)";
        String number = text.replaceFirst("(?i)\\s*" + suffix + "$", "");
        return DECIMAL.matcher(number).matches()
                ? "write the number without the unit: " + number
                : "write " + unit.inWords() + ", such as 6 or 0.5";
    }

    private static Duration limited(Duration duration) {
        return duration.compareTo(MAX) > 0 ? MAX : duration;
    }
}
