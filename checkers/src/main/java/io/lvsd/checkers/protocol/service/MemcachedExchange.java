package io.lvsd.checkers.protocol.service;

import java.util.regex.Pattern;

/** The version command of the memcached text protocol. */
final class MemcachedExchange extends ReplyLineExchange {
    private static final Pattern EXPECTED = Pattern.compile("VERSION .*");

    MemcachedExchange() {
        super("version\r\n", EXPECTED, "VERSION", "quit\r\n");
    }
}
