package io.lvsd.checkers.protocol;

import java.nio.charset.StandardCharsets;

/** A protocol of lines of text. */
public abstract class LineExchange implements Exchange {
    private static final int MAX_LINE = 4_096;
    private static final int MAX_LINES = 1_000;

    private final int maxLine;
    private final int maxLines;

    private final StringBuilder pending = new StringBuilder();
    private int lines;

    /** With the default limits. */
    protected LineExchange() {
        this(MAX_LINE, MAX_LINES);
    }

    /**
     * With limits of its own.
     *
     * @param maxLine bytes of one line
     * @param maxLines lines of the whole session
     */
    protected LineExchange(int maxLine, int maxLines) {
        this.maxLine = maxLine;
        this.maxLines = maxLines;
    }

    @Override
    public byte[] opening() {
        return Action.NONE;
    }

    /** A whole line, without its end. */
    protected abstract Action line(String line);

    @Override
    public final Action received(byte[] bytes) {
        pending.append(new String(bytes, StandardCharsets.ISO_8859_1));
        int end = pending.indexOf("\n");
        while (end >= 0) {
            String line = pending.substring(0, end).replaceFirst("\r$", "");
            pending.delete(0, end + 1);
            if (end + 1 > maxLine) {
                return tooLong();
            }
            Action action =
                    ++lines > maxLines ? Exchange.broken("response has more than " + maxLines + " lines") : line(line);
            if (!(action instanceof Action.Read)) {
                return action;
            }
            end = pending.indexOf("\n");
        }
        return pending.length() > maxLine ? tooLong() : new Action.Read();
    }

    private Action tooLong() {
        return Exchange.broken("line of more than " + maxLine + " bytes");
    }

    /** The bytes of a line whose end has not arrived. */
    protected final String unfinished() {
        return pending.toString();
    }

    /** The bytes of a text, one for each character. */
    protected static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
