package io.lvsd.checkers.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.conf.value.Tls;
import io.lvsd.conf.value.Tls.Version;
import io.netty.handler.ssl.util.SelfSignedCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Contexts are kept, but not for ever. */
final class TlsContextsTest {
    private static final ProbeAddress WHERE = new ProbeAddress(
            IpAddresses.ofBytes(new byte[] {127, 0, 0, 1}), 443, Optional.empty(), 0, "", 0, Duration.ofSeconds(1));

    @Test
    void filesThatWereGoodOnceAreUsedUntilTheyAreGoodAgain(@TempDir Path directory) throws Exception {
        @SuppressWarnings("deprecation") // the certificate of a test
        SelfSignedCertificate certificate = new SelfSignedCertificate("example.com");
        Path ca = directory.resolve("ca.pem");
        Tls tls = new Tls(Optional.empty(), true, Optional.of(ca), List.of(), Optional.empty(), false);
        TlsContexts contexts = new TlsContexts(Duration.ZERO, 4);
        assertThrows(TlsFiles.UnusableException.class, () -> contexts.handler(tls, WHERE, List.of()));
        Files.copy(certificate.certificate().toPath(), ca);
        var _ = contexts.handler(tls, WHERE, List.of());
        Files.writeString(ca, "");
        var _ = contexts.handler(tls, WHERE, List.of());
        assertThrows(
                TlsFiles.UnusableException.class,
                () -> new TlsContexts(Duration.ZERO, 4).handler(tls, WHERE, List.of()));
        certificate.delete();
    }

    @Test
    void theLeastRecentlyUsedContextIsDroppedAndCreatedAgain() throws Exception {
        TlsContexts contexts = new TlsContexts(Duration.ofHours(1), 2);
        for (Version lowest : Version.values()) {
            var _ = contexts.handler(Tls.ANY.offering(lowest, List.of()), WHERE, List.of());
            assertTrue(contexts.size() <= 2, "contexts: " + contexts.size());
        }
        var _ = contexts.handler(Tls.ANY.offering(Version.V1_0, List.of()), WHERE, List.of());
        assertEquals(2, contexts.size());
    }

    @Test
    void serverNamesAndPinsShareAContext() throws Exception {
        TlsContexts contexts = new TlsContexts();
        for (int i = 0; i < 10; i++) {
            Tls tls = new Tls(
                    Optional.of("host" + i), true, Optional.empty(), List.of("0".repeat(64)), Optional.empty(), i > 5);
            var _ = contexts.handler(tls, WHERE, List.of());
        }
        assertEquals(1, contexts.size());
    }
}
