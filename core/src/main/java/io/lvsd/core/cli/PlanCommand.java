package io.lvsd.core.cli;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.convert.Converter.Converted;
import io.lvsd.conf.convert.EffectiveConfig;
import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.conf.source.ConfigProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lvsd plan}: reads the file in the client and sends the effective configuration to the daemon, never a path. */
@Command(
        name = "plan",
        description = {
            "Print the IPVS commands that a reload would issue now, in ipvsadm's syntax, and the share of real servers"
                    + " that it would remove.",
            "Exit status: 0 no commands; 3 commands; 4 the reload would be refused; 7 the reload guard would refuse it"
                    + " without --force."
        },
        mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {
    @Mixin
    private ConfigOption config = new ConfigOption();

    @Mixin
    private RunDirOption daemon = new RunDirOption();

    @Mixin
    private TimeoutOption timeout = new TimeoutOption();

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        ConfigLoader.Loaded loaded = config.source().load();
        if (!loaded.loadable()) {
            loaded.problems().forEach(p -> System.err.println(p.render()));
            System.err.println("lvsd: a reload would be refused: " + config.file() + ", read as "
                    + loaded.format().title() + ", cannot be used");
            return ExitStatus.REFUSED;
        }
        Converted effective = EffectiveConfig.withSecrets(loaded.config(), ConfigFormat.KEEPALIVED);
        if (!effective.lost().isEmpty()) {
            effective.lost().forEach(p -> System.err.println("lvsd: not supported by plan: " + p.text()));
            return ExitStatus.FAILED;
        }
        List<String> parts = new ArrayList<>(List.of(effective.text()));
        loaded.problems().stream()
                .filter(ConfigProblem::isError)
                .peek(p -> System.err.println(p.render()))
                .forEach(p -> parts.add(p.identity().replace("\0", "")));
        return DaemonRequests.send(
                daemon.socket(),
                json ? "plan-json" : "plan",
                String.join("\0", parts),
                timeout.or(DaemonRequests.LONG_TIMEOUT));
    }
}
