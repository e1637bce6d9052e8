package io.lvsd.core.cli;

import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The alternate screen of the terminal of standard output, so that what was on it before is there again at the end, also after
 * SIGINT. Lines do not wrap: the terminal cuts them at its width. Control sequences as in xterm and its successors.
 */
final class TerminalScreen implements AutoCloseable {
    private static final String OPEN = "\u001b[?1049h\u001b[?7l\u001b[?25l";
    private static final String CLOSE = "\u001b[?25h\u001b[?7h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String CLEAR_REST_OF_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";
    private static final Pattern SIZE = Pattern.compile("(\\d{1,5}) \\d{1,5}\\s*");
    private static final int MAX_CHARACTERS = 64;
    /** Standard input may be another file. */
    private static final File TERMINAL = new File("/dev/tty");

    private final AtomicBoolean closed = new AtomicBoolean();

    private TerminalScreen() {}

    @SuppressWarnings("SystemOut")
    static TerminalScreen open() {
        TerminalScreen screen = new TerminalScreen();
        Runtime.getRuntime().addShutdownHook(new Thread(screen::close, "terminal"));
        System.out.print(OPEN);
        return screen;
    }

    /** Lines from the first row on, and a last one that may be empty. No line end follows, as it would scroll a full screen. */
    static String frame(List<String> lines, String last) {
        StringBuilder frame = new StringBuilder(HOME);
        for (int i = 0; i < lines.size(); i++) {
            frame.append(i == 0 ? "" : "\n").append(lines.get(i)).append(CLEAR_REST_OF_LINE);
        }
        if (!last.isEmpty()) {
            frame.append(lines.isEmpty() ? "" : "\n").append(last).append(CLEAR_REST_OF_LINE);
        }
        return frame.append(CLEAR_BELOW).toString();
    }

    /** The present number of rows, by stty(1); 0 if it is not known. */
    int rows() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(TERMINAL)
                    .redirectError(Redirect.DISCARD)
                    .start();
            try (Reader output = stty.inputReader()) {
                char[] text = new char[MAX_CHARACTERS];
                int length = Math.max(0, output.read(text));
                return rows(new String(text, 0, length));
            }
        } catch (IOException _) {
            return 0;
        }
    }

    /** Of the output of {@code stty size}. */
    static int rows(String size) {
        Matcher rows = SIZE.matcher(size);
        return rows.matches() ? Integer.parseInt(rows.group(1)) : 0;
    }

    @Override
    @SuppressWarnings("SystemOut")
    public void close() {
        if (closed.compareAndSet(false, true)) {
            System.out.print(CLOSE);
            System.out.flush();
        }
    }
}
