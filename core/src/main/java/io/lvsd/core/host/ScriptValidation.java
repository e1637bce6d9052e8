package io.lvsd.core.host;

import io.lvsd.checkers.script.ScriptSafety;
import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.conf.source.ConfigProblem.Kind;
import io.lvsd.conf.source.ConfigProblem.Severity;
import io.lvsd.conf.source.ProgramReference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Validates the programs that a configuration runs, and the other objects of this host that it names. Reads the host. */
public final class ScriptValidation {
    private ScriptValidation() {}

    /** Adds the problems of programs, and of other objects of this host, to a loaded configuration. */
    public static ConfigLoader.Loaded validated(ConfigLoader.Loaded loaded) {
        List<ConfigProblem> problems = new ArrayList<>(HostReferences.problems(loaded));
        problems.addAll(ConfigFileValidation.problems(loaded));
        boolean security = loaded.config().scriptSecurity();
        List<ProgramReference> programs = loaded.programs();
        programs.forEach(program -> problem(program, security).ifPresent(problems::add));
        if (!security && loaded.format() == ConfigFormat.KEEPALIVED) {
            programs.stream()
                    .filter(use -> ScriptSafety.unusable(use.program()).isEmpty())
                    .findFirst()
                    .ifPresent(use -> problems.add(unchecked(use)));
        }
        return loaded.with(problems);
    }

    /** keepalived reports this as a security violation, with its own exit status. */
    private static ConfigProblem unchecked(ProgramReference use) {
        return new ConfigProblem(
                Severity.WARNING,
                use.origin(),
                "scripts run without enable_script_security, even scripts that users other than root can change",
                "add 'enable_script_security' and 'script_user USER' to global_defs",
                Kind.SCRIPT_SECURITY);
    }

    /** The effect if the program cannot be run. */
    private static String effect(ProgramReference use) {
        return use.check() ? "the check fails, so the real server is down" : "it is not run";
    }

    private static Optional<ConfigProblem> problem(ProgramReference use, boolean security) {
        Optional<String> unusable = ScriptSafety.unusable(use.program());
        if (unusable.isPresent()) {
            return Optional.of(new ConfigProblem(
                    Severity.ERROR,
                    use.origin(),
                    use.use() + ": '" + use.program() + "' " + unusable.get() + ": " + effect(use),
                    "expected an executable file on this host"));
        }
        Optional<Path> unsafe = ScriptSafety.unsafe(use.program());
        return unsafe.map(at -> new ConfigProblem(
                security ? Severity.ERROR : Severity.WARNING,
                use.origin(),
                use.use() + ": '" + use.program() + "' is unsafe: users other than root can write " + at
                        + (security ? ": " + effect(use) : ""),
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
