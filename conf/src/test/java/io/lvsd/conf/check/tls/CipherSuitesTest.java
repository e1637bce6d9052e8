package io.lvsd.conf.check.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

/** The table of cipher suites against the Java runtime and OpenSSL. */
final class CipherSuitesTest {
    @Test
    void everySuiteOfTheJavaRuntimeIsKnown() throws Exception {
        List<String> missing = Stream.of(
                        SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites())
                .filter(suite -> !suite.endsWith("_SCSV"))
                .filter(suite -> !CipherSuites.javaName(suite).equals(Optional.of(suite)))
                .toList();
        assertEquals(List.of(), missing);
    }

    @Test
    void namesAreThoseOfOpenssl() throws Exception {
        Path openssl = Path.of("/usr/bin/openssl");
        boolean present = Files.isExecutable(openssl);
        assertTrue(present || !"required".equals(System.getProperty("lab")), "openssl is not installed");
        assumeTrue(present, "openssl is not installed");
        Process process = new ProcessBuilder(
                        openssl.toString(), "ciphers", "-stdname", "ALL:COMPLEMENTOFALL:@SECLEVEL=0")
                .start();
        String list = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        List<String> wrong = new ArrayList<>();
        int compared = 0;
        for (String line : list.lines().toList()) {
            String[] names = line.split("\\s+"); // IANA - OPENSSL VERSION …
            Optional<String> known = CipherSuites.javaName(names[0]);
            if (known.isPresent()) {
                compared++;
                if (!CipherSuites.javaName(names[2]).equals(known)) {
                    wrong.add(names[0] + " " + names[2]);
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(compared >= 40, "only " + compared + " suites were compared: " + list);
    }
}
