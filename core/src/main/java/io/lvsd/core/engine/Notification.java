package io.lvsd.core.engine;

import io.lvsd.conf.value.Program;

/** One notification, complete, in the words of keepalived. */
public sealed interface Notification {
    /** A line for every FIFO, without its end. */
    record Line(String text) implements Notification {}

    /**
     * A script.
     *
     * @param subject the server that it is about; scripts with one subject run one after the other
     */
    record Run(String subject, Program program) implements Notification {}

    /**
     * A mail of one line.
     *
     * @param subject behind the director's name in brackets
     */
    record Mail(String subject, String body) implements Notification {}
}
