package io.lvsd.core.shell;

import io.lvsd.checkers.ScriptSafety;
import io.lvsd.conf.ConfigFormat;
import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.ConfigProblem;
import io.lvsd.conf.ConfigProblem.Severity;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.Question;
import io.lvsd.conf.model.RealServerConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is wrong with the programs of a configuration on this host. Reads the file system. */
public final class ScriptFit {
    private ScriptFit() {}

    /** What was loaded, with the problems of its programs. */
    public static ConfigLoader.Loaded judged(ConfigLoader.Loaded loaded) {
        List<ConfigProblem> problems = new ArrayList<>(loaded.problems());
        boolean security = loaded.config().scriptSecurity();
        for (RealServerConfig server : servers(loaded.config())) {
            programs(server).forEach(p -> problem(p, server, security).ifPresent(problems::add));
        }
        boolean refused =
                loaded.format() == ConfigFormat.HOCON && problems.stream().anyMatch(ConfigProblem::isError);
        return new ConfigLoader.Loaded(loaded.config(), problems, loaded.loadable() && !refused, loaded.format());
    }

    /** Whether others than root could change what a program of the configuration does. */
    public static boolean anyUnsafe(DaemonConfig config) {
        return servers(config).stream()
                .flatMap(rs -> programs(rs).stream())
                .anyMatch(p -> ScriptSafety.unsafe(p).isPresent());
    }

    private static List<RealServerConfig> servers(DaemonConfig config) {
        return config.virtualServers().stream()
                .flatMap(vs -> vs.realServers().stream())
                .toList();
    }

    private static List<String> programs(RealServerConfig server) {
        return server.checks().stream()
                .map(c -> c.question())
                .filter(Question.Misc.class::isInstance)
                .map(q -> ((Question.Misc) q).argv().getFirst())
                .toList();
    }

    private static Optional<ConfigProblem> problem(String program, RealServerConfig server, boolean security) {
        Optional<String> unusable = ScriptSafety.unusable(program);
        if (unusable.isPresent()) {
            return Optional.of(new ConfigProblem(
                    Severity.ERROR,
                    server.origin(),
                    "misc_path of " + server.id() + ": '" + program + "' " + unusable.get()
                            + ": the check fails, and the server is down",
                    "name a program that this host has"));
        }
        Optional<Path> unsafe = ScriptSafety.unsafe(program);
        return unsafe.map(at -> new ConfigProblem(
                security ? Severity.ERROR : Severity.WARNING,
                server.origin(),
                "misc_path of " + server.id() + ": '" + program + "' is unsafe: others than root may write " + at
                        + (security ? ": the check fails, and the server is down" : ""),
                "chown root, chmod go-w"));
    }
}
