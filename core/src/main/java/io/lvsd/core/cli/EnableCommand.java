package io.lvsd.core.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code lvsd enable}. */
@Command(
        name = "enable",
        description = "Revert drain and disable: the real server is used again as soon as its checks pass.",
        mixinStandardHelpOptions = true)
final class EnableCommand implements Callable<Integer> {
    @Mixin
    private ServerArguments server = new ServerArguments();

    @Mixin
    private TimeoutOption timeout = new TimeoutOption();

    @Override
    public Integer call() {
        return DaemonRequests.send(server.daemon().socket(), server.request("enable", ""), timeout.value());
    }
}
