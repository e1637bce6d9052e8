package io.lvsd.checkers.transport;

import io.lvsd.checkers.tls.TlsContexts;

/**
 * What all probes over TCP share.
 *
 * @param tls the client side of TLS
 * @param largeAnswers places for answers that are kept
 */
public record ProbeResources(TlsContexts tls, BodyBufferPermits largeAnswers) {
    public ProbeResources() {
        this(new TlsContexts(), new BodyBufferPermits());
    }
}
