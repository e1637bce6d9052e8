package io.lvsd.checkers.protocol.service;

import java.util.regex.Pattern;

/** The list-tube-used command of the beanstalkd protocol: it needs no job and changes nothing. */
final class BeanstalkdExchange extends ReplyLineExchange {
    private static final Pattern EXPECTED = Pattern.compile("USING .+");

    BeanstalkdExchange() {
        super("list-tube-used\r\n", EXPECTED, "USING", "quit\r\n");
    }
}
