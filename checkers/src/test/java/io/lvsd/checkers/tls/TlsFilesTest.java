package io.lvsd.checkers.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.checkers.Required;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Certificates and keys in the formats that OpenSSL writes. */
final class TlsFilesTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void openssl() {
        Required.that(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
    }

    private void openssl(String arguments) throws Exception {
        String command = "/usr/bin/openssl " + arguments;
        Process process = new ProcessBuilder(command.split(" +"))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), command);
        assertEquals(0, process.exitValue(), () -> command + ": " + out);
    }

    private Path certificate(String name) throws Exception {
        openssl("req -x509 -key " + name + ".key -days 3650 -subj /CN=" + name + " -out " + name + ".crt");
        return directory.resolve(name + ".crt");
    }

    @ParameterizedTest
    @CsvSource({
        "genrsa -out a.key 2048, ''",
        "genrsa -traditional -out a.key 2048, ''",
        "ecparam -genkey -name prime256v1 -out a.key, ''",
        "ecparam -genkey -name secp384r1 -noout -out a.key, ''",
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out a.key, ''",
        "genpkey -algorithm ED25519 -out a.key, ''",
        "genpkey -algorithm RSA -out a.key, 'pkcs8 -topk8 -in a.key -out b.key -passout pass:opensesame'",
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out a.key,"
                + " 'pkcs8 -topk8 -v2 aes-128-cbc -in a.key -out b.key -passout pass:opensesame'",
    })
    void aKeyInEachFormatBelongsToItsCertificate(String generate, String encrypt) throws Exception {
        openssl(generate);
        Path own = certificate("a");
        Path key = directory.resolve("a.key");
        if (!encrypt.isEmpty()) {
            openssl(encrypt);
            key = directory.resolve("b.key");
        }
        TlsFiles.key(key, encrypt.isEmpty() ? "" : "opensesame", Optional.of(own));

        for (String other : List.of("genrsa -out c.key 2048", "ecparam -genkey -name prime256v1 -out c.key")) {
            openssl(other);
            assertEquals(
                    "cannot use '" + directory.resolve("c.key") + "': the key does not belong to the certificate in '"
                            + own + "'",
                    complaint(directory.resolve("c.key"), "", Optional.of(own)));
        }
    }

    private static String complaint(Path key, String password, Optional<Path> certificate) {
        return String.valueOf(
                assertThrows(TlsFiles.UnusableException.class, () -> TlsFiles.key(key, password, certificate))
                        .getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', the key is encrypted and no password is configured",
        "wrong, '', wrong password for the encrypted key",
        "'', -traditional, the key is encrypted in an unsupported format",
        "opensesame, -traditional, the key is encrypted in an unsupported format",
    })
    void anEncryptedKeyNeedsItsPassword(String password, String format, String reason) throws Exception {
        openssl("genrsa -aes256 -passout pass:opensesame " + format + " -out a.key 2048");
        Path key = directory.resolve("a.key");
        assertEquals("cannot use '" + key + "': " + reason, complaint(key, password, Optional.empty()));
    }

    @Test
    void whatIsNoKeyOrCertificateIsNamed() throws Exception {
        openssl("genrsa -out a.key 2048");
        Path certificate = certificate("a");
        Path key = directory.resolve("a.key");
        Path text = Files.writeString(directory.resolve("text"), "hello\n");
        Path damaged = Files.writeString(
                directory.resolve("damaged"), Files.readString(certificate).replaceAll("(?m)^M.*$", "MAAA"));
        Path cut = Files.writeString(
                directory.resolve("cut"), Files.readString(key).substring(0, 600));
        Path absent = directory.resolve("absent");
        assertEquals("cannot use '" + certificate + "': it contains no private key", complaint(certificate));
        assertEquals("cannot use '" + text + "': it contains no private key", complaint(text));
        assertEquals("cannot use '" + cut + "': it has no -----END line", complaint(cut));
        assertEquals("cannot use '" + absent + "': no such file or directory", complaint(absent));
        assertEquals("cannot use '" + directory + "': not a regular file", complaint(directory));
        assertEquals("cannot use '" + key + "': it contains no certificate", notCertificates(key));
        assertEquals("cannot use '" + text + "': it contains no certificate", notCertificates(text));
        assertEquals("cannot use '" + damaged + "': certificate 1 in it is invalid", notCertificates(damaged));
        assertEquals("cannot use '" + absent + "': no such file or directory", notCertificates(absent));
    }

    private static String complaint(Path key) {
        return complaint(key, "", Optional.empty());
    }

    private static String notCertificates(Path file) {
        return String.valueOf(assertThrows(TlsFiles.UnusableException.class, () -> TlsFiles.certificates(file))
                .getMessage());
    }

    @Test
    void aKeyThatTheJavaRuntimeCannotDecryptIsReportedAsSuch() throws Exception {
        openssl("genrsa -out a.key 2048");
        openssl("pkcs8 -topk8 -v2 camellia-256-cbc -in a.key -out b.key -passout pass:opensesame");
        Path key = directory.resolve("b.key");
        assertEquals(
                "cannot use '" + key
                        + "': the key is encrypted with an algorithm that the Java runtime does not support",
                complaint(key, "opensesame", Optional.empty()));
    }

    @Test
    void aFileMayHoldBothAndTextBetween() throws Exception {
        openssl("genrsa -out a.key 2048");
        Path certificate = certificate("a");
        String both = "Bag Attributes\n" + Files.readString(directory.resolve("a.key")) + "subject=CN = a\n"
                + Files.readString(certificate) + Files.readString(certificate);
        Path file = Files.writeString(directory.resolve("both"), both);
        assertEquals(2, TlsFiles.certificates(file).size());
        TlsFiles.key(file, "", Optional.of(file));
    }

    @Test
    void aBundleOfAuthoritiesIsRead() throws IOException, TlsFiles.UnusableException {
        Path bundle = Path.of("/etc/ssl/certs/ca-certificates.crt");
        Required.that(Files.exists(bundle), "ca-certificates is not installed");
        long count = Files.readAllLines(bundle).stream()
                .filter(l -> l.startsWith("-----BEGIN"))
                .count();
        assertEquals(count, TlsFiles.certificates(bundle).size());
    }
}
