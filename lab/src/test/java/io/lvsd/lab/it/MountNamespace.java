package io.lvsd.lab.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.lab.it.LvsdProcess.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Commands that run in a mount namespace of their own. A host that cannot create one skips the test. */
final class MountNamespace {
    private MountNamespace() {}

    /**
     * Runs a command after some mounts.
     *
     * @param mounts lines of bash
     * @param temporary the TMPDIR of the command, which is created
     */
    static Result run(ProcessBuilder command, List<String> mounts, Path temporary)
            throws IOException, InterruptedException {
        boolean able = new ProcessBuilder("unshare", "-rm", "true").start().waitFor() == 0;
        assertTrue(able || !"required".equals(System.getProperty("lab")), "no mount namespace can be created here");
        Assumptions.assumeTrue(able, "no mount namespace can be created here");
        command.environment().put("TMPDIR", Files.createDirectories(temporary).toString());
        List<String> all = new ArrayList<>(List.of("unshare", "-rm", "bash", "-ec"));
        all.addAll(List.of(String.join("\n", mounts) + "\nexec \"$@\"", "bash"));
        all.addAll(command.command());
        command.command(all);
        return LvsdProcess.run(command);
    }

    /** The line that mounts a directory on itself, so that nothing in it can be executed. */
    static String noexec(Path directory) {
        return "mount --bind " + directory + " " + directory + "; mount -o remount,bind,noexec " + directory;
    }
}
