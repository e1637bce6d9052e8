package io.lvsd.checkers.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.lvsd.checkers.clock.PauseWatch;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Inconclusive;
import io.lvsd.checkers.probe.ProbeResult.Passed;
import io.lvsd.conf.check.MiscCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ScriptRunnerTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private final PauseWatch pauses = PauseWatch.start(_ -> {});
    private final ScriptRunner runner = new ScriptRunner(2, pauses);

    @AfterEach
    void close() {
        runner.close();
        pauses.close();
    }

    private String run(boolean dynamic, Duration timeout, String... argv) throws Exception {
        CompletableFuture<ProbeReport> report = new CompletableFuture<>();
        runner.run(new MiscCheck(List.of(argv), timeout, dynamic, Optional.empty()), report::complete);
        return switch (report.get(60, TimeUnit.SECONDS).result()) {
            case Passed(var reply) ->
                reply.map(w -> "weight " + w.weight().getAsLong()).orElse("passed");
            case Failed(var _, var detail, var _, var _) -> detail;
            case Inconclusive(var cause) -> cause;
        };
    }

    @ParameterizedTest
    @CsvSource({
        "0,   false, passed",
        "0,   true,  passed",
        "1,   false, 'expected exit status 0, got exit status 1'",
        "1,   true,  'expected exit status 0, got exit status 1'",
        "2,   true,  weight 0",
        "127, true,  weight 125",
        "128, true,  weight 126",
        "129, true,  weight 127",
        "130, true,  weight 128",
        "137, true,  weight 135",
        "137, false, 'expected exit status 0, got exit status 137'",
        "159, true,  weight 157",
        "255, true,  weight 253",
        "9,   false, 'expected exit status 0, got exit status 9'"
    })
    void theExitStatusIsTheOutcome(int status, boolean dynamic, String outcome) throws Exception {
        assertEquals(outcome, run(dynamic, LONG, "/bin/sh", "-c", "exit " + status));
    }

    @Test
    void argumentsArriveAsTheyAreWrittenAndTheLoadersVariablesDoNot() throws Exception {
        assertEquals("passed", run(false, LONG, "/bin/sh", "-c", "[ \"$1\" = 'a  $HOME \"' ]", "x", "a  $HOME \""));
        assertEquals("passed", run(false, LONG, "/bin/sh", "-c", "[ -z \"$LD_LIBRARY_PATH$LD_PRELOAD\" ]"));
    }

    @Test
    void aProgramThatIsMissingFails() throws Exception {
        assertEquals("'" + directory + "/nosuch' does not exist", run(false, LONG, directory + "/nosuch"));
        assertEquals("'" + directory + "' is not an executable file", run(false, LONG, directory.toString()));
        assertEquals("'no-such-program' is not on the PATH", run(false, LONG, "no-such-program"));
    }

    @Test
    void aProgramThatOthersCouldChangeIsNotRunIfThatIsForbidden() throws Exception {
        Path script = Files.writeString(directory.resolve("check"), "#!/bin/sh\nexit 0\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertEquals("passed", run(false, LONG, script.toString()));
        runner.security(true);
        assertEquals(
                "'" + script + "' is unsafe: others than root may write " + script.toRealPath(),
                run(false, LONG, script.toString()));
        assertEquals("passed", run(false, LONG, "true"), "the system's own");
    }

    @ParameterizedTest
    @CsvSource({
        "9,  true,  'expected exit status 0, got signal 9 (SIGKILL)'",
        "9,  false, 'expected exit status 0, got signal 9 (SIGKILL)'",
        "2,  true,  'expected exit status 0, got signal 2 (SIGINT)'",
        "3,  true,  'expected exit status 0, got signal 3 (SIGQUIT)'",
        "31, true,  'expected exit status 0, got signal 31 (SIGSYS)'",
        "40, true,  'expected exit status 0, got signal 40'"
    })
    void aDeathBySignalFailsAlsoIfWeightsAreWanted(int signal, boolean dynamic, String outcome) throws Exception {
        assertEquals(outcome, run(dynamic, LONG, "/bin/sh", "-c", "kill -" + signal + " $$"));
    }

    @Test
    void aProgramHasNothingOnItsStandardStreamsAndTheRootDirectory() throws Exception {
        String script = "[ \"$(readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2 | sort -u)\" = /dev/null ] || exit 3;"
                + " [ $(pwd) = / ] || exit 4";
        assertEquals("passed", run(false, LONG, "/bin/sh", "-c", script));
    }

    @Test
    void aProgramThatTakesTooLongIsEndedWithAllItStarted() throws Exception {
        Path alive = directory.resolve("alive");
        String script = "trap 'exit 0' TERM; (while :; do date > " + alive + "; sleep 0.05; done) & wait";
        assertEquals(
                "timeout after 300 ms, killed",
                run(false, Duration.ofMillis(300), "/bin/sh", "-c", script),
                "whatever it prints");
        Files.deleteIfExists(alive);
        Thread.sleep(500);
        assertFalse(Files.exists(alive), "the child of its own runs no more");
    }

    @Test
    void whatItLeavesBehindInItsGroupGoesWithIt() throws Exception {
        Path alive = directory.resolve("alive");
        assertEquals(
                "passed",
                run(false, LONG, "/bin/sh", "-c", "(while :; do date > " + alive + "; sleep 0.05; done) & exit 0"));
        Files.deleteIfExists(alive);
        Thread.sleep(500);
        assertFalse(Files.exists(alive));
    }
}
