package io.lvsd.checkers.protocol;

import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Passed;
import io.lvsd.conf.check.UdpCheck;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** Sends a payload. The first datagram from the server is compared with the expected reply; without one, any datagram and none at all pass. */
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
    public Optional<ProbeResult> timedOut() {
        return spec.reply().isEmpty() ? Optional.of(Passed.plain()) : Optional.empty();
    }

    @Override
    public Action received(byte[] bytes) {
        Optional<String> reply = spec.reply();
        if (reply.isEmpty()) {
            return Exchange.pass();
        }
        if (bytes.length < spec.minLength() || bytes.length > spec.maxLength()) {
            return Exchange.fail(
                    "a reply of " + spec.minLength() + " to " + spec.maxLength() + " bytes", bytes.length + " bytes");
        }
        String expected = reply.get().toLowerCase(Locale.ROOT);
        String received = HexFormat.of().formatHex(bytes);
        int compared = Math.min(expected.length(), received.length());
        for (int i = 0; i < compared; i++) {
            if (expected.charAt(i) != 'x' && expected.charAt(i) != received.charAt(i)) {
                int at = i / 2;
                return Exchange.fail(
                        "byte " + at + " of the reply " + byteAt(expected, at),
                        "byte " + at + " " + byteAt(received, at));
            }
        }
        return Exchange.pass();
    }

    /** The digits of a byte in a hexadecimal text. */
    private static String byteAt(String digits, int index) {
        return digits.substring(2 * index, Math.min(digits.length(), 2 * index + 2));
    }
}
