package io.lvsd.core.cli;

import io.lvsd.core.control.ControlClient;
import io.lvsd.core.control.Reply;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The requests of {@code lvsd drain}. Does not load picocli, like {@link DaemonRequests}.
 *
 * @param socket of the daemon
 * @param server the virtual server and the real server, as words of a request
 * @param timeout seconds after which the real server is removed with its remaining connections, 0 to {@link #MAX_SECONDS};
 *     empty: never
 * @param force proceed even if it is the last live server
 * @param follow whether to wait until the real server is removed
 */
record Drain(Path socket, String server, Optional<Long> timeout, boolean force, boolean follow) {
    static final long MAX_SECONDS = 86_400;
    private static final long POLL_MILLIS = 500;

    private String request(String command, String value) {
        return command + " " + server + (value.isEmpty() ? "" : " " + value) + (force ? " force" : "");
    }

    /** Sends the requests, prints the progress, and returns the exit status. */
    @SuppressWarnings("SystemOut")
    int run() throws InterruptedException {
        String limit = timeout.map(String::valueOf).orElse("");
        int status = DaemonRequests.send(socket, request("drain", limit), ControlClient.TIMEOUT);
        if (status != ExitStatus.DONE || !follow) {
            return status;
        }
        long start = System.nanoTime();
        String remaining = "";
        while (true) {
            Optional<Reply> reply = DaemonRequests.answer(socket, request("drain-progress", ""), ControlClient.TIMEOUT);
            if (reply.isEmpty()) {
                return ExitStatus.FAILED;
            }
            String answer = reply.get().body().strip();
            if (reply.get().status() != ExitStatus.DONE) {
                System.err.println("lvsd: " + answer);
                return ExitStatus.FAILED;
            }
            if (answer.equals("drained")) {
                boolean late = timeout.isPresent()
                        && System.nanoTime() - start >= TimeUnit.SECONDS.toNanos(timeout.get())
                        && !remaining.isEmpty()
                        && !remaining.equals("0");
                System.out.println(late ? "timeout: removed with " + remaining + " active connections" : "drained");
                return late ? ExitStatus.TIMED_OUT : ExitStatus.DONE;
            }
            if (!answer.equals(remaining)) {
                remaining = answer;
                System.out.println(remaining + " active connections");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }
}
