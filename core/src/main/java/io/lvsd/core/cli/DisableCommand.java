package io.lvsd.core.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code lvsd disable}. */
@Command(
        name = "disable",
        description = "Remove a real server from the table immediately, until 'lvsd enable'. Its connections are cut.",
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
