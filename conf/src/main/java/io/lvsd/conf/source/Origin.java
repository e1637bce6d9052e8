package io.lvsd.conf.source;

/**
 * A place in a configuration file.
 *
 * @param line from 1
 * @param column from 1, in characters
 * @param sourceLine the whole line, to show beneath a message
 */
public record Origin(String file, int line, int column, String sourceLine) {
    /** A file as a whole. */
    public static Origin ofFile(String file) {
        return new Origin(file, 0, 0, "");
    }

    /** {@code FILE:LINE:COLUMN}, or only the file. */
    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line + ":" + column;
    }
}
