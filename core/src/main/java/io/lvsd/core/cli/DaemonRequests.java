package io.lvsd.core.cli;

import io.lvsd.conf.source.IoReason;
import io.lvsd.core.control.ControlClient;
import io.lvsd.core.control.Reply;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Requests of the client commands. Uses neither picocli nor a logger, as loading them takes longer than a request. */
final class DaemonRequests {
    static final Path RUN_DIR = Path.of("/run/lvsd");
    static final Path DRY_RUN_DIR = Path.of("/run/lvsd-dry-run");
    static final String SOCKET = "lvsd.sock";
    /** A reload or a dry run of it may read and compare thousands of real servers. */
    static final Duration LONG_TIMEOUT = Duration.ofMinutes(1);

    private static final int MAX_DIGITS = 10;
    private static final int MAX_LOGGER = 200;
    private static final Set<String> LOG_LEVELS = Set.of("error", "warn", "info", "debug", "trace");

    private DaemonRequests() {}

    /** The socket of the daemon, or of a dry run if no daemon runs. */
    static Path defaultSocket() {
        Path daemon = RUN_DIR.resolve(SOCKET);
        Path dryRun = DRY_RUN_DIR.resolve(SOCKET);
        return !Files.exists(daemon) && Files.exists(dryRun) ? dryRun : daemon;
    }

    /** Whether a daemon accepts a word as a weight. */
    static boolean isWeight(String word) {
        boolean number = !word.isEmpty()
                && word.length() <= MAX_DIGITS
                && word.chars().allMatch(c -> c >= '0' && c <= '9')
                && Long.parseLong(word) <= Integer.MAX_VALUE;
        return number || word.equals("auto");
    }

    /** Whether the launcher found that stdout is a terminal. */
    static boolean isTerminal() {
        return Boolean.getBoolean("lvsd.terminal");
    }

    /** The request for the status as text. */
    static String statusRequest(boolean problemsOnly) {
        boolean colour = isTerminal() && System.getenv("NO_COLOR") == null;
        return "status" + (colour ? " colour" : "") + (problemsOnly ? " problems" : "");
    }

    /** Whether a daemon accepts a word as a level of the log. */
    static boolean isLogLevel(String word) {
        return LOG_LEVELS.contains(word.toLowerCase(Locale.ROOT));
    }

    /** Whether a daemon accepts a word as the name of a logger. */
    static boolean isLogger(String word) {
        return !word.isEmpty()
                && word.length() <= MAX_LOGGER
                && word.chars().allMatch(c -> Character.isLetterOrDigit(c) || "_$.-".indexOf(c) >= 0);
    }

    /** Sends a request, prints the answer, and returns its exit status; without an answer, 1. */
    static int send(Path socket, String request, Duration timeout) {
        return print(() -> ControlClient.request(socket, request, timeout));
    }

    /** Same as {@link #send(Path, String, Duration)}, with a body. */
    static int send(Path socket, String request, String body, Duration timeout) {
        return print(() -> ControlClient.request(socket, request, body, timeout));
    }

    /** The answer; empty, with the reason on stderr, if there is none. */
    static Optional<Reply> answer(Path socket, String request, Duration timeout) {
        try {
            return Optional.of(ControlClient.request(socket, request, timeout));
        } catch (IOException e) {
            System.err.println("lvsd: " + IoReason.withFile(e));
            return Optional.empty();
        }
    }

    /** One exchange with the daemon. */
    private interface Exchange {
        Reply make() throws IOException;
    }

    @SuppressWarnings("SystemOut")
    private static int print(Exchange exchange) {
        try {
            Reply reply = exchange.make();
            boolean result = reply.status() == ExitStatus.DONE || reply.status() == ExitStatus.DIFFERENCES;
            PrintStream out = result ? System.out : System.err;
            out.print(reply.body());
            out.flush();
            return reply.status();
        } catch (IOException e) {
            System.err.println("lvsd: " + IoReason.withFile(e));
            return ExitStatus.FAILED;
        }
    }
}
