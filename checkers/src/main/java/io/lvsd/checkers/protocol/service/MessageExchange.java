package io.lvsd.checkers.protocol.service;

import io.lvsd.checkers.protocol.Exchange;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** A protocol of binary messages with a length: collects bytes until a message is complete. */
abstract class MessageExchange implements Exchange {
    private static final int MAX_LENGTH = 64 * 1024;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

    @Override
    public final Action received(byte[] bytes) {
        pending.writeBytes(bytes);
        byte[] all = pending.toByteArray();
        int length = length(all);
        if (length > MAX_LENGTH) {
            return Exchange.broken("message of " + length + " bytes");
        }
        if (length < 0 || all.length < length) {
            return all.length > MAX_LENGTH ? Exchange.broken("message without an end") : new Action.Read();
        }
        pending.reset();
        pending.write(all, length, all.length - length);
        return message(Arrays.copyOf(all, length));
    }

    @Override
    public final int buffered() {
        return pending.size();
    }

    /** Length of the first message, with its header; -1 if more bytes are needed to know it. */
    abstract int length(byte[] all);

    /** A complete message. */
    abstract Action message(byte[] message);
}
