package io.lvsd.core.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lvsd log}. */
@Command(
        name = "log",
        description = {
            "Set the level of the log until the next reload or restart. Without LEVEL, show format, target and levels.",
            "With debug, the log has a line for each probe and for each IPVS command."
        },
        mixinStandardHelpOptions = true)
final class LogCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private RunDirOption daemon = new RunDirOption();

    @Mixin
    private TimeoutOption timeout = new TimeoutOption();

    @Parameters(index = "0", arity = "0..1", paramLabel = "LEVEL", description = "error, warn, info, debug or trace.")
    private Optional<String> level = Optional.empty();

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "LOGGER",
            description =
                    "probes, table (IPVS commands), or a package or class, such as core.notify or io.netty; root for"
                            + " all, libraries included (default: all of lvsd).")
    private Optional<String> logger = Optional.empty();

    @Override
    public Integer call() {
        if (level.isPresent() && !DaemonRequests.isLogLevel(level.get())) {
            throw new ParameterException(
                    spec.commandLine(),
                    "invalid level '" + level.get() + "': expected error, warn, info, debug or trace");
        }
        if (logger.isPresent() && !DaemonRequests.isLogger(logger.get())) {
            throw new ParameterException(
                    spec.commandLine(),
                    "invalid logger '" + logger.get() + "': expected a package or class, such as core.loop");
        }
        String request = "log" + level.map(l -> " " + l).orElse("")
                + logger.map(l -> " " + l).orElse("");
        return DaemonRequests.send(daemon.socket(), request, timeout.value());
    }
}
