package io.lvsd.core.cli;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.convert.Converter.Converted;
import io.lvsd.conf.convert.EffectiveConfig;
import io.lvsd.conf.language.Completion;
import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.conf.source.ConfigProblem.Kind;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.TextFiles;
import io.lvsd.core.host.ScriptValidation;
import io.lvsd.core.plan.DriverCompatibility;
import io.lvsd.core.view.Counted;
import io.lvsd.core.view.ProblemsReport;
import io.lvsd.core.view.RecordJson;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lvsd check}. */
@Command(
        name = "check",
        description = {
            "Validate a configuration and report every problem with its position and a hint.",
            "Exit status: 0 no errors; 4 not loadable; 5 errors, or with --strict warnings; 6 unsafe scripts or a"
                    + " failed include check."
        },
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
    private static final Pattern POSITION = Pattern.compile("([1-9]\\d{0,8}):([1-9]\\d{0,8})");

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "Configuration file, as with -f; '-' reads standard input.")
    private @Nullable Path file;

    @Option(names = "--strict", description = "Exit with status 5 for warnings too.")
    private boolean strict;

    @Option(names = "--json", description = "Print one JSON object, for editors.")
    private boolean json;

    @Option(
            names = "--effective",
            description = "Print the effective configuration, including inherited and default values.")
    private boolean effective;

    @Option(names = "--show-secrets", description = "With --effective: do not redact secrets.")
    private boolean showSecrets;

    @Option(
            names = "--complete",
            paramLabel = "LINE:COLUMN",
            description =
                    "For editors: list the keywords or values that are valid at this position, each with its syntax"
                            + " and description.")
    private String complete = "";

    private String text(ConfigLoader.Loaded loaded) {
        StringBuilder out = new StringBuilder();
        loaded.problems().forEach(p -> out.append(p.render()).append('\n'));
        long errors = loaded.problems().stream().filter(p -> p.isError()).count();
        return out.append(config.file() + ", read as " + loaded.format().title() + ": ")
                .append(Counted.of(loaded.config().virtualServers().size(), "virtual server") + ", ")
                .append(Counted.of(errors, "error") + ", ")
                .append(Counted.of(loaded.problems().size() - errors, "warning") + "\n")
                .toString();
    }

    @Override
    @SuppressWarnings("SystemOut")
    public Integer call() {
        config.positional(file);
        if (!complete.isEmpty()) {
            return complete();
        }
        ConfigLoader.Loaded parsed = config.source().load();
        ConfigLoader.Loaded loaded = ScriptValidation.validated(
                DriverCompatibility.validated(parsed, parsed.config().lvsd().driver()));
        if (effective) {
            System.err.print(text(loaded));
            Converted written = showSecrets
                    ? EffectiveConfig.withSecrets(loaded.config(), loaded.format())
                    : EffectiveConfig.redacted(loaded.config(), loaded.format());
            written.lost().forEach(p -> System.err.println(p.text()));
            System.out.print(written.text());
        } else {
            System.out.print(json ? RecordJson.pretty(ProblemsReport.of(loaded)) : text(loaded));
        }
        return status(loaded);
    }

    private int status(ConfigLoader.Loaded loaded) {
        if (loaded.has(Kind.INCLUDE_CHECK) || loaded.has(Kind.SCRIPT_SECURITY)) {
            return ExitStatus.UNSAFE;
        }
        if (!loaded.loadable()) {
            return ExitStatus.REFUSED;
        }
        boolean failed = strict ? !loaded.problems().isEmpty() : loaded.hasErrors();
        return failed ? ExitStatus.PROBLEMS : ExitStatus.DONE;
    }

    @SuppressWarnings("SystemOut")
    private int complete() {
        Optional<String> text = TextFiles.read(config.file(), new Problems());
        Matcher position = POSITION.matcher(complete);
        if (text.isEmpty() || !position.matches()) {
            System.err.println("lvsd: invalid --complete: expected LINE:COLUMN and a readable configuration file");
            return ExitStatus.FAILED;
        }
        List<String> lines = text.get().lines().toList();
        int line = Math.min(Integer.parseInt(position.group(1)), lines.size() + 1);
        String last = line > lines.size() ? "" : lines.get(line - 1);
        int column = Math.min(Integer.parseInt(position.group(2)) - 1, last.length());
        String before = String.join("\n", lines.subList(0, line - 1)) + "\n" + last.substring(0, column);
        Completion.at(before, config.source().format().orElseGet(() -> ConfigFormat.of(text.get())))
                .forEach(c -> System.out.println(c.word() + "\t" + c.form() + "\t" + c.sentence()));
        return ExitStatus.DONE;
    }
}
