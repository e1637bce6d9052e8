package io.lvsd.checkers.protocol.service;

import java.util.regex.Pattern;

/** The greeting of IMAP, RFC 9051. */
final class ImapExchange extends ReplyLineExchange {
    private static final Pattern EXPECTED = Pattern.compile("\\* (OK|PREAUTH).*");

    ImapExchange() {
        super("", EXPECTED, "* OK", "a LOGOUT\r\n");
    }
}
