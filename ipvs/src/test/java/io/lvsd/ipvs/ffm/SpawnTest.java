package io.lvsd.ipvs.ffm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpawnTest {
    @TempDir
    private Path directory;

    private static int run(String script, boolean oneByOne) {
        List<String> argv = List.of("sh", "-c", script);
        Map<String, String> environment = Map.of("PATH", "/usr/bin:/bin", "WORD", "a b");
        int pid = oneByOne ? Spawn.start(argv, environment, Optional.empty()) : Spawn.start(argv, environment);
        assertTrue(pid > 0, () -> Errno.describe(-pid));
        assertEquals(0, Processes.awaitEnd(pid));
        return Processes.reap(pid);
    }

    @Test
    void theWaitStatusTellsAnExitFromASignal() {
        assertEquals(0, run("exit 0", false));
        assertEquals(137 << 8, run("exit 137", false));
        assertEquals(9, run("kill -9 $$", false));
    }

    @Test
    void descriptorsSignalsAndEnvironmentAreThoseOfTheProgramAlone() throws Exception {
        assertTrue(Processes.ignoreSignal(40));
        for (boolean oneByOne : new boolean[] {false, true}) {
            Path out = directory.resolve("out" + oneByOne);
            int leaked = Libc.open(directory.toString(), 0);
            assertTrue(leaked > 2);
            int status = run(
                    "{ grep -E '^Sig(Blk|Ign)' /proc/self/status; echo \"$WORD\"; pwd; ls /proc/$$/fd; } > " + out,
                    oneByOne);
            assertEquals(0, status);
            assertEquals(0, Libc.close(leaked));
            List<String> lines = Files.readAllLines(out);
            assertEquals("SigBlk:\t0000000000000000", lines.getFirst());
            assertEquals("SigIgn:\t0000000000000000", lines.get(1));
            assertEquals("a b", lines.get(2));
            assertEquals("/", lines.get(3));
            assertEquals(4, lines.size() - 4, "the standard streams, and the one that the shell keeps: " + lines);
        }
    }

    @Test
    void aProgramThatIsNotThereIsAnError() {
        assertEquals(-Errno.ENOENT.number(), Spawn.start(List.of("/no/such/program"), Map.of()));
    }

    @Test
    void whoIsNoChildCannotBeReaped() {
        int init = 1;
        assertTrue(Processes.reap(init) < 0);
        assertTrue(Processes.awaitEnd(init) < 0);
    }
}
