package io.lvsd.core.engine;

import io.lvsd.conf.model.Program;

/** Something for somebody outside, complete: whoever carries it out adds nothing. In keepalived's words. */
public sealed interface Delivery {
    /** A line for every FIFO, without its end. */
    record Line(String text) implements Delivery {}

    /**
     * A script.
     *
     * @param subject what it is about: scripts of one subject run one after the other
     */
    record Run(String subject, Program program) implements Delivery {}

    /**
     * A mail of one line.
     *
     * @param subject behind the director's name in brackets
     */
    record Mail(String subject, String body) implements Delivery {}
}
