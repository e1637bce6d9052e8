package io.lvsd.core.cli;

import io.lvsd.checkers.tls.TlsAlgorithms;
import io.lvsd.core.log.LogSetup;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lvsd}: the main class; see {@link Client} for client commands and {@link RunMain} for the daemon. */
@Command(
        name = "lvsd",
        description = "Health checker and IPVS controller for Linux Virtual Server directors.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:success",
            "1:failed, permission denied, no daemon or no answer",
            "2:wrong usage",
            "3:differences (plan)",
            "4:configuration not loadable, or refused",
            "5:errors, but runnable; incomplete conversion",
            "6:unsafe scripts or failed include check",
            "7:reload guard: too many real servers would be removed",
            "8:deadline passed (drain)",
            "12:heap exhausted: start with a larger LVSD_HEAP_MIB in the environment"
        },
        versionProvider = VersionCommand.Provider.class,
        subcommands = {
            RunCommand.class,
            DemoCommand.class,
            CheckCommand.class,
            ConvertCommand.class,
            DrainCommand.class,
            DisableCommand.class,
            EnableCommand.class,
            ExplainCommand.class,
            GenhashCommand.class,
            LogCommand.class,
            MaintenanceCommand.class,
            PlanCommand.class,
            ReloadCommand.class,
            PassPersistCommand.class,
            ShadowCommand.class,
            SorryCommand.class,
            StatusCommand.class,
            TableCommand.class,
            VersionCommand.class,
            WeightCommand.class,
            AutoComplete.GenerateCompletion.class
        })
public final class Main implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "expected a command");
    }

    /** Exit status: 0 done, 1 failed, 2 usage, 3 differences, 4 configuration not loadable or refused, 5 problems, 12 heap exhausted. */
    public static void main(String[] arguments) {
        HeapExhaustion.handle();
        LogSetup.install();
        TlsAlgorithms.prepare();
        System.exit(new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Main::failed)
                .execute(arguments));
    }

    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        return Failure.report(e, command.getErr());
    }
}
