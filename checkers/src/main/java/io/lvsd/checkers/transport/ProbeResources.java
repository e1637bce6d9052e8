package io.lvsd.checkers.transport;

import io.lvsd.checkers.tls.TlsContexts;

/**
 * Shared by all loops.
 *
 * @param tls the client side of TLS
 * @param permits for large responses
 */
public record ProbeResources(TlsContexts tls, BodyBufferPermits permits) {
    public ProbeResources() {
        this(new TlsContexts(), new BodyBufferPermits());
    }
}
