package io.lvsd.core.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.ConfigLoader.Loaded;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.conf.source.ConfigProblem.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs, accounts, interfaces and files that a configuration names. */
final class ScriptValidationTest {
    @TempDir
    private Path directory;

    private Loaded validated(String text) throws IOException {
        return ScriptValidation.validated(ConfigLoader.load(Files.writeString(directory.resolve("lvsd.conf"), text)));
    }

    /** Lines 1 to 3 are global_defs; the last but two belongs to the real server. */
    private static String text(String global, String server, String real) {
        return "global_defs {\n" + global
                + "\n}\nvirtual_server 192.0.2.1 80 {\nprotocol TCP\nlvs_sched rr\nlvs_method NAT\n" + server
                + "\nreal_server 10.0.0.1 80 {\n" + real + "\n}\n}\n";
    }

    @ParameterizedTest
    @CsvSource({
        "startup_script /nonexistent/x, '', '', 2",
        "shutdown_script /nonexistent/x, '', '', 2",
        "'', quorum_up /nonexistent/x, '', 8",
        "'', quorum_down /nonexistent/x, '', 8",
        "'', '', notify_up /nonexistent/x, 10",
        "'', '', notify_down /nonexistent/x, 10",
        "'', '', MISC_CHECK { misc_path /nonexistent/x }, 10"
    })
    void anUnusableScriptIsAnErrorAtTheLineOfItsKeyword(String global, String server, String real, int line)
            throws IOException {
        List<ConfigProblem> problems = validated(text(global, server, real)).problems();
        assertEquals(1, problems.size(), problems::toString);
        assertTrue(problems.getFirst().isError());
        assertTrue(problems.getFirst().text().contains("does not exist"), problems::toString);
        assertEquals(line, problems.getFirst().origin().line());
    }

    @Test
    void scriptsWithoutScriptSecurityAreReportedOnceAsKeepalivedDoes() throws IOException {
        Loaded loaded = validated(text("", "quorum_up /bin/true", "notify_up /bin/true"));
        assertTrue(loaded.has(Kind.SCRIPT_SECURITY));
        assertFalse(loaded.hasErrors());
        assertEquals(1, loaded.problems().size(), loaded.problems()::toString);
        assertEquals(8, loaded.problems().getFirst().origin().line());
        assertEquals(List.of(), validated(text("", "", "")).problems());
    }

    @Test
    void theHintForAnUnsafeDirectoryDoesNotChangeTheDirectory() throws IOException {
        Path script = Files.writeString(directory.resolve("check.sh"), "#!/bin/sh\n");
        String hint = ScriptValidation.remedy(script.toString(), directory);
        assertFalse(hint.contains("chown") || hint.contains("chmod"), hint);
        assertTrue(hint.contains("move the program"), hint);
        Path real = script.toRealPath();
        assertEquals(
                "chown root:root '" + real + "'; chmod go-w '" + real + "'",
                ScriptValidation.remedy(script.toString(), real));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "script_user no-such-user-xyz | | | 2:13: error | unknown user 'no-such-user-xyz'",
                "script_user root no-such-group-xyz | | | 2:18: error | unknown group 'no-such-group-xyz'",
                "script_user root :no-such-group-xyz | | | 2:18: error | unknown group 'no-such-group-xyz'",
                "notify_fifo /run/x no-such-user-xyz | | | 2:20: error | unknown user 'no-such-user-xyz'",
                "lvs_sync_daemon nosuchif0 id 1 | | | 2:17: warning | interface 'nosuchif0' does not exist at present",
                " | | TCP_CHECK { bind_if nosuchif0 } | 10:21: warning | interface 'nosuchif0' does not exist at"
                        + " present",
                " | | TCP_CHECK { bindto 203.0.113.77 } | 10:20: warning | address 203.0.113.77 is not configured on"
                        + " this host at present",
                " | quorum_up /nonexistent no-such-user-xyz | | 8:24: error | unknown user 'no-such-user-xyz'",
            })
    void missingObjectsOfTheHostAreReportedAtTheirPosition(
            String global, String server, String real, String place, String text) throws IOException {
        Loaded loaded = validated(text(plain(global), plain(server), plain(real)));
        assertTrue(
                loaded.problems().stream()
                        .anyMatch(p ->
                                p.headline().contains(":" + place) && p.text().contains(text)),
                loaded.problems()::toString);
    }

    private static String plain(String text) {
        return text == null ? "" : text;
    }

    @Test
    void existingObjectsOfTheHostAreAccepted() throws IOException {
        assertEquals(
                List.of(),
                validated(text("script_user root root", "", "TCP_CHECK {\nbindto 127.0.0.1\nbind_if lo\n}"))
                        .problems());
    }

    @Test
    void filesAndDirectoriesMustExist() throws IOException {
        Loaded loaded = validated("lvsd {\nsorry_page { root /nonexistent/page }\n"
                + "webhook { url https://alerts.example/\n secret_file /nonexistent/secret }\n}\n" + text("", "", ""));
        assertEquals(
                List.of(2, 4),
                loaded.problems().stream()
                        .filter(ConfigProblem::isError)
                        .map(p -> p.origin().line())
                        .toList(),
                loaded.problems()::toString);
    }
}
