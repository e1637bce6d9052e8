package io.lvsd.checkers.script;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether a script is executable, and whether users other than root can change it. Reads the file system. */
public final class ScriptSafety {
    private ScriptSafety() {}

    /** The file of a program: itself, or found on the PATH. */
    public static Optional<Path> find(String program) {
        if (program.contains("/")) {
            return Optional.of(Path.of(program));
        }
        String path = System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        for (String directory : path.split(":")) {
            Path file = Path.of(directory, program);
            if (Files.isExecutable(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    /** The reason why a program is not executable; empty if it is. */
    public static Optional<String> unusable(String program) {
        Optional<Path> file = find(program);
        if (file.isEmpty()) {
            return Optional.of("is not on the PATH");
        }
        if (!Files.exists(file.get())) {
            return Optional.of("does not exist");
        }
        return Files.isRegularFile(file.get()) && Files.isExecutable(file.get())
                ? Optional.empty()
                : Optional.of("is not an executable file");
    }

    /** The reason why a program is refused; empty if it is not. */
    static Optional<String> refusal(String program, boolean security) {
        Optional<Path> unsafe = security ? unsafe(program) : Optional.empty();
        return unusable(program).or(() -> unsafe.map(at -> "is unsafe: others than root may write " + at));
    }

    /** The file or directory on the path to a program that users other than root can change; empty if there is none. */
    public static Optional<Path> unsafe(String program) {
        Optional<Path> file = find(program);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            for (Path at = file.get().toRealPath(); at != null; at = at.getParent()) {
                Map<String, Object> facts = Files.readAttributes(at, "unix:uid,gid,permissions");
                boolean root = Integer.valueOf(0).equals(facts.get("uid"));
                boolean rootsGroup = Integer.valueOf(0).equals(facts.get("gid"));
                Set<?> permissions = facts.get("permissions") instanceof Set<?> set ? set : Set.of();
                boolean byGroup = permissions.contains(PosixFilePermission.GROUP_WRITE) && !rootsGroup;
                if (!root || byGroup || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
                    return Optional.of(at);
                }
            }
        } catch (IOException _) {
            // A missing file is not executable either.
        }
        return Optional.empty();
    }
}
