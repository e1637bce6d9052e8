package io.lvsd.core.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.source.ConfigProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reading of passwords of SNMP. */
final class SecretFileTest {
    @TempDir
    private Path directory;

    private Path file(String text, String permissions) throws IOException {
        Path file = Files.writeString(directory.resolve("snmp.auth"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    @Test
    void thePasswordIsTheFirstLine() throws Exception {
        assertEquals("pass word", SecretFile.firstLine(file(" pass word\r\nmore\n", "rw-------")));
        assertEquals("12345678", SecretFile.firstLine(file("12345678", "r--------")));
    }

    @ParameterizedTest
    @CsvSource({"rw-r-----", "rw----r--", "rw--w----", "rw-rw-rw-"})
    void aFileOfOtherUsersIsRejectedWithTheFix(String permissions) throws IOException {
        Path file = file("12345678", permissions);
        var e = assertThrows(TokenFile.UnusableException.class, () -> SecretFile.firstLine(file));
        assertEquals("run: chmod 600 " + file, e.hint());
    }

    @ParameterizedTest
    @CsvSource({"hush", "'\nhush-hush'", "''"})
    void aShortPasswordIsRejectedAndNotShown(String text) throws IOException {
        Path file = file(text, "rw-------");
        var e = assertThrows(TokenFile.UnusableException.class, () -> SecretFile.firstLine(file));
        assertEquals("cannot use '" + file + "': its first line has fewer than 8 characters", e.getMessage());
        assertFalse((e.getMessage() + e.hint()).contains("hush"));
    }

    @Test
    void aCheckOfTheConfigurationReadsIt() throws IOException {
        Path file = file("12345678", "rw-r-----");
        Path config = Files.writeString(
                directory.resolve("lvsd.conf"),
                "lvsd {\n snmp {\n  agentx off\n  user u {\n   auth sha256 @" + file + "\n   priv aes128 @" + directory
                        + "/none\n  }\n }\n}\n");
        assertEquals(
                List.of(
                        "'auth': cannot use '" + file
                                + "': other users have access to it (rw-r-----), expected mode 0600 or stricter",
                        "'priv': cannot use '" + directory + "/none': no such file or directory"),
                HostReferences.problems(ConfigLoader.load(config)).stream()
                        .map(ConfigProblem::text)
                        .toList());
    }
}
