package io.lvsd.core.control;

import io.lvsd.conf.value.LogLevel;
import io.lvsd.core.log.LogSetup;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code log [LEVEL [LOGGER]]}: shows or changes the log at run time. */
final class LogRequest {
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int MOST_WORDS = 3;

    private LogRequest() {}

    /** Whether it changes the log, and not only shows it. */
    static boolean changes(List<String> words) {
        return words.getFirst().equals("log") && words.size() > 1;
    }

    static Reply handle(List<String> words) {
        Optional<LogSetup> log = LogSetup.current();
        if (log.isEmpty()) {
            return new Reply(FAILED, "this daemon was started with a log of its own, which cannot be changed\n");
        }
        if (words.size() == 1) {
            return new Reply(0, log.get().status());
        }
        Optional<LogLevel> level = level(words.get(1));
        if (level.isEmpty() || words.size() > MOST_WORDS) {
            return new Reply(
                    USAGE,
                    level.isEmpty()
                            ? "invalid level '" + words.get(1) + "': expected one of: " + LEVELS + "\n"
                            : "expected a level and at most one logger\n");
        }
        String logger = words.size() < MOST_WORDS ? "" : words.get(2);
        return logger.isEmpty() || LogSetup.isLoggerName(logger)
                ? new Reply(0, log.get().setLevel(level.get(), logger))
                : new Reply(
                        USAGE,
                        "invalid logger '" + logger
                                + "': expected a package or class, such as core.loop or io.netty\n");
    }

    private static final String LEVELS = Arrays.stream(LogLevel.values())
            .map(l -> l.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(" "));

    private static Optional<LogLevel> level(String word) {
        return Arrays.stream(LogLevel.values())
                .filter(l -> l.name().equalsIgnoreCase(word))
                .findFirst();
    }
}
