package io.lvsd.core.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lvsd reload}. */
@Command(
        name = "reload",
        description =
                "Reload the configuration, as SIGHUP does. A file with new errors is refused, and nothing changes.",
        mixinStandardHelpOptions = true)
final class ReloadCommand implements Callable<Integer> {
    @Mixin
    private RunDirOption daemon = new RunDirOption();

    @Mixin
    private TimeoutOption timeout = new TimeoutOption();

    @Option(names = "--force", description = "Reload even if this removes more real servers than reload_guard allows.")
    private boolean force;

    @Option(names = "--json", description = "Print the result as JSON, on standard output or standard error.")
    private boolean json;

    @Override
    public Integer call() {
        return DaemonRequests.send(
                daemon.socket(),
                "reload" + (force ? " force" : "") + (json ? " json" : ""),
                timeout.or(DaemonRequests.LONG_TIMEOUT));
    }
}
