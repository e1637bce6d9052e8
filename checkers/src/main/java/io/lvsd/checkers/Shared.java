package io.lvsd.checkers;

/**
 * What all probes over TCP share.
 *
 * @param tls the client side of TLS
 * @param largeAnswers places for answers that are kept
 */
record Shared(TlsContexts tls, LargeAnswers largeAnswers) {
    Shared() {
        this(new TlsContexts(), new LargeAnswers());
    }
}
