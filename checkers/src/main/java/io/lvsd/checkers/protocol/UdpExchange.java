package io.lvsd.checkers.protocol;

import io.lvsd.conf.check.UdpCheck;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** A payload and, if one is wanted, an answer that begins as it should. Only the first datagram counts. */
public final class UdpExchange implements Exchange {
    private final UdpCheck spec;

    public UdpExchange(UdpCheck spec) {
        this.spec = spec;
    }

    @Override
    public byte[] opening() {
        return HexFormat.of().parseHex(spec.payload());
    }

    @Override
    public Move received(byte[] bytes) {
        Optional<String> reply = spec.reply();
        if (reply.isEmpty()) {
            return Exchange.pass();
        }
        if (bytes.length < spec.minLength() || bytes.length > spec.maxLength()) {
            return Exchange.fail("an answer of " + bytes.length + " bytes");
        }
        String wanted = reply.get().toLowerCase(Locale.ROOT);
        String got = HexFormat.of().formatHex(bytes);
        int compared = Math.min(wanted.length(), got.length());
        for (int i = 0; i < compared; i++) {
            if (wanted.charAt(i) != 'x' && wanted.charAt(i) != got.charAt(i)) {
                return Exchange.fail("byte " + i / 2 + " of the answer differs");
            }
        }
        return Exchange.pass();
    }
}
