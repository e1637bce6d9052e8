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
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Permissions of configuration files. */
final class ConfigFileValidationTest {
    private static final String SERVICE = "virtual_server 192.0.2.1 80 {\n"
            + "protocol TCP\n"
            + "lvs_sched rr\n"
            + "lvs_method NAT\n"
            + "real_server 10.0.0.1 80 { }\n"
            + "}\n";
    private static final String SECURITY = "global_defs {\nscript_user root\nenable_script_security\n}\n";

    @TempDir
    private Path base;

    private Path directory = Path.of("");

    @BeforeEach
    void make() throws IOException {
        directory = Files.createDirectory(base.toRealPath().resolve("etc"));
    }

    private static void mode(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    private Path write(String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        mode(file, "rw-r--r--");
        return file;
    }

    private static List<ConfigProblem> problems(Path file) {
        Loaded loaded = ScriptValidation.validated(ConfigLoader.load(file));
        assertTrue(loaded.loadable());
        return loaded.problems();
    }

    @Test
    void aFileThatOnlyItsOwnerCanWriteIsAccepted() throws IOException {
        assertEquals(List.of(), problems(write("lvsd.conf", SERVICE)));
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void aFileThatAllUsersCanWriteIsReported(boolean security) throws IOException {
        Path file = write("lvsd.conf", (security ? SECURITY : "") + SERVICE);
        mode(file, "rw-r--rw-");
        ConfigProblem only = problems(file).getFirst();
        assertEquals(1, problems(file).size());
        assertEquals(security, only.isError());
        assertEquals(security ? Kind.SCRIPT_SECURITY : Kind.ORDINARY, only.kind());
        assertTrue(only.text().endsWith("because they can write " + file), only.text());
        assertEquals("chown root:root '" + file + "'; chmod go-w '" + file + "'", only.hint());
    }

    @Test
    void anIncludedFileIsReported() throws IOException {
        Path included = write("more.conf", SERVICE);
        mode(included, "rw-r--rw-");
        ConfigProblem only = problems(write("lvsd.conf", "include more.conf\n")).getFirst();
        assertEquals(included.toString(), only.origin().file());
    }

    @Test
    void aDirectoryInWhichOtherUsersCanReplaceTheFileIsReportedWithoutChmodHint() throws IOException {
        Path file = write("lvsd.conf", SERVICE);
        mode(directory, "rwxr-xrwx");
        ConfigProblem only = problems(file).getFirst();
        assertTrue(only.text().endsWith("because they can write " + directory), only.text());
        assertFalse(only.hint().contains("chmod"), only.hint());
        assertEquals(1, problems(file).size());
    }

    @Test
    void aStickyDirectoryIsAccepted() throws Exception {
        Path file = write("lvsd.conf", SERVICE);
        assertEquals(
                0,
                new ProcessBuilder("chmod", "1777", directory.toString())
                        .start()
                        .waitFor());
        assertEquals(List.of(), problems(file));
    }
}
