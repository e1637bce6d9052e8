package io.lvsd.core.engine;

import io.lvsd.conf.value.Program;

/** Something for somebody outside, complete: whoever carries it out adds nothing. In keepalived's words. */
public sealed interface Notification {
    /** A line for every FIFO, without its end. */
    record Line(String text) implements Notification {}

    /**
     * A script.
     *
     * @param subject what it is about: scripts of one subject run one after the other
     */
    record Run(String subject, Program program) implements Notification {}

    /**
     * A mail of one line.
     *
     * @param subject behind the director's name in brackets
     */
    record Mail(String subject, String body) implements Notification {}
}
