package io.lvsd.core.cli;

import io.lvsd.conf.value.Driver;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --run-dir DIR}: where the daemon's control socket is. */
final class RunDirOption {
    @Option(
            names = "--run-dir",
            paramLabel = "DIR",
            description =
                    "Directory of the control socket (default: /run/lvsd; for a dry run, and for clients if no other"
                            + " daemon runs, /run/lvsd-dry-run).")
    private @Nullable Path directory;

    /** The directory of a daemon that is to start. */
    Path directory(Driver driver) {
        return directory != null
                ? directory
                : driver == Driver.MEMORY ? DaemonRequests.DRY_RUN_DIR : DaemonRequests.RUN_DIR;
    }

    /** The socket of a daemon that is to start. */
    Path socket(Driver driver) {
        return directory(driver).resolve(DaemonRequests.SOCKET);
    }

    /** The socket that a client connects to. */
    Path socket() {
        return directory != null ? directory.resolve(DaemonRequests.SOCKET) : DaemonRequests.defaultSocket();
    }
}
