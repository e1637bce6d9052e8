package io.lvsd.core.cli;

import io.lvsd.core.control.ControlClient;
import io.lvsd.core.control.Reply;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --run-dir DIR}: where the daemon's control socket is. */
final class RunDirOption {
    @Option(
            names = "--run-dir",
            paramLabel = "DIR",
            description = "Directory of the control socket (default: ${DEFAULT-VALUE}).")
    private Path directory = Path.of("/run/lvsd");

    Path directory() {
        return directory;
    }

    Path socket() {
        return directory.resolve("lvsd.sock");
    }

    /** Asks the daemon, prints what it says, and returns its exit status; without a daemon, 1. */
    int ask(String request) {
        return ask(() -> ControlClient.ask(socket(), request));
    }

    /** As {@link #ask(String)}, with a body. */
    int ask(String request, String body) {
        return ask(() -> ControlClient.ask(socket(), request, body));
    }

    /** What the daemon says; empty, and the reason told, if none answers. */
    Optional<Reply> tryAsk(String request) {
        try {
            return Optional.of(ControlClient.ask(socket(), request));
        } catch (IOException e) {
            noDaemon(e);
            return Optional.empty();
        }
    }

    private void noDaemon(IOException e) {
        System.err.println("lvsd: no daemon answers on " + socket() + ": " + e.getMessage()
                + "; start it with 'lvsd run', or name its --run-dir");
    }

    /** Something to ask. */
    private interface Question {
        Reply ask() throws IOException;
    }

    @SuppressWarnings("SystemOut")
    private int ask(Question question) {
        try {
            Reply reply = question.ask();
            boolean told = reply.status() == ExitStatus.DONE || reply.status() == ExitStatus.DIFFERENCES;
            PrintStream out = told ? System.out : System.err;
            out.print(reply.body());
            out.flush();
            return reply.status();
        } catch (IOException e) {
            noDaemon(e);
            return ExitStatus.FAILED;
        }
    }
}
