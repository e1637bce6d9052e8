package io.lvsd.conf.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Compares a virtual server that changed with its former text: if only real servers differ, those that do not differ need not
 * be read again. Understands simple lines only; a block with others is read completely. Used by one thread.
 */
final class SamePlaces {
    private static final String KEYWORD = "real_server";
    /** How many real servers in a row may have been removed, so that the next one is still found. */
    private static final int WINDOW = 8;
    /** What changes how a line is divided, or what the following lines mean. */
    private static final String NOT_SIMPLE = "\"\\$@~#!\r\0";

    private final TextBlock former;
    private final TextParts parts;
    private final String text;
    private final List<Place> found = new ArrayList<>();
    private int at;
    private int next;

    /**
     * A real server that is in the new text as it was.
     *
     * @param start of its first line in the new text
     * @param part its number in the former block
     */
    record Place(int start, int part) {}

    /**
     * A virtual server of which only real servers differ.
     *
     * @param places the real servers that need not be read
     * @param end of the virtual server in the new text: a line feed, or the end of the text
     */
    record Found(List<Place> places, int end) {}

    private SamePlaces(TextBlock former, String text, int start) {
        this.former = former;
        this.parts = former.parts();
        this.text = text;
        this.at = start;
    }

    /** Compares a virtual server that starts at a place of a text; empty: all of it must be read. */
    static Optional<Found> find(TextBlock former, String text, int start) {
        if (former.parts().isEmpty()) {
            return Optional.empty();
        }
        SamePlaces places = new SamePlaces(former, text, start);
        return places.isSameAround() ? Optional.of(new Found(places.found, places.at)) : Optional.empty();
    }

    /** Whether everything but the real servers, and comments between them, is the same. */
    private boolean isSameAround() {
        String before = former.text();
        int first = parts.start(0);
        if (!text.regionMatches(at, before, former.start(), first)) {
            return false;
        }
        at += first;
        while (isServer(text, at)) {
            if (!server()) {
                return false;
            }
            at = afterComments(text, at + 1);
        }
        int rest = afterComments(before, former.start() + parts.end(parts.count() - 1) + 1);
        int length = former.end() - rest;
        if (!text.regionMatches(at, before, rest, length)) {
            return false;
        }
        at += length;
        return at == text.length() || text.charAt(at) == '\n';
    }

    /** Moves to the line feed after a real server; false if it cannot be seen where that is. */
    private boolean server() {
        int limit = Math.min(parts.count(), next + WINDOW);
        for (int part = next; part < limit; part++) {
            int length = parts.end(part) - parts.start(part);
            if (text.regionMatches(at, former.text(), former.start() + parts.start(part), length)
                    && isFeed(text, at + length)) {
                found.add(new Place(at, part));
                next = part + 1;
                at += length;
                return true;
            }
        }
        at = end(text, at);
        return at >= 0;
    }

    private static boolean isFeed(String text, int at) {
        return at < text.length() && text.charAt(at) == '\n';
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static int afterBlanks(String text, int start) {
        int at = start;
        while (at < text.length() && isBlank(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** Whether a line can be the first one of a real server. */
    static boolean isServer(String text, int line) {
        int at = afterBlanks(text, line);
        int after = at + KEYWORD.length();
        return text.startsWith(KEYWORD, at) && after < text.length() && isBlank(text.charAt(after));
    }

    /** The start of the first line from a place on that is neither empty nor a comment. */
    private static int afterComments(String text, int start) {
        int line = start;
        while (line < text.length()) {
            int at = afterBlanks(text, line);
            boolean comment = at < text.length() && (text.charAt(at) == '#' || text.charAt(at) == '!');
            int feed = comment ? text.indexOf('\n', at) : at;
            if (feed < 0 || !isFeed(text, feed)) {
                return line;
            }
            line = feed + 1;
        }
        return line;
    }

    /** The line feed after the block that starts with a line; -1 if its lines are not simple, or it does not end a line. */
    private static int end(String text, int start) {
        int depth = 0;
        boolean closed = false;
        for (int at = start; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\n') {
                if (closed) {
                    return at;
                }
                if (depth == 0 || text.startsWith("include", afterBlanks(text, at + 1))) {
                    return -1;
                }
            } else if (closed && !isBlank(c) || NOT_SIMPLE.indexOf(c) >= 0) {
                return -1;
            } else if (c == '{') {
                depth++;
            } else if (c == '}') {
                depth--;
                closed = depth == 0;
            }
        }
        return -1;
    }
}
