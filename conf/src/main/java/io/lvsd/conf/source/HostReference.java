package io.lvsd.conf.source;

import java.util.Optional;

/**
 * A name in a configuration that means something on the host: whether it exists there is known at load time, but only to
 * code that may read the host.
 *
 * @param keyword whose value it is
 * @param origin of the word
 * @param use of a private key; empty for other kinds
 */
public record HostReference(Kind kind, String name, String keyword, Origin origin, Optional<KeyUse> use) {
    /** What the name is to name. */
    public enum Kind {
        USER,
        GROUP,
        /** A network interface. */
        INTERFACE,
        /** An address of an interface. */
        ADDRESS,
        /** A network namespace of ip-netns(8). */
        NAMESPACE,
        /** A regular file that can be read. */
        FILE,
        /** A directory whose files the sorry server sends to clients. */
        DOCUMENT_ROOT,
        /** A file with at least one X.509 certificate, PEM. */
        CERTIFICATES,
        /** A file with a private key, PEM. */
        PRIVATE_KEY,
        /** A file with the tokens of HTTP clients, which other users cannot read. */
        TOKENS,
        /** A file whose first line is a password of SNMP, which other users cannot read. */
        SECRET,
        /** A cipher suite that the Java runtime offers, by its name there. */
        CIPHER_SUITE
    }

    /**
     * What a private key must fit.
     *
     * @param certificate file whose first certificate has the public key; empty if the configuration names none
     * @param password of the key; empty for none
     */
    public record KeyUse(Optional<String> certificate, String password) {
        /** Without the password. */
        @Override
        public String toString() {
            return "KeyUse[certificate=" + certificate + "]";
        }
    }

    /** Anything but a private key. */
    public HostReference(Kind kind, String name, String keyword, Origin origin) {
        this(kind, name, keyword, origin, Optional.empty());
    }
}
