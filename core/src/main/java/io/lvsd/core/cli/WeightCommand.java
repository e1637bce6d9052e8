package io.lvsd.core.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lvsd weight}. */
@Command(
        name = "weight",
        description = "Override the configured weight of a real server, until it is set to auto.",
        mixinStandardHelpOptions = true)
final class WeightCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ServerArguments server = new ServerArguments();

    @Mixin
    private TimeoutOption timeout = new TimeoutOption();

    @Parameters(
            index = "2",
            paramLabel = "N|auto",
            description = "0 to 2147483647; auto restores the configured weight.")
    private String weight = "";

    @Override
    public Integer call() {
        if (!DaemonRequests.isWeight(weight)) {
            throw new ParameterException(
                    spec.commandLine(), "invalid weight '" + weight + "': expected 0 to 2147483647, or auto");
        }
        return DaemonRequests.send(server.daemon().socket(), server.request("weight", weight), timeout.value());
    }
}
