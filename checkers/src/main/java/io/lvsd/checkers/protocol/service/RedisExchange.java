package io.lvsd.checkers.protocol.service;

import java.util.regex.Pattern;

/** PING of the Redis protocol. A server that requires a password, or denies the command to the default user, works. */
final class RedisExchange extends ReplyLineExchange {
    private static final Pattern EXPECTED = Pattern.compile("\\+PONG|-NOAUTH.*|-NOPERM.*");

    RedisExchange() {
        super("PING\r\n", EXPECTED, "+PONG", "QUIT\r\n");
    }
}
