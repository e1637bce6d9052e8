package io.lvsd.checkers.protocol.service;

import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.protocol.Exchange;

/** An anonymous bind, RFC 4511. A server that refuses it works, unless it is busy or unavailable. */
final class LdapExchange extends MessageExchange {
    private static final byte[] BIND = {0x30, 0x0c, 2, 1, 1, 0x60, 7, 2, 1, 3, 4, 0, (byte) 0x80, 0};
    private static final byte[] UNBIND = {0x30, 5, 2, 1, 2, 0x42, 0};
    private static final int BUSY = 51;
    private static final int UNAVAILABLE = 52;

    @Override
    public byte[] opening() {
        return BIND.clone();
    }

    @Override
    int length(byte[] all) {
        if (all.length < 2) {
            return -1;
        }
        int first = all[1] & 0xff;
        if (first < 0x80) {
            return 2 + first;
        }
        int bytes = first & 0x7f;
        if (bytes == 0 || bytes > 3) {
            return Integer.MAX_VALUE;
        }
        if (all.length < 2 + bytes) {
            return -1;
        }
        int length = 0;
        for (int i = 0; i < bytes; i++) {
            length = length << 8 | all[2 + i] & 0xff;
        }
        return 2 + bytes + length;
    }

    @Override
    Action message(byte[] message) {
        int head = (message[1] & 0x80) == 0 ? 2 : 2 + (message[1] & 0x7f);
        // messageID (2 1 1), then [APPLICATION 1] with ENUMERATED resultCode
        int at = head + 3;
        boolean bind = message[0] == 0x30 && message.length > at + 4 && message[at] == 0x61;
        if (!bind) {
            return Exchange.broken("a response to an LDAP bind", "another message");
        }
        int lengthBytes = (message[at + 1] & 0x80) == 0 ? 0 : message[at + 1] & 0x7f;
        int code = at + 4 + lengthBytes;
        int result = code < message.length ? message[code] : UNAVAILABLE;
        return result == BUSY || result == UNAVAILABLE
                ? Exchange.fail("an LDAP result that is not busy or unavailable", "LDAP result " + result)
                : new Action.Finish(ProbeResult.Passed.plain(), UNBIND);
    }
}
