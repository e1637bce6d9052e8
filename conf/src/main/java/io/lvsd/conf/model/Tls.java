package io.lvsd.conf.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The client side of TLS.
 *
 * @param serverName sent in the handshake and, if the peer is verified, what its certificate must be for
 * @param verify whether the peer's certificate must lead to one that is trusted
 * @param ca file of certificates to trust, PEM; empty: those of the Java runtime
 * @param pins SHA-256 sums of public keys (SubjectPublicKeyInfo), 64 lower-case hexadecimal digits; if there are any,
 *     the peer must have one of these
 * @param client how this side shows who it is
 * @param closeNotify whether the end of a probe is told to the peer
 */
public record Tls(
        Optional<String> serverName,
        boolean verify,
        Optional<Path> ca,
        List<String> pins,
        Optional<ClientCertificate> client,
        boolean closeNotify) {
    /** Any certificate is good. */
    public static final Tls ANY =
            new Tls(Optional.empty(), false, Optional.empty(), List.of(), Optional.empty(), false);

    public Tls {
        pins = List.copyOf(pins);
    }

    /** The same with a server name. */
    public Tls named(Optional<String> name) {
        return new Tls(name, verify, ca, pins, client, closeNotify);
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
