package io.lvsd.core.daemon;

import io.lvsd.checkers.files.RegularFile;
import io.lvsd.checkers.probe.PrintableText;
import io.lvsd.conf.model.OperationConfig;
import io.lvsd.conf.source.IoReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reloads at the time in a file, {@code reload_time_file}: its first line is {@code HH:MM:SS}, {@code YY-MM-DD HH:MM:SS} or
 * {@code YYYY-MM-DD HH:MM:SS}, in the time zone of this host or, with a {@code Z} appended, in UTC. A time without a date is
 * the next such time; a date in the past is ignored. The file is read every second: changing it changes the time, deleting it
 * cancels the reload. Afterwards it is deleted, unless the configuration keeps it.
 */
final class ReloadTimer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReloadTimer.class);
    private static final long STEP_MILLIS = 1_000;
    private static final int MOST = 64;
    private static final int CENTURY = 2_000;
    private static final Pattern LINE =
            Pattern.compile("(?:(\\d{2}|\\d{4})-(\\d{2})-(\\d{2}) )?(\\d{2}):(\\d{2}):(\\d{2})(Z?)");

    private final Clock clock;
    private final Runnable reload;
    private final Consumer<Path> cleanUp;
    private OperationConfig config = OperationConfig.NONE;
    private String known = "";
    private @Nullable Instant at;
    private @Nullable Thread thread;

    /** @param reload called on the thread of this timer; must not block */
    ReloadTimer(Clock clock, Runnable reload) {
        this(clock, reload, ReloadTimer::delete);
    }

    /** @param cleanUp called with the file after the reload was triggered */
    ReloadTimer(Clock clock, Runnable reload, Consumer<Path> cleanUp) {
        this.cleanUp = cleanUp;
        this.clock = clock;
        this.reload = reload;
    }

    /** As {@link #configure}, without starting the thread. */
    synchronized void follow(OperationConfig next) {
        if (!next.reloadTimeFile().equals(config.reloadTimeFile())) {
            known = "";
            at = null;
        }
        config = next;
    }

    /** Watches another file, or none. The thread exists from the first call on. Any thread. */
    synchronized void configure(OperationConfig next) {
        follow(next);
        if (thread == null) {
            thread = Thread.ofPlatform().name("reload-timer").daemon().start(this::watch);
        }
        notifyAll();
    }

    private synchronized void awaitFile() throws InterruptedException {
        while (config.reloadTimeFile().isEmpty()) {
            wait();
        }
    }

    private void watch() {
        try {
            while (true) {
                awaitFile();
                look();
                Thread.sleep(STEP_MILLIS);
            }
        } catch (InterruptedException _) {
            // The timer is closed.
        }
    }

    /** Reloads if the time has come, and then reads the file again. */
    synchronized void look() {
        Optional<Path> file = config.reloadTimeFile();
        if (file.isEmpty()) {
            return;
        }
        Instant due = at;
        if (due != null && !clock.instant().isBefore(due)) {
            LOG.atInfo().addKeyValue("file", file.get()).log("reload.timed");
            at = null;
            known = "";
            if (!config.reloadRepeat()) {
                cleanUp.accept(file.get());
            }
            reload.run();
        }
        String line = line(file.get());
        if (!line.equals(known)) {
            known = line;
            at = line.isEmpty() ? null : judge(line, file.get());
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("reason", "cannot be deleted: " + IoReason.of(e))
                    .log("reload_time_file.failed");
        }
    }

    private static String line(Path file) {
        try {
            return new String(RegularFile.head(file, MOST), StandardCharsets.ISO_8859_1)
                    .lines()
                    .findFirst()
                    .orElse("");
        } catch (NoSuchFileException _) {
            return "";
        } catch (IOException e) {
            return "unreadable: " + IoReason.of(e);
        }
    }

    private @Nullable Instant judge(String line, Path file) {
        Optional<Instant> time = parse(line, clock.instant(), clock.getZone());
        if (time.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue(
                            "reason",
                            "invalid time '" + PrintableText.of(line)
                                    + "': expected HH:MM:SS or YYYY-MM-DD HH:MM:SS, with Z for UTC")
                    .log("reload_time_file.failed");
            return null;
        }
        if (time.get().isBefore(clock.instant())) {
            LOG.atInfo()
                    .addKeyValue("file", file)
                    .addKeyValue("time", time.get())
                    .log("reload.past");
            return null;
        }
        LOG.atInfo().addKeyValue("file", file).addKeyValue("time", time.get()).log("reload.scheduled");
        return time.get();
    }

    /** The time that a line means; empty if it is not a time. */
    static Optional<Instant> parse(String line, Instant now, ZoneId local) {
        Matcher m = LINE.matcher(line);
        if (!m.matches()) {
            return Optional.empty();
        }
        ZoneId zone = m.group(7).isEmpty() ? local : ZoneOffset.UTC;
        try {
            LocalTime time = LocalTime.of(number(m, 4), number(m, 5), number(m, 6));
            LocalDate today = LocalDate.ofInstant(now, zone);
            if (m.group(1) != null) {
                int year = number(m, 1);
                LocalDate date = LocalDate.of(year < 100 ? CENTURY + year : year, number(m, 2), number(m, 3));
                return Optional.of(ZonedDateTime.of(date, time, zone).toInstant());
            }
            Instant next = ZonedDateTime.of(today, time, zone).toInstant();
            return Optional.of(
                    next.isAfter(now)
                            ? next
                            : ZonedDateTime.of(today.plusDays(1), time, zone).toInstant());
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    @Override
    public synchronized void close() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }
}
