package io.lvsd.core.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code lvsd disable}. */
@Command(
        name = "disable",
        description = "Takes a real server out at once, with its connections, until it is enabled again.",
        mixinStandardHelpOptions = true)
final class DisableCommand implements Callable<Integer> {
    @Mixin
    private ServerArguments server = new ServerArguments();

    @Mixin
    private TimeoutOption timeout = new TimeoutOption();

    @Override
    public Integer call() {
        return DaemonRequests.send(server.daemon().socket(), server.request("disable", ""), timeout.value());
    }
}
