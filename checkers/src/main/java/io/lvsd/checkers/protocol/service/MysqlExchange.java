package io.lvsd.checkers.protocol.service;

import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.protocol.Exchange;
import io.lvsd.conf.check.ServiceCheck;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The handshake of MySQL and MariaDB with an attempt to log in: a client that closes before that is counted by the
 * server, which blocks its host after a number of them.
 */
final class MysqlExchange extends MessageExchange {
    /** CLIENT_LONG_PASSWORD | CLIENT_PROTOCOL_41 | CLIENT_SECURE_CONNECTION | CLIENT_PLUGIN_AUTH. */
    private static final int CAPABILITIES = 0x1 | 0x200 | 0x8000 | 0x80000;

    private static final int TOO_MANY_CONNECTIONS = 1040;
    private static final int HOST_BLOCKED = 1129;
    private static final int SERVER_SHUTDOWN = 1053;
    private final String user;
    private boolean greeted;

    MysqlExchange(ServiceCheck check) {
        user = check.user().orElse(ServiceProtocols.DEFAULT_USER);
    }

    @Override
    public byte[] opening() {
        return Action.NONE;
    }

    @Override
    int length(byte[] all) {
        return all.length < 4 ? -1 : 4 + (all[0] & 0xff | (all[1] & 0xff) << 8 | (all[2] & 0xff) << 16);
    }

    @Override
    Action message(byte[] message) {
        if (message.length < 5) {
            return Exchange.broken("a MySQL packet", "a packet of " + message.length + " bytes");
        }
        int type = message[4] & 0xff;
        if (type == 0xff) {
            return error(message);
        }
        if (greeted) {
            return new Action.Finish(ProbeResult.Passed.plain(), new byte[] {1, 0, 0, 0, 1});
        }
        if (type != 10) {
            return Exchange.broken("MySQL protocol 10", "protocol " + type);
        }
        greeted = true;
        return new Action.Send(login(message[3] + 1));
    }

    private Action error(byte[] message) {
        int code = message.length < 7 ? 0 : message[5] & 0xff | (message[6] & 0xff) << 8;
        boolean unavailable =
                code == TOO_MANY_CONNECTIONS || code == HOST_BLOCKED || code == SERVER_SHUTDOWN || !greeted;
        String text = new String(
                message, Math.min(7, message.length), Math.max(0, message.length - 7), StandardCharsets.UTF_8);
        return unavailable ? Exchange.fail("a greeting", "error " + code + ": " + text) : Exchange.pass();
    }

    private byte[] login(int sequence) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(littleEndian(CAPABILITIES));
        body.writeBytes(littleEndian(1 << 16));
        body.write(33);
        body.writeBytes(new byte[23]);
        body.writeBytes(user.getBytes(StandardCharsets.UTF_8));
        body.write(0);
        body.write(0);
        body.writeBytes("mysql_native_password".getBytes(StandardCharsets.US_ASCII));
        body.write(0);
        byte[] head = littleEndian(body.size());
        head[3] = (byte) sequence;
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head);
        all.writeBytes(body.toByteArray());
        return all.toByteArray();
    }

    private static byte[] littleEndian(int value) {
        return ByteBuffer.allocate(4).putInt(Integer.reverseBytes(value)).array();
    }
}
