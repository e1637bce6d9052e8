package io.lvsd.checkers.tls;

import io.lvsd.conf.source.IoReason;
import io.lvsd.conf.value.Tls;
import io.netty.handler.ssl.NotSslRecordException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The reason of a failed TLS connection. */
public final class TlsFailure {
    /** Messages of the Java runtime about a key or signature that its properties disable. */
    private static final Pattern CONSTRAINT = Pattern.compile(
            "(?:(\\w+) ServerKeyExchange does not comply to|Algorithm constraints check failed on.*?: (\\w+)).*");

    private TlsFailure() {}

    /** One sentence for logs and status. */
    public static String describe(Throwable cause, Optional<Tls> tls) {
        String text = String.valueOf(cause.getMessage());
        if (cause instanceof NotSslRecordException || text.startsWith("Unsupported or unrecognized SSL message")) {
            return "server does not speak TLS";
        }
        if (tls.isPresent() && (text.endsWith("protocol_version") || text.contains("protocol version"))) {
            return "the server does not accept TLS " + tls.get().lowest() + " or later, which tls_min allows";
        }
        if (tls.isPresent() && (text.endsWith("handshake_failure") || text.endsWith("insufficient_security"))) {
            String offered = tls.get().ciphers().isEmpty() ? "the default suites" : "the suites of tls_ciphers";
            return "the server does not accept " + offered + " (" + text.substring(text.lastIndexOf(' ') + 1)
                    + "); disabled in the Java runtime: " + DisabledAlgorithms.ofHandshake();
        }
        Matcher constraint = CONSTRAINT.matcher(text);
        if (constraint.matches()) {
            String algorithm = constraint.group(1) == null ? constraint.group(2) : constraint.group(1);
            String entries = DisabledAlgorithms.about(algorithm);
            return text + "; disabled in the Java runtime: " + (entries.isEmpty() ? algorithm : entries);
        }
        return IoReason.of(cause);
    }
}
