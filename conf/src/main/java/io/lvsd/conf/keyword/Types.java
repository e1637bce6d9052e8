package io.lvsd.conf.keyword;

import io.lvsd.conf.check.http.StatusRange;
import io.lvsd.conf.source.DecimalParser;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.syntax.Word;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.InetAddress;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The value types that keywords share. */
public final class Types {
    public static final long U32_MAX = 0xffff_ffffL;
    private static final Pattern DECIMAL = Pattern.compile("\\s*\\+?((?=\\.?\\d)\\d{0,14}(?:\\.\\d*)?)");
    private static final int MOST_DIGITS = 18;
    private static final Pattern LEADING_NUMBER = Pattern.compile("\\s*([+-]?)0*(\\d+)(.*)", Pattern.DOTALL);
    /** The longest time in use: what is longer never happens either, and has room in a number of nanoseconds. */
    private static final Duration NEVER = Duration.ofDays(3_650);

    private Types() {}

    /**
     * An address with a port.
     *
     * @param port 0 if none was written
     */
    public record Endpoint(InetAddress address, int port, Origin origin) {}

    static <T> Described<T> type(String form, BiFunction<Statement, Problems, Optional<T>> reader) {
        return Described.word(form, reader);
    }

    /** A block that stands once or several times; its content is read where the keyword is used. */
    static Described<Statement> block(Scope inside, Shape shape) {
        return block("{", 0, 0, shape).holding(inside);
    }

    /** A block with {@code min} to {@code max} words before it. */
    static Described<Statement> block(String form, int min, int max, Shape shape) {
        Described<Statement> type = type(form, (statement, problems) -> {
            int words = statement.words().size();
            if (words < min) {
                problems.error(statement.origin(), "'" + statement.name() + "' needs: " + form, "");
                return Optional.empty();
            }
            if (words > max) {
                problems.error(
                        statement.words().get(max).origin(),
                        "unexpected '" + statement.words().get(max).text() + "'",
                        "expected: " + form);
            }
            return Optional.of(statement);
        });
        return type.shaped(shape).twice(shape == Shape.Simple.OBJECT ? ValueType.Twice.LAST : ValueType.Twice.ALL);
    }

    /** Anything, not looked at. */
    static Described<Statement> anything(String form) {
        return type(form, (statement, _) -> Optional.of(statement))
                .shaped(Shape.Simple.WORDS)
                .twice(ValueType.Twice.ALL);
    }

    /** Words, at least {@code min} and at most {@code max}. */
    static Described<List<String>> words(String form, int min, int max) {
        Described<List<String>> type = type(form, (statement, problems) -> {
            List<Word> words = statement.words();
            if (words.size() < min) {
                problems.error(
                        statement.origin(),
                        "'" + statement.name() + "' needs a value",
                        "write: " + statement.name() + " " + form);
                return Optional.empty();
            }
            if (words.size() > max) {
                problems.error(
                        words.get(max).origin(),
                        "unexpected '" + words.get(max).text() + "'",
                        "write: " + statement.name() + " " + form);
            }
            return Optional.of(words.stream().limit(max).map(Word::text).toList());
        });
        return type.shaped(Shape.Simple.WORDS);
    }

    /**
     * One of on, true, yes, off, false, no; absent means true. So does anything else, which is reported: keepalived reads no
     * argument of such a keyword.
     */
    static Described<Boolean> flag() {
        return onOff(Optional.of(true), "; it is taken as on");
    }

    /** One of on, true, yes, off, false, no; absent means true. Anything else is reported and has no effect. */
    static Described<Boolean> bool() {
        return onOff(Optional.empty(), "; the line has no effect");
    }

    private static Described<Boolean> onOff(Optional<Boolean> otherwise, String effect) {
        return type("[on|off]", (statement, problems) -> {
            if (statement.words().isEmpty()) {
                return Optional.of(true);
            }
            Word word = statement.words().getFirst();
            return switch (word.text()) {
                case "on", "true", "yes" -> Optional.of(true);
                case "off", "false", "no" -> Optional.of(false);
                default -> {
                    problems.error(
                            word.origin(),
                            "'" + word.text() + "' is neither on nor off" + effect,
                            "write on, true, yes, off, false or no");
                    yield otherwise;
                }
            };
        });
    }

    /** Exactly one word. */
    static Described<String> text(String form) {
        return type(
                        form,
                        (statement, problems) ->
                                oneWord(statement, form, problems).map(Word::text))
                .twice(ValueType.Twice.LAST_REPORTED);
    }

    /** One word of a set, case as written. */
    static ValueType<String> choice(List<String> choices) {
        String form = String.join("|", choices);
        return type(
                form,
                (statement, problems) -> oneWord(statement, form, problems).flatMap(word -> {
                    if (choices.contains(word.text())) {
                        return Optional.of(word.text());
                    }
                    String near = Suggestion.nearest(word.text(), choices)
                            .map(n -> "did you mean '" + n + "'? ")
                            .orElse("");
                    problems.error(
                            word.origin(),
                            "'" + word.text() + "' is no " + statement.name(),
                            near + "one of: " + String.join(" ", choices));
                    return Optional.empty();
                }));
    }

    /** One of an enum's names, in any case. */
    static <E extends Enum<E>> ValueType<E> anyCase(Class<E> type) {
        List<String> names =
                java.util.Arrays.stream(type.getEnumConstants()).map(Enum::name).toList();
        String form = String.join("|", names);
        return type(
                form,
                (statement, problems) -> oneWord(statement, form, problems).flatMap(word -> {
                    String upper = word.text().toUpperCase(Locale.ROOT);
                    if (names.contains(upper)) {
                        return Optional.of(Enum.valueOf(type, upper));
                    }
                    problems.error(
                            word.origin(),
                            "'" + word.text() + "' is no " + statement.name(),
                            "one of: " + String.join(" ", names));
                    return Optional.empty();
                }));
    }

    /** A whole number in a range; trailing garbage is reported and, if {@code lenient}, the leading number is used. */
    static Described<Long> number(long min, long max, boolean lenient) {
        String form = "N (" + min + ".." + max + ")";
        return type(
                form,
                (statement, problems) -> oneWord(statement, form, problems)
                        .flatMap(word -> number(word, "'" + statement.name() + "'", min, max, lenient, problems)));
    }

    /** A number from one word, for types made of several. */
    static Optional<Long> number(Word word, String what, long min, long max, boolean lenient, Problems problems) {
        OptionalLong digits = DecimalParser.of(word.text());
        if (digits.isPresent() && digits.getAsLong() >= min && digits.getAsLong() <= max) {
            return Optional.of(digits.getAsLong());
        }
        Matcher m = LEADING_NUMBER.matcher(word.text());
        if (!m.matches()) {
            problems.error(
                    word.origin(),
                    what + ": '" + word.text() + "' is not a number",
                    "write a number from " + min + " to " + max);
            return Optional.empty();
        }
        // Of a longer number 18 digits are enough: it is out of range in any case.
        String shortened =
                m.group(2).substring(0, Math.min(MOST_DIGITS, m.group(2).length()));
        long value = Long.parseLong(m.group(1) + shortened);
        if (!m.group(3).isEmpty()) {
            String then = lenient && value >= min && value <= max ? "; " + value + " is used" : "";
            problems.error(
                    word.origin(),
                    what + ": '" + word.text() + "' is not a number" + then,
                    "remove '" + m.group(3) + "'");
            if (!lenient) {
                return Optional.empty();
            }
        }
        boolean negative = min >= 0 && m.group(1).equals("-");
        if (negative || value < min || value > max) {
            problems.error(
                    word.origin(),
                    what + ": " + word.text() + " is out of range",
                    "the range is " + min + " to " + max);
            return Optional.empty();
        }
        return Optional.of(value);
    }

    /** A whole number of some unit of time. */
    static Described<Long> wholeTime(ChronoUnit unit, long min, long max, boolean lenient) {
        return number(min, max, lenient).shaped(new Shape.Time(unit));
    }

    /** Seconds with up to six decimals and no unit. More than ten years become ten years. */
    static Described<Duration> seconds(Duration min, Duration max) {
        return decimalTime(ChronoUnit.SECONDS, min, max);
    }

    /** Milliseconds with up to three decimals and no unit. */
    static Described<Duration> milliseconds(Duration min, Duration max) {
        return decimalTime(ChronoUnit.MILLIS, min, max);
    }

    /** A time in seconds or milliseconds, with decimals down to a microsecond. */
    private static Described<Duration> decimalTime(ChronoUnit unit, Duration min, Duration max) {
        String form = inWords(unit).toUpperCase(Locale.ROOT) + " (" + plain(min, unit) + ".." + plain(max, unit) + ")";
        Described<Duration> type = type(
                form,
                (statement, problems) -> oneWord(statement, form, problems)
                        .flatMap(word -> decimalTime(word, unit, statement.name(), min, max, problems)));
        return type.shaped(new Shape.Time(unit));
    }

    private static String inWords(ChronoUnit unit) {
        return unit == ChronoUnit.SECONDS ? "seconds" : "milliseconds";
    }

    private static Optional<Duration> decimalTime(
            Word word, ChronoUnit unit, String name, Duration min, Duration max, Problems problems) {
        boolean seconds = unit == ChronoUnit.SECONDS;
        OptionalLong digits = DecimalParser.of(word.text());
        if (seconds && digits.isPresent() && digits.getAsLong() >= 1 && digits.getAsLong() <= max.toSeconds()) {
            return Optional.of(shortened(Duration.ofSeconds(digits.getAsLong())));
        }
        Matcher m = DECIMAL.matcher(word.text());
        if (!m.matches()) {
            String suffix = seconds ? "(s|sec|secs|seconds?)" : "(ms|msecs?|milliseconds?)";
            String number = word.text().replaceFirst("(?i)\\s*" + suffix + "$", "");
            String hint = DECIMAL.matcher(number).matches()
                    ? inWords(unit) + " are meant: write " + number
                    : "write " + inWords(unit) + ", such as 6 or 0.5";
            problems.error(
                    word.origin(), "'" + name + "': '" + word.text() + "' is not a number of " + inWords(unit), hint);
            return Optional.empty();
        }
        BigDecimal value = new BigDecimal(m.group(1).endsWith(".") ? m.group(1) + "0" : m.group(1));
        int decimals = seconds ? 6 : 3;
        if (value.scale() > decimals) {
            String most = seconds ? "six" : "three";
            problems.reportedByKeepalived(
                    word.origin(),
                    "'" + name + "': more than " + most + " decimals are rounded",
                    "write " + most + " decimals at most");
        }
        BigDecimal rounded = value.setScale(decimals, RoundingMode.HALF_UP).movePointLeft(seconds ? 0 : 3);
        long whole = rounded.longValue();
        Duration duration = Duration.ofSeconds(
                whole,
                rounded.subtract(BigDecimal.valueOf(whole)).movePointRight(9).longValueExact());
        if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
            problems.error(
                    word.origin(),
                    "'" + name + "': " + word.text() + " is out of range",
                    "the range is " + plain(min, unit) + " to " + plain(max, unit) + " " + inWords(unit));
            return Optional.empty();
        }
        return Optional.of(shortened(duration));
    }

    private static Duration shortened(Duration duration) {
        return duration.compareTo(NEVER) > 0 ? NEVER : duration;
    }

    private static String plain(Duration d, ChronoUnit unit) {
        return BigDecimal.valueOf(d.getSeconds())
                .add(BigDecimal.valueOf(d.getNano(), 9))
                .movePointRight(unit == ChronoUnit.SECONDS ? 0 : 3)
                .stripTrailingZeros()
                .toPlainString();
    }

    /** {@code ADDRESS [PORT]}, neither range nor mask. */
    static ValueType<Endpoint> endpoint() {
        Described<Endpoint> type =
                type("ADDRESS [PORT]", (statement, problems) -> endpoint(statement, statement.words(), problems));
        return type.shaped(Shape.Simple.ENDPOINT);
    }

    /** {@code ADDRESS [PORT]} from the words of a block's first line, whose number the block's type has checked. */
    public static Optional<Endpoint> readEndpoint(Statement statement, Problems problems) {
        List<Word> words = statement.words();
        return endpoint(statement, words.subList(0, Math.min(2, words.size())), problems);
    }

    static Optional<Endpoint> endpoint(Statement statement, List<Word> words, Problems problems) {
        if (words.isEmpty()) {
            problems.error(
                    statement.origin(),
                    "'" + statement.name() + "' needs an address",
                    "write: " + statement.name() + " ADDRESS [PORT]");
            return Optional.empty();
        }
        Word first = words.getFirst();
        Optional<InetAddress> address = address(first, problems);
        Optional<Long> port =
                words.size() < 2 ? Optional.of(0L) : number(words.get(1), "port", 0, 65_535, true, problems);
        if (words.size() > 2) {
            problems.error(
                    words.get(2).origin(), "unexpected '" + words.get(2).text() + "'", "expected: ADDRESS [PORT]");
        }
        if (address.isEmpty() || port.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Endpoint(address.get(), port.get().intValue(), first.origin()));
    }

    /** One address, which may serve as that of a server. */
    static Optional<InetAddress> address(Word word, Problems problems) {
        Optional<InetAddress> address = IpAddresses.address(word.text());
        if (address.isEmpty()) {
            problems.error(word.origin(), "'" + word.text() + "' is not an address", addressHint(word.text()));
            return Optional.empty();
        }
        String unfit = IpAddresses.unfit(address.get());
        if (!unfit.isEmpty()) {
            problems.error(word.origin(), word.text() + " " + unfit);
            return Optional.empty();
        }
        return address;
    }

    private static String addressHint(String text) {
        if (text.matches("[0-9.]+[-/]\\d+(\\.\\d+)*") || text.contains(":") && text.matches(".*[-/].*")) {
            return "ranges and masks belong into a virtual_server_group; write one address here";
        }
        if (text.matches("[0-9.]+:\\d+")) {
            return "separate address and port with a blank: " + text.replace(':', ' ');
        }
        if (text.matches("(\\d+\\.){3}\\d+")) {
            return "each octet is 0 to 255 without leading zeros";
        }
        List<String> known = HostsFile.addressesOf(text);
        return "names are not resolved here; write "
                + (known.isEmpty()
                        ? "an IPv4 or IPv6 address"
                        : String.join(" or ", known) + ", which /etc/hosts says");
    }

    /** {@code ADDRESS} alone. */
    static Described<InetAddress> plainAddress() {
        return type(
                "ADDRESS",
                (statement, problems) -> oneWord(statement, "ADDRESS", problems).flatMap(w -> {
                    Optional<InetAddress> address = IpAddresses.address(w.text());
                    if (address.isEmpty()) {
                        problems.error(w.origin(), "'" + w.text() + "' is not an address", addressHint(w.text()));
                    }
                    return address;
                }));
    }

    /** Status codes and ranges of them, 100 to 599. */
    static ValueType<List<StatusRange>> statusCodes() {
        Described<List<StatusRange>> type = type("CODE[-CODE]…", (statement, problems) -> {
            List<StatusRange> ranges = new ArrayList<>();
            for (Word word : statement.words()) {
                StatusRange.parse(word.text())
                        .ifPresentOrElse(
                                ranges::add,
                                () -> problems.error(
                                        word.origin(),
                                        "'" + word.text() + "' is no status code",
                                        "codes are 100 to 599, ranges as in 200-299"));
            }
            if (statement.words().isEmpty()) {
                problems.error(statement.origin(), "'" + statement.name() + "' needs a code", "such as 200 or 200-299");
            }
            return ranges.isEmpty() ? Optional.empty() : Optional.of(ranges);
        });
        return type.shaped(Shape.Simple.WORDS);
    }

    /** 32 hexadecimal digits. */
    static ValueType<String> digest() {
        return type(
                "32 hex digits",
                (statement, problems) -> oneWord(statement, "32 hex digits", problems)
                        .flatMap(word -> {
                            if (word.text().matches("[0-9A-Fa-f]{32}")) {
                                return Optional.of(word.text().toLowerCase(Locale.ROOT));
                            }
                            problems.error(
                                    word.origin(),
                                    "digest '" + word.text() + "' is not an MD5 sum: "
                                            + word.text().length() + " characters",
                                    "32 hexadecimal digits; without a valid one the body is not checked");
                            return Optional.empty();
                        }));
    }

    /** A word of a table with its meaning. */
    static <T> ValueType<T> mapped(Map<String, T> words) {
        List<String> names = words.keySet().stream().sorted().toList();
        ValueType<String> choice = choice(names);
        return type(
                choice.form(),
                (statement, problems) -> choice.read(statement, problems).map(words::get));
    }

    /** The first word; more than one is reported, none is an error. */
    static Optional<Word> oneWord(Statement statement, String form, Problems problems) {
        List<Word> words = statement.words();
        if (words.isEmpty()) {
            problems.error(
                    statement.origin(),
                    "'" + statement.name() + "' needs a value",
                    "write: " + statement.name() + " " + form);
            return Optional.empty();
        }
        if (words.size() > 1) {
            problems.error(
                    words.get(1).origin(),
                    "unexpected '" + words.get(1).text() + "'",
                    "write: " + statement.name() + " " + form);
        }
        return Optional.of(words.getFirst());
    }
}
