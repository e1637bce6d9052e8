package io.lvsd.core.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading of tokens. */
final class TokenFileTest {
    private static final String TOKEN = "0123456789abcdef";

    @TempDir
    private Path directory;

    private Path file(String text, String permissions) throws IOException {
        Path file = Files.writeString(directory.resolve("tokens"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    @Test
    void aLineIsANameATokenAndARight() throws Exception {
        Path file = file(
                "# comment\n\n monitoring " + TOKEN + "\nops\t" + TOKEN + "x   write\r\nr " + TOKEN + "y read",
                "rw-------");
        assertEquals(
                List.of(
                        new TokenFile.Entry("monitoring", TOKEN, false),
                        new TokenFile.Entry("ops", TOKEN + "x", true),
                        new TokenFile.Entry("r", TOKEN + "y", false)),
                TokenFile.read(file));
        assertFalse(TokenFile.read(file).toString().contains(TOKEN));
    }

    @Test
    void aTokenAloneAuthorisesEverything() throws Exception {
        Path file = file("# comment\n\n" + TOKEN + "\n", "rw-------");
        assertEquals(List.of(new TokenFile.Entry("token", TOKEN, true)), TokenFile.read(file));
        file("short\n", "rw-------");
        assertThrows(TokenFile.UnusableException.class, () -> TokenFile.read(file));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                TOKEN,
                "name short",
                "name " + TOKEN + " admin",
                "name " + TOKEN + " write more",
                "na/me " + TOKEN,
                "name 0123456789abcdef\u00e4",
            })
    void aMalformedLineIsReportedByItsNumber(String line) throws IOException {
        Path file = file("a " + TOKEN + "0\n" + line + "\n", "rw-------");
        var e = assertThrows(TokenFile.UnusableException.class, () -> TokenFile.read(file));
        assertTrue(String.valueOf(e.getMessage()).contains("line 2"), e::toString);
        assertFalse(String.valueOf(e.getMessage()).contains(TOKEN), e::toString);
        assertTrue(e.hint().contains("NAME TOKEN"));
    }

    @ParameterizedTest
    @CsvSource({"rw-r-----", "rw----r--", "rw--w----", "rw-rw-rw-"})
    void aFileOfOtherUsersIsRejectedWithTheFix(String permissions) throws IOException {
        Path file = file("a " + TOKEN, permissions);
        var e = assertThrows(TokenFile.UnusableException.class, () -> TokenFile.read(file));
        assertEquals("run: chmod 600 " + file, e.hint());
    }

    @Test
    void aMissingOrEmptyOrRepeatedTokenIsReported() throws IOException {
        assertThrows(TokenFile.UnusableException.class, () -> TokenFile.read(directory.resolve("missing")));
        Path empty = file("# nothing\n", "r--------");
        assertThrows(TokenFile.UnusableException.class, () -> TokenFile.read(empty));
        Path repeated = file("a " + TOKEN + "\nb " + TOKEN + "\n", "rw-------");
        assertThrows(TokenFile.UnusableException.class, () -> TokenFile.read(repeated));
    }
}
