package io.lvsd.core.host;

import io.lvsd.checkers.script.ScriptSafety;
import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.check.MiscCheck;
import io.lvsd.conf.model.CheckConfig;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.NotifyConfig;
import io.lvsd.conf.model.NotifyConfig.Timed;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.conf.source.ConfigProblem.Kind;
import io.lvsd.conf.source.ConfigProblem.Severity;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.value.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Validates the programs that a configuration runs, and the other objects of this host that it names. Reads the host. */
public final class ScriptValidation {
    private ScriptValidation() {}

    /** A use of a program, and the effect if the program cannot be run. */
    private record Use(String what, String program, Origin origin, String effect) {}

    /** Adds the problems of programs, and of other objects of this host, to a loaded configuration. */
    public static ConfigLoader.Loaded validated(ConfigLoader.Loaded loaded) {
        List<ConfigProblem> problems = new ArrayList<>(HostReferences.problems(loaded));
        problems.addAll(ConfigFileValidation.problems(loaded));
        boolean security = loaded.config().scriptSecurity();
        List<Use> uses = uses(loaded.config());
        uses.forEach(use -> problem(use, security).ifPresent(problems::add));
        if (!security && loaded.format() == ConfigFormat.KEEPALIVED) {
            uses.stream()
                    .filter(use -> ScriptSafety.unusable(use.program()).isEmpty())
                    .findFirst()
                    .ifPresent(use -> problems.add(unchecked(use)));
        }
        return loaded.with(problems);
    }

    /** keepalived reports this as a security violation, with its own exit status. */
    private static ConfigProblem unchecked(Use use) {
        return new ConfigProblem(
                Severity.WARNING,
                use.origin(),
                "scripts run without enable_script_security, even scripts that users other than root can change",
                "add 'enable_script_security' and 'script_user USER' to global_defs",
                Kind.SCRIPT_SECURITY);
    }

    private static List<Use> uses(DaemonConfig config) {
        List<Use> uses = new ArrayList<>();
        NotifyConfig notify = config.notices();
        notify.fifos().forEach(f -> add(uses, "FIFO script of ", f.path(), f.reader()));
        add(uses, "startup_script", "", notify.startup().map(Timed::program));
        add(uses, "shutdown_script", "", notify.shutdown().map(Timed::program));
        for (VirtualServerConfig vs : config.virtualServers()) {
            add(uses, "quorum_up of ", vs.id(), vs.notices().up());
            add(uses, "quorum_down of ", vs.id(), vs.notices().down());
            for (RealServerConfig rs : vs.realServers()) {
                add(uses, "notify_up of ", rs.id(), rs.notices().up());
                add(uses, "notify_down of ", rs.id(), rs.notices().down());
                for (CheckConfig check : rs.checks()) {
                    if (check.spec() instanceof MiscCheck misc) {
                        uses.add(new Use(
                                "misc_path of " + rs.id(),
                                misc.argv().getFirst(),
                                check.origin(),
                                "the check fails, so the real server is down"));
                    }
                }
            }
        }
        return uses;
    }

    private static void add(List<Use> uses, String what, Object of, Optional<Program> program) {
        program.ifPresent(p -> uses.add(new Use(what + of, p.argv().getFirst(), p.origin(), "it is not run")));
    }

    private static Optional<ConfigProblem> problem(Use use, boolean security) {
        Optional<String> unusable = ScriptSafety.unusable(use.program());
        if (unusable.isPresent()) {
            return Optional.of(new ConfigProblem(
                    Severity.ERROR,
                    use.origin(),
                    use.what() + ": '" + use.program() + "' " + unusable.get() + ": " + use.effect(),
                    "expected an executable file on this host"));
        }
        Optional<Path> unsafe = ScriptSafety.unsafe(use.program());
        return unsafe.map(at -> new ConfigProblem(
                security ? Severity.ERROR : Severity.WARNING,
                use.origin(),
                use.what() + ": '" + use.program() + "' is unsafe: users other than root can write " + at
                        + (security ? ": " + use.effect() : ""),
                remedy(use.program(), at),
                Kind.SCRIPT_SECURITY));
    }

    /** A remedy that is safe to follow: it changes only the program itself, because other programs may use its directory. */
    static String remedy(String program, Path writable) {
        boolean itself = ScriptSafety.find(program)
                .map(ScriptValidation::real)
                .filter(writable::equals)
                .isPresent();
        return itself
                ? "chown root:root '" + writable + "'; chmod go-w '" + writable + "'"
                : "move the program to a directory that only root can write, such as /etc/lvsd; do not change "
                        + writable;
    }

    /** The path with symbolic links resolved; unchanged if the file does not exist. */
    static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            return file;
        }
    }
}
