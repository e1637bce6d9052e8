package io.lvsd.conf.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Words of keywords whose value is a command line or an expression: quotes of both kinds may be within a word, and a
 * backslash protects what follows.
 */
public final class ScriptWords {
    private static final Set<String> SCRIPTS = Set.of(
            "misc_path",
            "notify_up",
            "notify_down",
            "quorum_up",
            "quorum_down",
            "notify_fifo_script",
            "lvs_notify_fifo_script",
            "startup_script",
            "shutdown_script");
    private static final int MAX_OCTAL = 3;
    private static final int MAX_HEX = 2;
    private static final String BLANKS = " \t\f\u000b\r\n";
    private static final String NAMED = "abEfnrtv";
    private static final String MEANT = "\u0007\b\u001b\f\n\r\t\u000b";

    /** How words are made of a line. */
    enum Pass {
        /** Pairs of a backslash and a character stay as they are: what comes out is divided again. */
        FIRST,
        /** Pairs that mean one character. */
        LAST
    }

    /** Characters of a word and where it began. */
    record Piece(String text, int at) {}

    private final String text;
    private final Pass pass;
    private int at;

    private ScriptWords(String text, Pass pass) {
        this.text = text;
        this.pass = pass;
    }

    /** How the words after a keyword are read, if not in the ordinary way. */
    static Optional<Pass> passOf(String keyword) {
        if (keyword.equals("regex")) {
            return Optional.of(Pass.LAST);
        }
        return SCRIPTS.contains(keyword) ? Optional.of(Pass.FIRST) : Optional.empty();
    }

    /**
     * The program and its arguments.
     *
     * @param commandLine a word of a configuration file, quotes around it removed
     * @return empty if a quote is not closed
     */
    public static Optional<List<String>> argv(String commandLine) {
        return divide(commandLine, Pass.LAST)
                .map(pieces -> pieces.stream().map(Piece::text).toList());
    }

    /** A command line that {@link #argv} divides into these again. */
    public static String commandLine(List<String> argv) {
        StringBuilder out = new StringBuilder();
        for (String argument : argv) {
            out.append(out.isEmpty() ? "" : " ");
            if (argument.isEmpty()) {
                out.append("''");
            }
            argument.chars().forEach(c -> out.append(protectedCharacter((char) c)));
        }
        return out.toString();
    }

    private static String protectedCharacter(char c) {
        int control = MEANT.indexOf(c);
        if (control >= 0) {
            return "\\" + NAMED.charAt(control);
        }
        return " \"'\\#!{}$@~".indexOf(c) >= 0 ? "\\" + c : String.valueOf(c);
    }

    /** The words of a line, with their places; empty if a quote is not closed. */
    static Optional<List<Piece>> divide(String text, Pass pass) {
        return new ScriptWords(text, pass).run();
    }

    private Optional<List<Piece>> run() {
        List<Piece> pieces = new ArrayList<>();
        while (true) {
            while (at < text.length() && BLANKS.indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            if (at >= text.length()) {
                return Optional.of(pieces);
            }
            int begin = at;
            StringBuilder word = new StringBuilder();
            if (!word(word)) {
                return Optional.empty();
            }
            pieces.add(new Piece(word.toString(), begin));
        }
    }

    /** Reads up to a blank outside quotes; false if a quote is not closed. */
    private boolean word(StringBuilder out) {
        char quote = 0;
        while (at < text.length() && (quote != 0 || BLANKS.indexOf(text.charAt(at)) < 0)) {
            char c = text.charAt(at++);
            if (c == '\\' && at < text.length()) {
                pair(out);
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            } else if (c == quote) {
                quote = 0;
            } else {
                out.append(c);
            }
        }
        return quote == 0;
    }

    private void pair(StringBuilder out) {
        char c = text.charAt(at++);
        int named = NAMED.indexOf(c);
        if (pass == Pass.FIRST) {
            out.append('\\').append(c);
        } else if (named >= 0) {
            out.append(MEANT.charAt(named));
        } else if (c >= '0' && c <= '7') {
            at--;
            out.append((char) number(8, MAX_OCTAL));
        } else if (c == 'x' && at < text.length() && Character.digit(text.charAt(at), 16) >= 0) {
            out.append((char) number(16, MAX_HEX));
        } else if (c == 'c' && at < text.length()) {
            out.append((char) (text.charAt(at++) & 0x1f));
        } else {
            out.append(c);
        }
    }

    private int number(int base, int most) {
        int value = 0;
        for (int n = 0; n < most && at < text.length() && Character.digit(text.charAt(at), base) >= 0; n++) {
            value = value * base + Character.digit(text.charAt(at++), base);
        }
        return value & 0xff;
    }
}
