package io.lvsd.core.host;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.conf.source.ConfigProblem.Kind;
import io.lvsd.conf.source.ConfigProblem.Severity;
import io.lvsd.conf.source.Origin;
import io.lvsd.ipvs.ffm.Libc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds configuration files that users other than root and the user of this process can change. Reads the file system. */
final class ConfigFileValidation {
    private static final int STICKY = 01000;
    private static final int GROUP_WRITE = 020;
    private static final int OTHERS_WRITE = 02;

    private ConfigFileValidation() {}

    /** A warning for each such file; an error with {@code enable_script_security}, because the file names programs to run. */
    static List<ConfigProblem> problems(ConfigLoader.Loaded loaded) {
        boolean security = loaded.config().scriptSecurity();
        List<ConfigProblem> problems = new ArrayList<>();
        for (String name : loaded.files()) {
            Path file = Path.of(name);
            writable(file)
                    .ifPresent(at -> problems.add(new ConfigProblem(
                            security ? Severity.ERROR : Severity.WARNING,
                            Origin.ofFile(name),
                            "unsafe permissions: users other than root can change this file and the programs that lvsd"
                                    + " runs, because they can write " + at,
                            at.equals(ScriptValidation.real(file))
                                    ? "chown root:root '" + at + "'; chmod go-w '" + at + "'"
                                    : "move the configuration to a directory that only root can write, such as"
                                            + " /etc/lvsd",
                            security ? Kind.SCRIPT_SECURITY : Kind.ORDINARY)));
        }
        return problems;
    }

    /** The file, or the directory above it, that other users can write; empty if there is none, or if this is no regular file. */
    private static Optional<Path> writable(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            Path real = file.toRealPath();
            for (Path at = real; at != null; at = at.getParent()) {
                if (isWritable(Files.readAttributes(at, "unix:uid,gid,mode"), !at.equals(real))) {
                    return Optional.of(at);
                }
            }
        } catch (IOException | UnsupportedOperationException _) {
            // The permissions cannot be read.
        }
        return Optional.empty();
    }

    /** In a sticky directory such as /tmp, users can replace only their own files. */
    private static boolean isWritable(Map<String, Object> facts, boolean directory) {
        int user = number(facts, "uid");
        int mode = number(facts, "mode");
        boolean sticky = directory && (mode & STICKY) != 0;
        boolean byOwner = user != 0 && user != Libc.geteuid();
        boolean byGroup = (mode & GROUP_WRITE) != 0 && number(facts, "gid") != 0;
        return byOwner || !sticky && (byGroup || (mode & OTHERS_WRITE) != 0);
    }

    private static int number(Map<String, Object> facts, String name) {
        return facts.get(name) instanceof Integer number ? number : 0;
    }
}
