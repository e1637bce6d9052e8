package io.lvsd.checkers.protocol.service;

import io.lvsd.checkers.probe.ProbeResult.Passed;
import io.lvsd.checkers.protocol.Exchange;
import io.lvsd.checkers.protocol.LineExchange;
import java.util.regex.Pattern;

/** Sends a command, or nothing, and compares the first line of the response with an expression. */
abstract class ReplyLineExchange extends LineExchange {
    private final String command;
    private final Pattern expected;
    private final String example;
    private final String farewell;

    /**
     * With the lines of one protocol.
     *
     * @param command sent first; empty if the server sends first
     * @param expected matches the whole line of a server that works
     * @param example the beginning of such a line, for messages
     * @param farewell sent before the connection is closed
     */
    ReplyLineExchange(String command, Pattern expected, String example, String farewell) {
        this.command = command;
        this.expected = expected;
        this.example = example;
        this.farewell = farewell;
    }

    @Override
    public final byte[] opening() {
        return bytes(command);
    }

    @Override
    protected final Action line(String line) {
        return expected.matcher(line).matches()
                ? new Action.Finish(Passed.plain(), bytes(farewell))
                : Exchange.fail(example, line);
    }
}
