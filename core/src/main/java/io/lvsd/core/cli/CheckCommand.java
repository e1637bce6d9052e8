package io.lvsd.core.cli;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.convert.Converter.Converted;
import io.lvsd.conf.convert.EffectiveConfig;
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

    @Option(names = "--effective", description = "Prints the configuration with everything written out that holds.")
    private boolean effective;

    @Option(names = "--show-secrets", description = "With --effective: do not redact secrets.")
    private boolean showSecrets;

    private String text(ConfigLoader.Loaded loaded) {
        StringBuilder out = new StringBuilder();
        loaded.problems().forEach(p -> out.append(p.render()).append('\n'));
        long errors = loaded.problems().stream().filter(p -> p.isError()).count();
        return out.append(config.file() + ", read as " + loaded.format().title() + ": ")
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
        if (effective) {
            System.err.print(text(loaded));
            Converted written = showSecrets
                    ? EffectiveConfig.withSecrets(loaded.config(), loaded.format())
                    : EffectiveConfig.redacted(loaded.config(), loaded.format());
            written.lost().forEach(p -> System.err.println(p.text()));
            System.out.print(written.text());
        } else {
            System.out.print(json ? ProblemsJson.of(loaded) : text(loaded));
        }
        if (!loaded.loadable()) {
            return ExitStatus.REFUSED;
        }
        return loaded.problems().isEmpty() ? ExitStatus.DONE : ExitStatus.PROBLEMS;
    }
}
