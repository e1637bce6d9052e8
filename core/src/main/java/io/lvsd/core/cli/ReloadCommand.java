package io.lvsd.core.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lvsd reload}. */
@Command(
        name = "reload",
        description = "Has the daemon load its files anew; a file with new errors changes nothing.",
        mixinStandardHelpOptions = true)
final class ReloadCommand implements Callable<Integer> {
    @Mixin
    private RunDirOption daemon = new RunDirOption();

    @Mixin
    private TimeoutOption timeout = new TimeoutOption();

    @Option(names = "--force", description = "Even if it takes out more real servers than reload_guard allows.")
    private boolean force;

    @Override
    public Integer call() {
        return DaemonRequests.send(
                daemon.socket(), force ? "reload force" : "reload", timeout.or(DaemonRequests.LONG_TIMEOUT));
    }
}
