package io.lvsd.conf.keyword;

/** A property of blocks that decides which shared keywords are allowed in them. */
public enum Trait implements Place {
    /** A check of a real server. */
    CHECK,
    /** Probes are repeated: interval, retries, log. */
    PROBED,
    /** Results in a row change the state: rise, fall. */
    RISE_FALL,
    /** Probes are sent to an address. */
    CONNECTING,
    /** Has a state before the first result. */
    ALPHA,
    /** Probes may use TLS. */
    TLS,
    /** Probes use TLS only if the keyword {@code tls} is set. */
    OPTIONAL_TLS
}
