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
 * The versions and cipher suites of probes: by default those that OpenSSL 3 accepts on Debian, TLS 1.2 and 1.3. A check with an
 * older key exchange still says whether the server works; the Java runtime offers no RSA key exchange, and neither TLS 1.0 nor
 * 1.1, unless its security property is changed before TLS is used first.
 */
public final class TlsAlgorithms {
    static final String PROPERTY = "jdk.tls.disabledAlgorithms";

    /** As they are written in the property: RSA key exchange, and the versions that {@code tls_min} may name. */
    private static final Set<String> ENABLED = Set.of("TLS_RSA_*", "TLSv1", "TLSv1.1");

    private static final List<String> WEAK = List.of("_anon_", "_NULL_", "_EXPORT_", "_RC4_", "DES", "_MD5", "KRB5");

    static {
        enable();
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

    /** To be called before this process uses TLS first, which an HTTP client does when it is made. Any thread; more than once is harmless. */
    public static void prepare() {
        // Loading this class is enough.
    }

    /** Those that are configured, else all that are not weak, in the order of the Java runtime, RSA key exchange last. */
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

    /** Why a cipher suite cannot be offered; empty if it can. */
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
