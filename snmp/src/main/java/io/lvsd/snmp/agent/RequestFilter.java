package io.lvsd.snmp.agent;

import io.lvsd.snmp.SnmpObserver;
import io.lvsd.snmp.SnmpObserver.Request;
import java.net.InetAddress;

/**
 * Drops messages before they are decoded: of sources that nothing allows, and those above the limit. Counts every message once.
 * Thread-safe.
 */
final class RequestFilter {
    private static final ScopedValue<Message> PROCESSED = ScopedValue.newInstance();

    private final AccessControl access;
    private final SourceLimits limits;
    private final SnmpObserver observer;

    /** A message that is processed by the present thread. */
    private static final class Message {
        private boolean isCounted;
    }

    RequestFilter(AccessControl access, SourceLimits limits, SnmpObserver observer) {
        this.access = access;
        this.limits = limits;
        this.observer = observer;
    }

    /** Whether a request is to be processed; one that is not is counted. */
    boolean accepts(InetAddress source) {
        if (!access.knows(source)) {
            observer.request(Request.UNAUTHORIZED);
            return false;
        }
        if (!limits.accepts(source, System.nanoTime())) {
            observer.request(Request.LIMITED);
            return false;
        }
        return true;
    }

    /**
     * Processes a message, if it is accepted.
     *
     * @param processing decodes it and answers on the same thread; a message that it does not {@link #count} is malformed
     */
    void process(InetAddress source, Runnable processing) {
        if (!accepts(source)) {
            return;
        }
        Message message = new Message();
        try {
            ScopedValue.where(PROCESSED, message).run(processing);
        } catch (RuntimeException e) {
            // The library does not understand it; the next message must be received.
        }
        if (!message.isCounted) {
            malformed();
        }
    }

    /** The type of the message that is processed is known. */
    void count(Request type) {
        if (PROCESSED.isBound()) {
            PROCESSED.get().isCounted = true;
        }
        observer.request(type);
    }

    /** What was received is not a message. */
    void malformed() {
        observer.request(Request.MALFORMED);
    }
}
