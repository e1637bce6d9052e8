package io.lvsd.checkers;

import java.security.NoSuchAlgorithmException;
import java.security.Security;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * The cipher suites of probes: those that OpenSSL 3 accepts by default. A check with an older key exchange still says
 * whether the server works; the Java runtime offers no RSA key exchange unless its security property is changed before TLS
 * is used first.
 */
public final class TlsAlgorithms {
    private static final String PROPERTY = "jdk.tls.disabledAlgorithms";
    /** As it is written in the property. */
    private static final String RSA_KEY_EXCHANGE = "TLS_RSA_*";

    private static final List<String> WEAK = List.of("_anon_", "_NULL_", "_EXPORT_", "_RC4_", "DES", "_MD5", "KRB5");

    static {
        enableRsaKeyExchange();
    }

    private TlsAlgorithms() {}

    /** Without effect once this process has used TLS; the Java runtime reads the property only once. */
    private static void enableRsaKeyExchange() {
        String disabled = String.valueOf(Security.getProperty(PROPERTY));
        Security.setProperty(
                PROPERTY,
                Arrays.stream(disabled.split(","))
                        .map(String::strip)
                        .filter(name -> !name.equals(RSA_KEY_EXCHANGE))
                        .collect(Collectors.joining(", ")));
    }

    /** To be called before this process uses TLS first, which an HTTP client does when it is made. Any thread; more than once is harmless. */
    public static void prepare() {
        // Loading this class is enough.
    }

    /** In the order of the Java runtime, strongest first, RSA key exchange last. */
    static List<String> suites() {
        try {
            String[] all = SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites();
            return Stream.of(all)
                    .filter(suite -> WEAK.stream().noneMatch(suite::contains))
                    .toList();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no TLS", e);
        }
    }
}
