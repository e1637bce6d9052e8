package io.lvsd.core.demo;

import java.io.PrintStream;
import java.util.List;

/** Lines that stay, above a table that changes in place; without a terminal the table is printed when it is asked for. Thread-safe. */
final class Screen {
    private static final String UP = "\u001b[%dF";
    private static final String CLEAR_TO_END = "\u001b[J";

    private final PrintStream out;
    private final boolean terminal;
    private List<String> live = List.of();

    Screen(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** A line of the story. */
    synchronized void say(String line) {
        erase();
        out.println(line);
        draw();
    }

    /** The table as it is now. */
    synchronized void show(List<String> lines) {
        if (terminal && !lines.equals(live)) {
            erase();
            live = List.copyOf(lines);
            draw();
        }
    }

    /** Leaves the table standing as it is now. */
    synchronized void settle(List<String> lines) {
        if (terminal) {
            erase();
            live = List.of();
        }
        lines.forEach(out::println);
        out.flush();
    }

    private void erase() {
        if (terminal && !live.isEmpty()) {
            out.printf(UP + CLEAR_TO_END, live.size());
        }
    }

    private void draw() {
        live.forEach(out::println);
        out.flush();
    }
}
