package io.lvsd.core.cli;

import io.lvsd.conf.value.Driver;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lvsd run}: the daemon, in the foreground. */
@Command(
        name = "run",
        description = "Run the daemon in the foreground. It logs to stderr.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Mixin
    private RunDirOption runDir = new RunDirOption();

    @Option(
            names = "--driver",
            paramLabel = "DRIVER",
            description = "kernel, embedded, memory (dry run) or auto. Overrides the configuration.")
    private @Nullable Driver driver;

    @Option(
            names = "--shadow",
            description =
                    "Read the kernel table, never write it, and report each difference to the table that lvsd would"
                            + " program. Runs next to keepalived or ldirectord. See also 'lvsd shadow report'.")
    private boolean shadow;

    @Option(names = "--strict", description = "Refuse to start if the configuration has errors.")
    private boolean strict;

    @Option(
            names = "--force",
            description =
                    "Start even if this removes more real servers than reload_guard allows, or if keepalived's checkers"
                            + " run.")
    private boolean force;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description = "Directory of the state store (default: /var/lib/lvsd; a dry run has none).")
    private @Nullable Path stateDir;

    @Override
    public Integer call() throws Exception {
        config.requireFile();
        if (shadow && driver != null && driver != Driver.KERNEL) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--shadow reads the kernel table: it cannot be combined with --driver "
                            + driver.name().toLowerCase(Locale.ROOT));
        }
        return new DaemonStart(
                        config.source(),
                        Optional.ofNullable(driver),
                        shadow,
                        strict,
                        force,
                        runDir.given(),
                        Optional.ofNullable(stateDir))
                .run();
    }
}
