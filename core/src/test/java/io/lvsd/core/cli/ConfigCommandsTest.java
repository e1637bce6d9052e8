package io.lvsd.core.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Commands that read configurations: exit status, output and files. */
final class ConfigCommandsTest {
    private static final String SERVER = """
        virtual_server 192.0.2.1 80 {
          protocol TCP
          lvs_sched rr
          lvs_method NAT
          real_server 10.0.0.1 80 {
          }
        }
        """;

    @TempDir
    private Path directory;

    private record Outcome(int status, String out, String err) {}

    private static Outcome lvsd(String... arguments) {
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
            int status = new CommandLine(new Main())
                    .setCaseInsensitiveEnumValuesAllowed(true)
                    .execute(arguments);
            return new Outcome(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
        }
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text).toString();
    }

    @Test
    void convertWritesTheOtherSyntaxAndBack() throws IOException {
        Outcome hocon = lvsd("convert", file("k.conf", SERVER), "--to", "hocon");
        assertEquals(0, hocon.status(), hocon.err());
        Outcome back = lvsd("convert", file("h.conf", hocon.out()), "--to", "keepalived");
        assertEquals(0, back.status(), back.err());
        assertTrue(back.out().endsWith(SERVER), back.out());
    }

    @Test
    void convertReportsWhatIsLost() throws IOException {
        Outcome lost = lvsd("convert", file("k.conf", "vrrp_instance V {\n}\n" + SERVER), "--to", "hocon");
        assertEquals(5, lost.status());
        assertTrue(lost.err().contains("k.conf:1:1: warning: 'vrrp_instance' is not converted"), lost.err());
        assertEquals(
                4,
                lvsd("convert", directory.resolve("none").toString(), "--to", "hocon")
                        .status());
    }

    @Test
    void anOutputFileIsNewAndReadableByItsOwnerOnly() throws IOException {
        String output = directory.resolve("out.conf").toString();
        String input = file("k.conf", SERVER);
        assertEquals(0, lvsd("convert", input, "--to", "hocon", "-o", output).status());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(output))));
        assertEquals(1, lvsd("convert", input, "--to", "hocon", "-o", output).status(), "never overwrites");
    }

    @Test
    void checkReportsStatusAndDetectedSyntax() throws IOException {
        Outcome good = lvsd("check", "-f", file("k.conf", SERVER));
        assertEquals(0, good.status());
        assertTrue(good.out().contains("read as keepalived.conf: 1 virtual server, 0 errors"), good.out());
        Outcome bad = lvsd("check", "-f", file("h.conf", "driver = 1\n"));
        assertEquals(4, bad.status(), "an error in HOCON is never loadable");
        assertTrue(bad.out().contains("read as HOCON"), bad.out());
        assertEquals(
                5,
                lvsd("check", "-f", file("w.conf", SERVER.replace("lvs_sched rr", "")))
                        .status());
        String warning = file("v.conf", "vrrp_instance V {\n}\n" + SERVER);
        assertEquals(0, lvsd("check", "-f", warning).status(), "warnings alone");
        assertEquals(5, lvsd("check", "--strict", "-f", warning).status());
        String include = file("i.conf", "includem nofile\n" + SERVER);
        assertEquals(6, lvsd("check", "-f", include).status(), "a failed include check");
        assertEquals(6, lvsd("run", "-f", include).status());
        String script = file("s.conf", SERVER.replace("80 {\n  }", "80 {\n    notify_up /bin/true\n  }"));
        assertEquals(6, lvsd("check", "-f", script).status(), "a script without enable_script_security");
        assertEquals(
                4,
                lvsd("check", "--format", "hocon", "-f", file("k.conf", SERVER)).status());
    }

    @Test
    void theEffectiveConfigurationIsRedactedByDefault() throws IOException {
        String file = file("k.conf", "lvsd {\nsnmp {\nlisten udp:127.0.0.1:1161\ncommunity hush\n}\n}\n" + SERVER);
        assertFalse(lvsd("check", "--effective", "-f", file).out().contains("hush"));
        assertTrue(
                lvsd("check", "--effective", "--show-secrets", "-f", file).out().contains("hush"));
    }

    @Test
    void completionKnowsTheBlock() throws IOException {
        Outcome offered = lvsd("check", "--complete", "3:8", "-f", file("k.conf", SERVER));
        assertTrue(offered.out().startsWith("lvs_sched\trr|wrr|"), offered.out());
    }

    @Test
    void aPlanNeedsADaemonAndAFile() throws IOException {
        assertEquals(
                1,
                lvsd("plan", "-f", file("k.conf", SERVER), "--run-dir", directory.toString())
                        .status());
        assertEquals(
                4,
                lvsd("plan", "-f", "/nonexistent", "--run-dir", directory.toString())
                        .status());
    }

    @Test
    void checkReadsAnArgumentAndStandardInput() throws IOException {
        assertEquals(0, lvsd("check", file("k.conf", SERVER)).status());
        assertEquals(
                2,
                lvsd("check", "-f", file("k.conf", SERVER), file("l.conf", SERVER))
                        .status());
        InputStream before = System.in;
        try {
            for (String[] arguments : new String[][] {{"check", "-f", "-"}, {"check", "-"}, {"check", "/dev/stdin"}}) {
                System.setIn(new ByteArrayInputStream(("bogus\n" + SERVER).getBytes(StandardCharsets.UTF_8)));
                Outcome bad = lvsd(arguments);
                assertEquals(5, bad.status(), bad.out());
                assertTrue(bad.out().contains("-:1:1: error: unknown keyword 'bogus'"), bad.out());
            }
        } finally {
            System.setIn(before);
        }
        assertEquals(2, lvsd("run", "-f", "-").status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dev/zero", "/dev/null", "fifo", "."})
    @Timeout(20)
    void onlyARegularFileIsRead(String name) throws Exception {
        Path file = directory.resolve(name);
        if (name.equals("fifo")) {
            assertEquals(
                    0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
        }
        Outcome refused = lvsd("check", file.toString());
        assertEquals(4, refused.status(), refused.out());
        assertTrue(refused.out().contains(name.equals(".") ? "directory" : "64 MiB"), refused.out());
    }
}
