package io.lvsd.conf.syntax;

import java.util.Arrays;

/**
 * The blocks of the real servers of a virtual server, which are complete lines with nothing but comments between them. A table
 * has many: numbers instead of objects save heap.
 */
public final class TextParts {
    static final TextParts NONE = new TextParts(new int[0]);

    private static final int START = 0;
    private static final int END = 1;
    private static final int LINES = 2;
    private static final int EXPANDED = 3;
    private static final int WORK = 4;
    private static final int FIELDS = 5;

    private final int[] numbers;

    private TextParts(int[] numbers) {
        this.numbers = numbers;
    }

    /** How many there are. */
    public int count() {
        return numbers.length / FIELDS;
    }

    boolean isEmpty() {
        return numbers.length == 0;
    }

    /** Of its first character, from the start of the virtual server. */
    int start(int part) {
        return numbers[part * FIELDS + START];
    }

    /** After its last character, which is before a line feed. */
    int end(int part) {
        return numbers[part * FIELDS + END];
    }

    /** Lines of text. */
    int lines(int part) {
        return numbers[part * FIELDS + LINES];
    }

    /** Lines that are not empty, for the limits of a load. */
    int expanded(int part) {
        return numbers[part * FIELDS + EXPANDED];
    }

    /** Work of the expansion in characters, for the limits of a load. */
    int work(int part) {
        return numbers[part * FIELDS + WORK];
    }

    /** Collects parts, in their order. */
    static final class Builder {
        private int[] numbers = new int[FIELDS];
        private int used;

        void add(int start, int end, int lines, int expanded, int work) {
            if (used == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * used);
            }
            numbers[used + START] = start;
            numbers[used + END] = end;
            numbers[used + LINES] = lines;
            numbers[used + EXPANDED] = expanded;
            numbers[used + WORK] = work;
            used += FIELDS;
        }

        TextParts build() {
            return used == 0 ? NONE : new TextParts(Arrays.copyOf(numbers, used));
        }
    }
}
