package io.lvsd.sorryserver.http;

import io.netty.handler.codec.http2.Http2Settings;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;

/** The field HTTP2-Settings (RFC 7540, section 3.2.1): the payload of a SETTINGS frame in Base64 for URLs. Pure. */
final class UpgradeSettings {
    private static final int ENTRY = 6;
    private static final int SHORT = 0xffff;
    private static final long INT = 0xffff_ffffL;

    private UpgradeSettings() {}

    /** The settings; empty if the text is invalid. */
    static Optional<Http2Settings> read(String text) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            if (bytes.remaining() % ENTRY != 0) {
                return Optional.empty();
            }
            Http2Settings settings = new Http2Settings();
            while (bytes.hasRemaining()) {
                settings.put((char) (bytes.getShort() & SHORT), Long.valueOf(bytes.getInt() & INT));
            }
            return Optional.of(settings);
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
