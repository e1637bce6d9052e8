package io.lvsd.checkers.tls;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.conf.value.Tls;
import io.netty.handler.ssl.util.SelfSignedCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of certificates that change while the daemon runs. */
final class TlsContextsTest {
    private static final ProbeAddress WHERE = new ProbeAddress(
            IpAddresses.ofBytes(new byte[] {127, 0, 0, 1}), 443, Optional.empty(), 0, "", 0, Duration.ofSeconds(1));

    @Test
    void filesThatWereGoodOnceAreUsedUntilTheyAreGoodAgain(@TempDir Path directory) throws Exception {
        @SuppressWarnings("deprecation") // the certificate of a test
        SelfSignedCertificate certificate = new SelfSignedCertificate("example.com");
        Path ca = directory.resolve("ca.pem");
        Tls tls = new Tls(Optional.empty(), true, Optional.of(ca), List.of(), Optional.empty(), false);
        TlsContexts contexts = new TlsContexts(Duration.ZERO);
        assertThrows(TlsFiles.UnusableException.class, () -> contexts.handler(tls, WHERE, List.of()));
        Files.copy(certificate.certificate().toPath(), ca);
        var _ = contexts.handler(tls, WHERE, List.of());
        Files.writeString(ca, "");
        var _ = contexts.handler(tls, WHERE, List.of());
        assertThrows(
                TlsFiles.UnusableException.class, () -> new TlsContexts(Duration.ZERO).handler(tls, WHERE, List.of()));
        certificate.delete();
    }
}
