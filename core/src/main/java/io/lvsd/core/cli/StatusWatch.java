package io.lvsd.core.cli;

import io.lvsd.conf.source.IoReason;
import io.lvsd.core.control.ControlClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** {@code lvsd status --watch}: shows the status again every second, in place on a terminal. */
final class StatusWatch {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private StatusWatch() {}

    /** Runs until the thread is interrupted. A daemon that does not answer is tried again. */
    static int run(Path socket, String request, Duration timeout) throws InterruptedException {
        if (!DaemonRequests.isTerminal()) {
            return show(socket, request, timeout, text -> text + "\n");
        }
        try (TerminalScreen screen = TerminalScreen.open()) {
            return show(socket, request, timeout, text -> frame(text, screen.rows()));
        }
    }

    private interface Layout {
        String of(String text);
    }

    @SuppressWarnings("SystemOut")
    private static int show(Path socket, String request, Duration timeout, Layout layout) throws InterruptedException {
        while (true) {
            System.out.print(layout.of(text(socket, request, timeout)));
            System.out.flush();
            if (System.out.checkError()) {
                return ExitStatus.FAILED;
            }
            Thread.sleep(INTERVAL);
        }
    }

    private static String text(Path socket, String request, Duration timeout) {
        try {
            return ControlClient.request(socket, request, timeout).body();
        } catch (IOException e) {
            return "lvsd: " + IoReason.withFile(e) + "\n";
        }
    }

    /**
     * The text over the one before, line by line, so that it does not flicker; what has no room is counted.
     *
     * @param rows of the terminal; 0 if they are not known
     */
    static String frame(String text, int rows) {
        List<String> lines = text.lines().toList();
        if (rows > 0 && lines.size() > rows) {
            int shown = Math.max(0, rows - 1);
            String rest = "... " + (lines.size() - shown)
                    + " more lines: enlarge the terminal, or use --only problems or --json";
            return TerminalScreen.frame(lines.subList(0, shown), rest);
        }
        return TerminalScreen.frame(lines, "");
    }
}
