package io.lvsd.conf.hocon;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times with a unit, as HOCON's specification names them. */
public final class HoconTimes {
    private static final Pattern FORM = Pattern.compile("(\\d{1,18}(?:\\.\\d{0,9})?)\\s*([A-Za-z]+)");
    private static final Map<String, ChronoUnit> UNITS = Map.ofEntries(
            Map.entry("ns", ChronoUnit.NANOS),
            Map.entry("nano", ChronoUnit.NANOS),
            Map.entry("nanosecond", ChronoUnit.NANOS),
            Map.entry("us", ChronoUnit.MICROS),
            Map.entry("micro", ChronoUnit.MICROS),
            Map.entry("microsecond", ChronoUnit.MICROS),
            Map.entry("ms", ChronoUnit.MILLIS),
            Map.entry("milli", ChronoUnit.MILLIS),
            Map.entry("millisecond", ChronoUnit.MILLIS),
            Map.entry("s", ChronoUnit.SECONDS),
            Map.entry("second", ChronoUnit.SECONDS),
            Map.entry("m", ChronoUnit.MINUTES),
            Map.entry("minute", ChronoUnit.MINUTES),
            Map.entry("h", ChronoUnit.HOURS),
            Map.entry("hour", ChronoUnit.HOURS),
            Map.entry("d", ChronoUnit.DAYS),
            Map.entry("day", ChronoUnit.DAYS));

    private HoconTimes() {}

    /** A time as a plain number of {@code unit}; empty if it is no time, or has no unit. */
    static Optional<String> number(String text, ChronoUnit unit) {
        Matcher m = FORM.matcher(text.strip());
        if (!m.matches()) {
            return Optional.empty();
        }
        String name = m.group(2);
        ChronoUnit written = UNITS.get(name);
        if (written == null && name.endsWith("s")) {
            written = UNITS.get(name.substring(0, name.length() - 1));
        }
        if (written == null || name.equals("ss")) {
            return Optional.empty();
        }
        BigDecimal value = new BigDecimal(m.group(1).endsWith(".") ? m.group(1) + "0" : m.group(1))
                .multiply(nanos(written))
                .divide(nanos(unit), MathContext.DECIMAL128)
                .stripTrailingZeros();
        return Optional.of(value.signum() == 0 ? "0" : value.toPlainString());
    }

    private static BigDecimal nanos(ChronoUnit unit) {
        return BigDecimal.valueOf(unit.getDuration().toNanos());
    }

    /** A plain number of a unit, as {@code 6s}. */
    public static String text(String number, ChronoUnit unit) {
        return new BigDecimal(number.strip().replaceFirst("\\.$", "")).toPlainString() + suffix(unit);
    }

    /** How a number of {@code unit} is written. */
    static String suffix(ChronoUnit unit) {
        return switch (unit) {
            case MICROS -> "us";
            case MILLIS -> "ms";
            case SECONDS -> "s";
            default -> throw new IllegalArgumentException(unit + " is not a unit of a keyword");
        };
    }
}
