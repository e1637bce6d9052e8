package io.lvsd.core.cli;

import io.lvsd.conf.source.IoReason;
import io.lvsd.core.control.ControlClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** {@code lvsd status --watch}: shows the status again every second, in place on a terminal. */
final class StatusWatch {
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final String HOME = "\u001b[H";
    private static final String CLEAR_REST_OF_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";

    private StatusWatch() {}

    /** Runs until the thread is interrupted. A daemon that does not answer is tried again. */
    @SuppressWarnings("SystemOut")
    static int run(Path socket, String request, Duration timeout) throws InterruptedException {
        boolean inPlace = DaemonRequests.isTerminal();
        while (true) {
            System.out.print(frame(text(socket, request, timeout), inPlace));
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

    /** On a terminal the text overwrites the one before, line by line, so that it does not flicker. */
    static String frame(String text, boolean inPlace) {
        return inPlace ? HOME + text.replace("\n", CLEAR_REST_OF_LINE + "\n") + CLEAR_BELOW : text + "\n";
    }
}
