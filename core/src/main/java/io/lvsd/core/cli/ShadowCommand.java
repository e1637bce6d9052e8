package io.lvsd.core.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lvsd shadow}. */
@Command(
        name = "shadow",
        description = "Commands for a daemon that runs in shadow mode ('lvsd run --shadow').",
        mixinStandardHelpOptions = true)
final class ShadowCommand implements Runnable {
    private static final Pattern AGO = Pattern.compile("(\\d{1,6})([smhd])");
    private static final DateTimeFormatter DATE_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd['T'][' ']HH:mm[:ss]", Locale.ROOT);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm[:ss]", Locale.ROOT);

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "expected 'report'");
    }

    @Command(
            name = "report",
            description =
                    "Show how far the table that lvsd wants agrees with that of the other program: agreement of each"
                            + " real server, delays in each direction, and each difference.",
            mixinStandardHelpOptions = true)
    int report(
            @Mixin RunDirOption daemon,
            @Mixin TimeoutOption timeout,
            @Option(
                            names = "--since",
                            paramLabel = "TIME",
                            description =
                                    "Leave out what was before: 2026-05-01T12:00:00Z, '2026-05-01 12:00', 12:00, or 10m"
                                            + " (also s, h, d) for a time ago. Default: the start of the daemon.")
                    @Nullable
                    String since,
            @Option(names = "--json", description = "Print one JSON object.") boolean json) {
        String request = "shadow-report" + (json ? " json" : "");
        if (since != null) {
            Instant from = parse(since, ZonedDateTime.now(ZoneId.systemDefault()))
                    .orElseThrow(() -> new ParameterException(
                            spec.commandLine(),
                            "invalid time '" + since
                                    + "': expected 2026-05-01T12:00:00Z, '2026-05-01 12:00', 12:00, or 10m for ten"
                                    + " minutes ago"));
            request += " " + Math.max(0, from.getEpochSecond());
        }
        return DaemonRequests.send(daemon.socket(), request, timeout.value());
    }

    /** A time of an operator; empty if it cannot be parsed. */
    static Optional<Instant> parse(String text, ZonedDateTime now) {
        Matcher ago = AGO.matcher(text);
        if (ago.matches()) {
            long count = Long.parseLong(ago.group(1));
            Duration duration = switch (ago.group(2)) {
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                default -> Duration.ofDays(count);
            };
            return Optional.of(now.minus(duration).toInstant());
        }
        return withOffset(text)
                .or(() -> dateTime(text, now.getZone()))
                .or(() -> time(text, now.toLocalDate(), now.getZone()));
    }

    private static Optional<Instant> withOffset(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text.replace(' ', 'T')).toInstant());
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> dateTime(String text, ZoneId zone) {
        try {
            return Optional.of(LocalDateTime.parse(text, DATE_TIME).atZone(zone).toInstant());
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> time(String text, LocalDate today, ZoneId zone) {
        try {
            return Optional.of(
                    LocalTime.parse(text, TIME).atDate(today).atZone(zone).toInstant());
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }
}
