package io.lvsd.sorryserver;

import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys of session tickets (RFC 8446, section 4.6.1), with which clients resume TLS sessions: a resumed handshake takes a fraction of
 * the processor time. They are random, in memory only, and replaced every 12 hours; tickets of the former key remain valid for as
 * long. Java's own TLS has keys of its own. Owned by one thread at a time.
 */
final class TicketKeys {
    private static final long LIFE_NANOS = 12 * 3_600 * 1_000_000_000L;

    private final SecureRandom random = new SecureRandom();
    private final List<OpenSslSessionTicketKey> keys = new ArrayList<>();
    private long created;

    /**
     * Replaces old keys.
     *
     * @param now monotonic, in nanoseconds
     * @return whether the keys changed
     */
    boolean renew(long now) {
        if (!keys.isEmpty() && now - created < LIFE_NANOS) {
            return false;
        }
        created = now;
        keys.addFirst(new OpenSslSessionTicketKey(
                bytes(OpenSslSessionTicketKey.NAME_SIZE),
                bytes(OpenSslSessionTicketKey.HMAC_KEY_SIZE),
                bytes(OpenSslSessionTicketKey.AES_KEY_SIZE)));
        if (keys.size() > 2) {
            keys.removeLast();
        }
        return true;
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Lets a certificate's sessions be resumed with the present keys. */
    void apply(SslContext context) {
        if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
            sessions.setTicketKeys(keys.toArray(OpenSslSessionTicketKey[]::new));
        }
    }
}
