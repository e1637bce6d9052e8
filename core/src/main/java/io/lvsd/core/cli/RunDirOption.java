package io.lvsd.core.cli;

import io.lvsd.conf.IoReason;
import io.lvsd.conf.model.LvsdConfig.Driver;
import io.lvsd.core.control.ControlClient;
import io.lvsd.core.control.Reply;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --run-dir DIR}: where the daemon's control socket is. */
final class RunDirOption {
    private static final Path USUAL = Path.of("/run/lvsd");
    private static final Path DRY_RUN = Path.of("/run/lvsd-dry-run");
    private static final String SOCKET = "lvsd.sock";

    @Option(
            names = "--run-dir",
            paramLabel = "DIR",
            description =
                    "Directory of the control socket (default: /run/lvsd; for a dry run, and for clients if no other"
                            + " daemon runs, /run/lvsd-dry-run).")
    private @Nullable Path directory;

    /** The directory of a daemon that is to start. */
    Path directory(Driver driver) {
        return directory != null ? directory : driver == Driver.MEMORY ? DRY_RUN : USUAL;
    }

    /** The socket of a daemon that is to start. */
    Path socket(Driver driver) {
        return directory(driver).resolve(SOCKET);
    }

    /** The socket that a client connects to. */
    Path socket() {
        if (directory != null) {
            return directory.resolve(SOCKET);
        }
        Path dryRun = DRY_RUN.resolve(SOCKET);
        return !Files.exists(USUAL.resolve(SOCKET)) && Files.exists(dryRun) ? dryRun : USUAL.resolve(SOCKET);
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
        System.err.println("lvsd: no daemon answers on " + socket() + ": " + IoReason.of(e)
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
