package io.lvsd.core.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lvsd drain}: says how many connections are left until there are none. */
@Command(
        name = "drain",
        description = {
            "Gives a real server no new connections, waits until it has none, and takes it out until it is enabled"
                    + " again. The waiting goes on in the daemon if this command is interrupted.",
            "Exit status 0: it has left without connections; 8: --timeout passed, and it has left with those that it"
                    + " had."
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
            description = "Give up on the remaining connections after this time (default: wait until none remain). Each"
                    + " request to the daemon has its own deadline of 5 s.")
    private Optional<Long> timeout = Optional.empty();

    @Option(names = "--no-wait", description = "Return at once; status shows the progress.")
    private boolean noWait;

    @Override
    public Integer call() throws InterruptedException {
        if (timeout.isPresent() && (timeout.get() < 0 || timeout.get() > Drain.MAX_SECONDS)) {
            throw new ParameterException(spec.commandLine(), "--timeout takes 0 to " + Drain.MAX_SECONDS + " seconds");
        }
        return new Drain(server.daemon().socket(), server.words(), timeout, server.force(), !noWait).run();
    }
}
