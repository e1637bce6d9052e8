package io.lvsd.conf.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reload reports what is new, and counts the rest. */
final class ProblemChangesTest {
    private static final String SERVER = "virtual_server 192.0.2.1 80 {\nprotocol TCP\nlvs_sched rr\nlvs_method NAT\n"
            + "real_server 10.0.0.1 80 {\n}\n}\n";

    @TempDir
    private Path directory;

    private List<ConfigProblem> problems(String text) throws IOException {
        return ConfigLoader.load(Files.writeString(directory.resolve("x.conf"), text))
                .problems();
    }

    @Test
    void aMovedProblemIsKnownAndANewOneIsReported() throws IOException {
        List<ConfigProblem> before = problems("bogus 1\nvrrp_instance V {\n}\n" + SERVER);
        ProblemChanges changes = ProblemChanges.between(
                before, problems("\n# moved\nbogus 1\nwrong 2\nvrrp_instance V {\n}\nvrrp_script S {\n}\n" + SERVER));
        assertEquals(2, changes.known());
        assertEquals(
                List.of("wrong 2", "vrrp_script S {"),
                changes.fresh().stream().map(p -> p.origin().sourceLine()).toList());
        assertEquals(1, changes.errors().size());
        assertTrue(changes.text().contains("x.conf:4:1: error: unknown keyword 'wrong'"), changes.text());
        assertFalse(changes.text().contains("bogus"), changes.text());
        assertTrue(changes.text().endsWith("2 known problems, unchanged by the reload: 'lvsd check' lists them\n"));
    }

    @Test
    void theSameMistakeOnceMoreIsNew() throws IOException {
        List<ConfigProblem> before = problems("bogus\n" + SERVER);
        assertEquals(
                1,
                ProblemChanges.between(before, problems("bogus\nbogus\n" + SERVER))
                        .errors()
                        .size());
        assertEquals("", ProblemChanges.between(before, problems(SERVER)).text());
    }
}
