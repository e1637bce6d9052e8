package io.lvsd.checkers.protocol;

import io.lvsd.checkers.probe.PrintableText;
import java.nio.charset.StandardCharsets;

/** An exchange of lines of text. */
abstract class LineExchange implements Exchange {
    private static final int MAX_LINE = 4_096;
    private static final int MAX_LINES = 1_000;

    private final int maxLine;
    private final int maxLines;

    private final StringBuilder pending = new StringBuilder();
    private int lines;

    LineExchange() {
        this(MAX_LINE, MAX_LINES);
    }

    /**
     * With limits of its own.
     *
     * @param maxLine bytes of one line
     * @param maxLines lines of the whole session
     */
    LineExchange(int maxLine, int maxLines) {
        this.maxLine = maxLine;
        this.maxLines = maxLines;
    }

    @Override
    public byte[] opening() {
        return new byte[0];
    }

    /** A whole line, without its end. */
    abstract Move line(String line);

    @Override
    public final Move received(byte[] bytes) {
        pending.append(new String(bytes, StandardCharsets.ISO_8859_1));
        int end = pending.indexOf("\n");
        while (end >= 0) {
            String line = pending.substring(0, end).replaceFirst("\r$", "");
            pending.delete(0, end + 1);
            if (end + 1 > maxLine) {
                return Exchange.broken("a line has more than " + maxLine + " bytes");
            }
            Move move = ++lines > maxLines ? Exchange.broken("more than " + maxLines + " lines") : line(line);
            if (!(move instanceof Move.Wait)) {
                return move;
            }
            end = pending.indexOf("\n");
        }
        return pending.length() > maxLine
                ? Exchange.broken("a line has more than " + maxLine + " bytes")
                : new Move.Wait();
    }

    /** What has arrived of a line that is not at its end. */
    final String unfinished() {
        return pending.toString();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String shortened(String line) {
        String clean = PrintableText.of(line);
        return clean.length() > 80 ? clean.substring(0, 80) + "…" : clean;
    }
}
