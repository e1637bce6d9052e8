package io.lvsd.conf.syntax;

import io.lvsd.conf.source.Origin;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A line while it is being expanded. Every character knows where in the physical line it comes from, and whether it was
 * put in for a parameter: such a character never starts a comment.
 */
final class SourceText {
    private static final Pattern REPETITIONS = Pattern.compile("(?:\\s*~(?:SEQx?|LST)\\s*\\([^()]*\\))+\\s*");

    private final String file;
    private final int line;
    private final String physical;
    private final String text;
    /** Without {@link #places}: the place of the first character, from which the others follow. */
    private final int offset;
    /** For each character its place in {@link #physical}; the complement of the place if it was put in. */
    private final int @Nullable [] places;

    private SourceText(String file, int line, String physical, String text, int offset, int @Nullable [] places) {
        this.file = file;
        this.line = line;
        this.physical = physical;
        this.text = text;
        this.offset = offset;
        this.places = places;
    }

    /** A physical line, number {@code line} from 1. */
    static SourceText of(String file, int line, String physical) {
        return new SourceText(file, line, physical, physical, 0, null);
    }

    private int place(int index) {
        int[] known = places;
        return known == null ? offset + index : known[index];
    }

    String text() {
        return text;
    }

    int length() {
        return text.length();
    }

    char charAt(int index) {
        return text.charAt(index);
    }

    /** Whether the character was written in this line. */
    boolean isWritten(int index) {
        return place(index) >= 0;
    }

    /** The place of a character; past the end, that after the last one. */
    Origin origin(int index) {
        if (text.isEmpty()) {
            return new Origin(file, line, 1, physical);
        }
        int place = place(Math.clamp(index, 0, text.length() - 1));
        int column = (place < 0 ? ~place : place) + 1;
        return new Origin(file, line, index >= text.length() ? column + 1 : column, physical);
    }

    SourceText from(int begin) {
        return part(begin, text.length());
    }

    SourceText part(int begin, int end) {
        if (begin == 0 && end == text.length()) {
            return this;
        }
        int[] known = places;
        int[] those = known == null ? null : Arrays.copyOfRange(known, begin, end);
        return new SourceText(file, line, physical, text.substring(begin, end), offset + begin, those);
    }

    /** Without blanks at its ends. */
    SourceText strip() {
        int begin = 0;
        int end = text.length();
        while (begin < end && isBlank(text.charAt(begin))) {
            begin++;
        }
        while (end > begin && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return part(begin, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\f' || c == '\u000b' || c == '\r';
    }

    /** With {@code value} put in for the characters from {@code begin} to {@code end}. */
    SourceText replaced(int begin, int end, String value) {
        int[] next = new int[text.length() - (end - begin) + value.length()];
        for (int i = 0; i < begin; i++) {
            next[i] = place(i);
        }
        int place = place(begin);
        Arrays.fill(next, begin, begin + value.length(), place < 0 ? place : ~place);
        int shift = value.length() - (end - begin);
        for (int i = end; i < text.length(); i++) {
            next[i + shift] = place(i);
        }
        String result = text.substring(0, begin) + value + text.substring(end);
        return new SourceText(file, line, physical, result, 0, next);
    }

    /** The part after every {@code ~SEQ(...)} and {@code ~LST(...)} at the start. */
    SourceText withoutRepetition() {
        Matcher repetitions = REPETITIONS.matcher(text);
        return repetitions.lookingAt() ? from(repetitions.end()) : this;
    }

    /** The part before a comment: {@code #} or {@code !} outside double quotes, without a backslash before it. */
    SourceText withoutComment() {
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == '#' || c == '!') && isWritten(i)) {
                return part(0, i);
            }
        }
        return this;
    }
}
