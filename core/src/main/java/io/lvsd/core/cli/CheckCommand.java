package io.lvsd.core.cli;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.core.plan.DriverFit;
import io.lvsd.core.view.ProblemsJson;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lvsd check}. */
@Command(
        name = "check",
        description = "Reports every problem of a configuration, with its place and a remedy.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(names = "--json", description = "One JSON object, for editors.")
    private boolean json;

    private String text(ConfigLoader.Loaded loaded) {
        StringBuilder out = new StringBuilder();
        loaded.problems().forEach(p -> out.append(p.render()).append('\n'));
        long errors = loaded.problems().stream().filter(p -> p.isError()).count();
        return out.append(config.file() + ": ")
                .append(loaded.config().virtualServers().size() + " virtual servers, ")
                .append(errors + " errors, ")
                .append((loaded.problems().size() - errors) + " warnings\n")
                .toString();
    }

    @Override
    @SuppressWarnings("SystemOut")
    public Integer call() {
        ConfigLoader.Loaded read = config.source().load();
        ConfigLoader.Loaded loaded = DriverFit.judged(read, read.config().lvsd().driver());
        System.out.print(json ? ProblemsJson.of(loaded) : text(loaded));
        if (!loaded.loadable()) {
            return ExitStatus.REFUSED;
        }
        return loaded.problems().isEmpty() ? ExitStatus.DONE : ExitStatus.PROBLEMS;
    }
}
