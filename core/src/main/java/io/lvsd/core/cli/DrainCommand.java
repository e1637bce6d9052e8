package io.lvsd.core.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lvsd drain}: prints the number of remaining connections until there are none. */
@Command(
        name = "drain",
        description = {
            "Set the weight of a real server to 0, wait until it has no active connections, then remove it from the"
                    + " table until 'lvsd enable'. The daemon continues if this command is interrupted.",
            "Exit status: 0 removed without connections; 8 --timeout passed, removed with its remaining connections."
        },
        mixinStandardHelpOptions = true)
final class DrainCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ServerArguments server = new ServerArguments();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Remove the real server after this time even if connections remain (default: wait until no"
                    + " connections remain). Each request to the daemon has its own timeout of 5 s.")
    private Optional<Long> timeout = Optional.empty();

    @Option(names = "--no-wait", description = "Return immediately; 'lvsd status' shows the progress.")
    private boolean noWait;

    @Override
    public Integer call() throws InterruptedException {
        if (timeout.isPresent() && (timeout.get() < 0 || timeout.get() > Drain.MAX_SECONDS)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "invalid --timeout '" + timeout.get() + "': expected 0 to " + Drain.MAX_SECONDS + " seconds");
        }
        return new Drain(server.daemon().socket(), server.words(), timeout, server.force(), !noWait).run();
    }
}
