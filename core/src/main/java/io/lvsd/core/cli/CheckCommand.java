package io.lvsd.core.cli;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.core.plan.DriverFit;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code lvsd check}. */
@Command(
        name = "check",
        description = "Reports every problem of a configuration, with its place and a remedy.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
    @Mixin
    private ConfigOption config = new ConfigOption();

    @Override
    @SuppressWarnings("SystemOut")
    public Integer call() {
        ConfigLoader.Loaded read = config.source().load();
        ConfigLoader.Loaded loaded = DriverFit.judged(read, read.config().lvsd().driver());
        loaded.problems().forEach(p -> System.out.println(p.render()));
        long errors = loaded.problems().stream().filter(p -> p.isError()).count();
        int servers = loaded.config().virtualServers().size();
        System.out.println(config.file() + ": " + servers + " virtual servers, " + errors + " errors, "
                + (loaded.problems().size() - errors) + " warnings");
        if (!loaded.loadable()) {
            return ExitStatus.REFUSED;
        }
        return loaded.problems().isEmpty() ? ExitStatus.DONE : ExitStatus.PROBLEMS;
    }
}
