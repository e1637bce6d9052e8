package io.lvsd.checkers.protocol.service;

import io.lvsd.checkers.probe.PrintableText;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.protocol.Exchange;
import io.lvsd.conf.check.ServiceCheck;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The start of the PostgreSQL protocol, version 3.0: a request to log in. Any response to it except a server problem passes. */
final class PostgresqlExchange extends MessageExchange {
    private static final int VERSION = 3 << 16;
    private final String user;
    private final Optional<String> database;

    PostgresqlExchange(ServiceCheck check) {
        user = check.user().orElse(ServiceProtocols.DEFAULT_USER);
        database = check.database();
    }

    @Override
    public byte[] opening() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(ByteBuffer.allocate(4).putInt(VERSION).array());
        for (String text : new String[] {"user", user, "database", database.orElse(user)}) {
            body.writeBytes(text.getBytes(StandardCharsets.UTF_8));
            body.write(0);
        }
        body.write(0);
        return ByteBuffer.allocate(4 + body.size())
                .putInt(4 + body.size())
                .put(body.toByteArray())
                .array();
    }

    @Override
    int length(byte[] all) {
        return all.length < 5 ? -1 : 1 + Math.max(0, ByteBuffer.wrap(all).getInt(1));
    }

    @Override
    Action message(byte[] message) {
        if (message[0] == 'R') {
            return new Action.Finish(ProbeResult.Passed.plain(), new byte[] {'X', 0, 0, 0, 4});
        }
        if (message[0] != 'E') {
            return Exchange.broken("a PostgreSQL message", "message type " + (message[0] & 0xff));
        }
        String code = field(message, 'C');
        // cannot_connect_now, too_many_connections, and the classes of system errors
        boolean unavailable =
                code.equals("57P03") || code.startsWith("53") || code.startsWith("58") || code.startsWith("XX");
        return unavailable
                ? Exchange.fail("an authentication request", "error " + code + ": " + field(message, 'M'))
                : Exchange.pass();
    }

    private static String field(byte[] message, char type) {
        int at = 5;
        while (at < message.length && message[at] != 0) {
            int end = at + 1;
            while (end < message.length && message[end] != 0) {
                end++;
            }
            if (message[at] == type) {
                return PrintableText.excerpt(new String(message, at + 1, end - at - 1, StandardCharsets.UTF_8));
            }
            at = end + 1;
        }
        return "";
    }
}
