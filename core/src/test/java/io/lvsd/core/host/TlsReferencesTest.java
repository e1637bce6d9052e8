package io.lvsd.core.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.ConfigLoader.Loaded;
import io.lvsd.conf.source.ConfigFormat;
import io.netty.handler.ssl.util.SelfSignedCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Certificates and keys that a configuration names are read when it is loaded. */
@SuppressWarnings("deprecation") // SelfSignedCertificate is good enough for a test
final class TlsReferencesTest {
    private static SelfSignedCertificate own;
    private static SelfSignedCertificate other;

    @TempDir
    private Path directory;

    @BeforeAll
    static void certificates() throws Exception {
        own = new SelfSignedCertificate("a.example");
        other = new SelfSignedCertificate("b.example");
    }

    @AfterAll
    static void delete() {
        own.delete();
        other.delete();
    }

    private static String filled(String text) {
        return text.replace(';', '\n')
                .replace("OWN.crt", own.certificate().getPath())
                .replace("OWN.key", own.privateKey().getPath())
                .replace("OTHER.key", other.privateKey().getPath());
    }

    private Loaded validated(String name, String text) throws IOException {
        return ScriptValidation.validated(ConfigLoader.load(Files.writeString(directory.resolve(name), filled(text))));
    }

    /** Line 1 is that of SSL, 9 the first of the check. */
    private static String text(String ssl, String check) {
        return "SSL {;" + ssl + ";};virtual_server 192.0.2.1 80 {;protocol TCP; lvs_sched rr; lvs_method NAT;"
                + "real_server 10.0.0.1 80 {;" + check + ";};};";
    }

    @ParameterizedTest
    @CsvSource({
        "key /nonexistent, '', 2:5, 'key': cannot use '/nonexistent': no such file or directory",
        "certificate /nonexistent, '', 2:13, 'certificate': cannot use '/nonexistent': no such file or directory",
        "ca /nonexistent, '', 2:4, 'ca': cannot use '/nonexistent': no such file or directory",
        "ca OWN.key, '', 2:4, it contains no certificate",
        "certificate OWN.key; key OWN.key, '', 2:13, it contains no certificate",
        "certificate OWN.crt; key OWN.crt, '', 3:6, it contains no private key",
        "certificate OWN.crt; key OTHER.key, '', 3:6, the key does not belong to the certificate in",
        "'', SSL_GET {; tls_ca /nonexistent; url {; path /; }; }, 10:9, 'tls_ca': cannot use",
        "'', SSL_GET {; tls_certificate /x; tls_key OWN.key; url {; path /; }; }, 10:18, 'tls_certificate': cannot use",
        "'', SSL_GET {; tls_certificate OWN.crt; tls_key OTHER.key; url {; path /; }; }, 11:10, does not belong to",
        "'', GRPC_CHECK {; tls; tls_certificate OWN.crt; tls_key OTHER.key; }, 12:10, does not belong to",
        "'', SERVICE_CHECK {; type redis; tls; tls_ca OWN.key; }, 12:9, it contains no certificate",
    })
    void anUnusableFileIsAnErrorAtItsPosition(String ssl, String check, String place, String reason)
            throws IOException {
        Loaded loaded = validated("lvsd.conf", text(ssl, check));
        assertTrue(
                loaded.problems().stream()
                        .anyMatch(p -> p.headline().contains(":" + place + ": error")
                                && p.text().contains(reason)),
                loaded.problems()::toString);
        assertTrue(loaded.loadable(), "as keepalived, the daemon runs in spite of it");
    }

    @ParameterizedTest
    @CsvSource({
        "SSL_GET {; tls_ciphers AES128-SHA:AES128-SHAA; url {; path /; }; }, 10:25, unknown cipher suite 'AES128-SHAA'",
        "SSL_GET {; tls_ciphers HIGH; url {; path /; }; }, 10:14, unknown cipher suite 'HIGH'",
        "SSL_GET {; tls_ciphers AES128-SHA DES-CBC3-SHA; url {; path /; }; }, 10:25, 3DES_EDE_CBC is disabled by"
                + " jdk.tls",
        "GRPC_CHECK {; tls; tls_min 1.4; }, 11:10, invalid tls_min '1.4'",
        "tls_min 1.3; tls_ciphers AES128-SHA; GRPC_CHECK {; tls; }, 10:2, tls_ciphers has no suite of TLS 1.3",
    })
    void anUnusableCipherSuiteIsAnErrorAtItsPosition(String check, String place, String reason) throws IOException {
        Loaded loaded = validated("lvsd.conf", text("", check));
        assertTrue(
                loaded.problems().stream()
                        .anyMatch(p -> p.headline().contains(":" + place + ": error")
                                && p.text().contains(reason)),
                loaded.problems()::toString);
    }

    @Test
    void usableFilesAreAccepted() throws IOException {
        String files = "tls_ca OWN.crt; tls_certificate OWN.crt; tls_key OWN.key;";
        assertEquals(
                List.of(),
                validated(
                                "lvsd.conf",
                                text(
                                        "ca OWN.crt; certificate OWN.crt; key OWN.key",
                                        "SSL_GET {;" + files + "url {; path /; }; }; GRPC_CHECK {; tls;" + files
                                                + "}; SERVICE_CHECK {; type redis; tls;" + files + "}"))
                        .problems());
    }

    @Test
    void anIncompletePairIsReported() throws IOException {
        Loaded loaded = validated("lvsd.conf", text("key OWN.key", ""));
        assertFalse(loaded.hasErrors(), loaded.problems()::toString);
        assertEquals(
                List.of("'key' requires 'certificate': no client certificate is sent"),
                loaded.problems().stream().map(p -> p.text()).toList());
        Loaded check = validated("lvsd.conf", text("", "SSL_GET {; tls_certificate OWN.crt; url {; path /; }; }"));
        assertEquals(
                List.of("'tls_certificate' requires 'tls_key': no client certificate is sent"),
                check.problems().stream().map(p -> p.text()).toList());
        assertTrue(check.hasErrors());
    }

    @Test
    void inHoconTheConfigurationIsRefused() throws IOException {
        Loaded loaded = validated("lvsd.hocon", """
            virtual_server {
              web {
                address = "192.0.2.10:443"
                protocol = TCP
                lvs_sched = rr
                lvs_method = NAT
                SSL_GET { url = [{ path = "/" }], tls_verify = true, tls_ca = "/nonexistent" }
                real_server = [{ address = "10.0.0.11:8443" }]
              }
            }
            """);
        assertEquals(ConfigFormat.HOCON, loaded.format());
        assertFalse(loaded.loadable());
        assertTrue(loaded.problems().getFirst().headline().contains(":7:"), loaded.problems()::toString);
    }
}
