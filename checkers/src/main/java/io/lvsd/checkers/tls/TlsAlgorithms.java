package io.lvsd.checkers.tls;

import io.lvsd.conf.value.Tls;
import io.lvsd.conf.value.Tls.Version;
import java.security.NoSuchAlgorithmException;
import java.security.Security;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * The versions and cipher suites of probes: by default those that OpenSSL 3 accepts on Debian, TLS 1.2 and 1.3. A health
 * check may use older key exchanges; the Java runtime offers RSA key exchange, TLS 1.0 and TLS 1.1 only if its security
 * property is changed before TLS is used first.
 */
public final class TlsAlgorithms {
    static final String PROPERTY = "jdk.tls.disabledAlgorithms";

    /** In the syntax of the property: RSA key exchange, and the versions that {@code tls_min} may name. */
    private static final Set<String> ENABLED = Set.of("TLS_RSA_*", "TLSv1", "TLSv1.1");

    private static final List<String> WEAK = List.of("_anon_", "_NULL_", "_EXPORT_", "_RC4_", "DES", "_MD5", "KRB5");

    static {
        enable();
        // A client of the HTTP endpoint could request one key exchange after the other on its connection.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    }

    private TlsAlgorithms() {}

    /** Without effect once this process has used TLS; the Java runtime reads the property only once. */
    private static void enable() {
        String disabled = String.valueOf(Security.getProperty(PROPERTY));
        Security.setProperty(
                PROPERTY,
                Arrays.stream(disabled.split(","))
                        .map(String::strip)
                        .filter(name -> !ENABLED.contains(name))
                        .collect(Collectors.joining(", ")));
    }

    /** Must be called before this process uses TLS first; creating an HTTP client uses it. Any thread; idempotent. */
    public static void prepare() {
        // Loading this class is enough.
    }

    /** The configured suites, else all that are not weak, in the order of the Java runtime, RSA key exchange last. */
    static List<String> suites(Tls tls) {
        return tls.ciphers().isEmpty()
                ? all().filter(suite -> WEAK.stream().noneMatch(suite::contains))
                        .toList()
                : tls.ciphers();
    }

    /** The names in the Java runtime of the versions that are offered, the oldest first. */
    static List<String> versions(Tls tls) {
        return Stream.of(Version.values())
                .filter(version -> version.compareTo(tls.lowest()) >= 0)
                .map(Version::javaName)
                .toList();
    }

    /** The reason why a cipher suite is not usable; empty if it is. */
    public static Optional<String> unusable(String suite) {
        return all().anyMatch(suite::equals)
                ? Optional.empty()
                : Optional.of("the Java runtime does not offer '" + suite + "'"
                        + DisabledAlgorithms.ofSuite(suite)
                                .map(entry -> ": " + entry + " is disabled by " + PROPERTY)
                                .orElse(""));
    }

    private static Stream<String> all() {
        try {
            return Stream.of(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no TLS", e);
        }
    }
}
