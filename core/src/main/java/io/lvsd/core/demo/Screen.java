package io.lvsd.core.demo;

import java.io.PrintStream;
import java.util.List;

/** Prints lines above a table that is updated in place. Without a terminal, the table is printed by {@link #finish} only. Thread-safe. */
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

    /** Prints a line. */
    synchronized void print(String line) {
        erase();
        out.println(line);
        draw();
    }

    /** Updates the table. */
    synchronized void update(List<String> lines) {
        if (terminal && !lines.equals(live)) {
            erase();
            live = List.copyOf(lines);
            draw();
        }
    }

    /** Prints the table permanently. */
    synchronized void finish(List<String> lines) {
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
