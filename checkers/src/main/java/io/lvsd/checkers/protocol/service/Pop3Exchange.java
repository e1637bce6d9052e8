package io.lvsd.checkers.protocol.service;

import java.util.regex.Pattern;

/** The greeting of POP3, RFC 1939. */
final class Pop3Exchange extends ReplyLineExchange {
    private static final Pattern EXPECTED = Pattern.compile("\\+OK.*");

    Pop3Exchange() {
        super("", EXPECTED, "+OK", "QUIT\r\n");
    }
}
