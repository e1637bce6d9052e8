package io.lvsd.conf.syntax;

import io.lvsd.conf.source.Origin;

/**
 * The lines of one block at the top level of a file that have the same meaning wherever they are: they contain no parameter,
 * condition, repetition or include, and nothing was reported when they were read.
 *
 * @param text of the whole file
 * @param start in {@code text}, of its first character
 * @param end in {@code text}, after its last character, which is before a line feed or the end of the text
 * @param firstLine number of its first line, from 1
 * @param lines of text
 * @param expanded lines that are not empty, for the limits of a load
 * @param work of the expansion in characters, for the limits of a load
 * @param parts the blocks of its real servers; {@link TextParts#NONE}: not known, or they depend on each other
 */
public record TextBlock(
        String file,
        String text,
        int start,
        int end,
        int firstLine,
        int lines,
        int expanded,
        long work,
        TextParts parts) {
    /** The same block in another text of the file. */
    TextBlock at(String newText, int newStart, int newLine) {
        return new TextBlock(file, newText, newStart, newStart + length(), newLine, lines, expanded, work, parts);
    }

    /** The same block, of which the next load uses nothing again unless all of it is the same. */
    public TextBlock withoutParts() {
        return new TextBlock(file, text, start, end, firstLine, lines, expanded, work, TextParts.NONE);
    }

    /** How many lines one of its parts has. */
    public int linesOf(int part) {
        return parts.lines(part);
    }

    int length() {
        return end - start;
    }

    /** The first line, by which it is found again. */
    String header() {
        int feed = text.indexOf('\n', start);
        return text.substring(start, feed < 0 || feed > end ? end : feed);
    }

    /** Whether another text of the file has the same lines at a place, which is the start of a line. */
    boolean isAt(String other, int place) {
        int last = place + length();
        return other.regionMatches(place, text, start, length())
                && (last == other.length() || other.charAt(last) == '\n');
    }

    /** The place of a part of the block, after the block moved by so many lines. */
    public static Origin moved(Origin origin, int by) {
        return by == 0 ? origin : new Origin(origin.file(), origin.line() + by, origin.column(), origin.sourceLine());
    }
}
