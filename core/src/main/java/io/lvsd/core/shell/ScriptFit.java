package io.lvsd.core.shell;

import io.lvsd.checkers.ScriptSafety;
import io.lvsd.conf.ConfigFormat;
import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.ConfigProblem;
import io.lvsd.conf.ConfigProblem.Severity;
import io.lvsd.conf.Origin;
import io.lvsd.conf.model.CheckConfig;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.NotifyConfig;
import io.lvsd.conf.model.NotifyConfig.Timed;
import io.lvsd.conf.model.Program;
import io.lvsd.conf.model.Question;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is wrong with the programs of a configuration on this host. Reads the file system. */
public final class ScriptFit {
    private ScriptFit() {}

    /** A program, and what becomes of it if it cannot be run. */
    private record Use(String what, String program, Origin origin, String effect) {}

    /** What was loaded, with the problems of its programs. */
    public static ConfigLoader.Loaded judged(ConfigLoader.Loaded loaded) {
        List<ConfigProblem> problems = new ArrayList<>(loaded.problems());
        boolean security = loaded.config().scriptSecurity();
        uses(loaded.config()).forEach(use -> problem(use, security).ifPresent(problems::add));
        boolean refused =
                loaded.format() == ConfigFormat.HOCON && problems.stream().anyMatch(ConfigProblem::isError);
        return new ConfigLoader.Loaded(loaded.config(), problems, loaded.loadable() && !refused, loaded.format());
    }

    /** Whether others than root could change what a program of the configuration does. */
    public static boolean anyUnsafe(DaemonConfig config) {
        return uses(config).stream()
                .anyMatch(use -> ScriptSafety.unsafe(use.program()).isPresent());
    }

    private static List<Use> uses(DaemonConfig config) {
        List<Use> uses = new ArrayList<>();
        NotifyConfig notices = config.notices();
        Origin global = Origin.ofFile("global_defs");
        notices.fifos().forEach(f -> add(uses, "the script of ", f.path(), f.reader(), global));
        add(uses, "startup_script", "", notices.startup().map(Timed::program), global);
        add(uses, "shutdown_script", "", notices.shutdown().map(Timed::program), global);
        for (VirtualServerConfig vs : config.virtualServers()) {
            add(uses, "quorum_up of ", vs.id(), vs.notices().up(), vs.origin());
            add(uses, "quorum_down of ", vs.id(), vs.notices().down(), vs.origin());
            for (RealServerConfig rs : vs.realServers()) {
                add(uses, "notify_up of ", rs.id(), rs.notices().up(), rs.origin());
                add(uses, "notify_down of ", rs.id(), rs.notices().down(), rs.origin());
                for (CheckConfig check : rs.checks()) {
                    if (check.question() instanceof Question.Misc misc) {
                        uses.add(new Use(
                                "misc_path of " + rs.id(),
                                misc.argv().getFirst(),
                                rs.origin(),
                                "the check fails, and the server is down"));
                    }
                }
            }
        }
        return uses;
    }

    private static void add(List<Use> uses, String what, Object of, Optional<Program> program, Origin origin) {
        program.ifPresent(p -> uses.add(new Use(what + of, p.argv().getFirst(), origin, "it is not run")));
    }

    private static Optional<ConfigProblem> problem(Use use, boolean security) {
        Optional<String> unusable = ScriptSafety.unusable(use.program());
        if (unusable.isPresent()) {
            return Optional.of(new ConfigProblem(
                    Severity.ERROR,
                    use.origin(),
                    use.what() + ": '" + use.program() + "' " + unusable.get() + ": " + use.effect(),
                    "name a program that this host has"));
        }
        Optional<Path> unsafe = ScriptSafety.unsafe(use.program());
        return unsafe.map(at -> new ConfigProblem(
                security ? Severity.ERROR : Severity.WARNING,
                use.origin(),
                use.what() + ": '" + use.program() + "' is unsafe: others than root may write " + at
                        + (security ? ": " + use.effect() : ""),
                "chown root, chmod go-w"));
    }
}
