package io.lvsd.conf.value;

import io.lvsd.conf.source.IpAddresses;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The client side of TLS.
 *
 * @param serverName sent in the handshake and, if the peer is verified, what its certificate must be for
 * @param byUrl whether the host name of a url is the server's name
 * @param verify whether the peer's certificate must lead to one that is trusted
 * @param ca file of certificates to trust, PEM; empty: those of the Java runtime
 * @param pins SHA-256 sums of public keys (SubjectPublicKeyInfo), 64 lower-case hexadecimal digits; if there are any,
 *     the peer must have one of these
 * @param client certificate of the client
 * @param closeNotify whether close_notify is sent at the end of a probe
 * @param lowest version of TLS that is offered; all later ones are offered too
 * @param ciphers names of cipher suites as the Java runtime writes them, most wanted first; only these are offered. Empty:
 *     those that OpenSSL 3 offers by default
 */
public record Tls(
        Optional<String> serverName,
        boolean byUrl,
        boolean verify,
        Optional<Path> ca,
        List<String> pins,
        Optional<ClientCertificate> client,
        boolean closeNotify,
        Version lowest,
        List<String> ciphers) {
    /** Any certificate is good. */
    public static final Tls ANY =
            new Tls(Optional.empty(), false, Optional.empty(), List.of(), Optional.empty(), false);

    public Tls {
        pins = List.copyOf(pins);
        ciphers = List.copyOf(ciphers);
    }

    /** A version of TLS, the oldest first. */
    public enum Version {
        V1_0("1.0", "TLSv1"),
        V1_1("1.1", "TLSv1.1"),
        V1_2("1.2", "TLSv1.2"),
        V1_3("1.3", "TLSv1.3");

        private final String text;
        private final String javaName;

        Version(String text, String javaName) {
            this.text = text;
            this.javaName = javaName;
        }

        /** The name in the Java runtime. */
        public String javaName() {
            return javaName;
        }

        /** As it is configured, {@code 1.2}. */
        @Override
        public String toString() {
            return text;
        }
    }

    /** Whose server name is the same for every url, with the versions and cipher suites that are offered by default. */
    public Tls(
            Optional<String> serverName,
            boolean verify,
            Optional<Path> ca,
            List<String> pins,
            Optional<ClientCertificate> client,
            boolean closeNotify) {
        this(serverName, false, verify, ca, pins, client, closeNotify, Version.V1_2, List.of());
    }

    /** The same with a server name. */
    public Tls named(Optional<String> name) {
        return new Tls(name, false, verify, ca, pins, client, closeNotify, lowest, ciphers);
    }

    /**
     * As it is for one url.
     *
     * @param host with or without a port; an address is no server name
     */
    public Tls forUrl(String host) {
        if (!byUrl) {
            return this;
        }
        int colon = host.lastIndexOf(':');
        String name = colon >= 0 && host.indexOf(':') == colon ? host.substring(0, colon) : host;
        boolean address = name.startsWith("[") || IpAddresses.address(name).isPresent();
        return named(address || name.isEmpty() ? Optional.empty() : Optional.of(name));
    }

    /** The same with the host name of each url as the server's name. */
    public Tls namedByUrl() {
        return new Tls(Optional.empty(), true, verify, ca, pins, client, closeNotify, lowest, ciphers);
    }

    /** The same with other versions and cipher suites. */
    public Tls offering(Version least, List<String> suites) {
        return new Tls(serverName, byUrl, verify, ca, pins, client, closeNotify, least, suites);
    }

    /**
     * A certificate with its chain and its key, PEM.
     *
     * @param password of the key; empty for none
     */
    public record ClientCertificate(Path chain, Path key, String password) {
        /** Without the password. */
        @Override
        public String toString() {
            return "ClientCertificate[chain=" + chain + ", key=" + key + "]";
        }
    }
}
