package io.lvsd.core.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --run-dir DIR}: directory of the daemon's control socket. */
final class RunDirOption {
    @Option(
            names = "--run-dir",
            paramLabel = "DIR",
            description = "Directory of the control socket (default: /run/lvsd; for a dry run /run/lvsd-dry-run, which"
                    + " client commands use too if no other daemon runs).")
    private @Nullable Path directory;

    /** The directory, if it was given. */
    Optional<Path> given() {
        return Optional.ofNullable(directory);
    }

    /** The socket that a client connects to. */
    Path socket() {
        return directory != null ? directory.resolve(DaemonRequests.SOCKET) : DaemonRequests.defaultSocket();
    }
}
