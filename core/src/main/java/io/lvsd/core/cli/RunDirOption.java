package io.lvsd.core.cli;

import io.lvsd.conf.value.Driver;
import java.nio.file.Path;
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

    /** The directory for a daemon that starts with this driver. */
    Path directory(Driver driver) {
        return directory != null
                ? directory
                : driver == Driver.MEMORY ? DaemonRequests.DRY_RUN_DIR : DaemonRequests.RUN_DIR;
    }

    /** The socket for a daemon that starts with this driver. */
    Path socket(Driver driver) {
        return directory(driver).resolve(DaemonRequests.SOCKET);
    }

    /** The socket that a client connects to. */
    Path socket() {
        return directory != null ? directory.resolve(DaemonRequests.SOCKET) : DaemonRequests.defaultSocket();
    }
}
