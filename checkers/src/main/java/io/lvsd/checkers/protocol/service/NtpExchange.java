package io.lvsd.checkers.protocol.service;

import io.lvsd.checkers.protocol.Exchange;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;

/** A client request, RFC 5905. The server must be synchronised. */
final class NtpExchange implements Exchange {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int LENGTH = 48;
    private static final int UNSYNCHRONISED = 16;
    private final byte[] transmit = new byte[8];

    NtpExchange() {
        RANDOM.nextBytes(transmit);
    }

    @Override
    public byte[] opening() {
        byte[] packet = new byte[LENGTH];
        packet[0] = 0x23;
        System.arraycopy(transmit, 0, packet, 40, transmit.length);
        return packet;
    }

    @Override
    public Action received(byte[] bytes) {
        if (bytes.length < LENGTH || !Arrays.equals(bytes, 24, 32, transmit, 0, 8) || (bytes[0] & 7) != 4) {
            return new Action.Read();
        }
        int stratum = bytes[1] & 0xff;
        boolean alarm = (bytes[0] & 0xc0) == 0xc0;
        if (stratum == 0) {
            return Exchange.fail(
                    "stratum 1 to 15", "kiss-o'-death code " + new String(bytes, 12, 4, StandardCharsets.US_ASCII));
        }
        return alarm || stratum >= UNSYNCHRONISED
                ? Exchange.fail("stratum 1 to 15", "stratum " + stratum + " (the server is not synchronised)")
                : Exchange.pass();
    }
}
