package io.lvsd.core.view;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Lines of cells, aligned in columns that are as wide as their longest cell. Rows are made twice, once for their widths and
 * once for their text, so that a table of many thousand rows needs no memory for all cells.
 */
final class TextTable {
    private static final String GAP = "  ";

    private TextTable() {}

    /** Decorates the line of a row, with colours for example. */
    interface Style<T> {
        String line(T row, String text);
    }

    /**
     * Adds a table to a text.
     *
     * @param header the names of the columns
     * @param headerStyle decorates the first line
     * @param cells of a row, as many as columns
     */
    static <T> void append(
            StringBuilder out,
            String indent,
            List<String> header,
            Function<String, String> headerStyle,
            List<T> rows,
            Function<T, List<String>> cells,
            Style<T> style) {
        int[] widths = header.stream().mapToInt(String::length).toArray();
        for (T row : rows) {
            List<String> made = cells.apply(row);
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], made.get(i).length());
            }
        }
        out.append(indent).append(headerStyle.apply(line(header, widths))).append('\n');
        for (T row : rows) {
            out.append(indent)
                    .append(style.line(row, line(cells.apply(row), widths)))
                    .append('\n');
        }
    }

    /** Without decoration. */
    static <T> void append(
            StringBuilder out, String indent, List<String> header, List<T> rows, Function<T, List<String>> cells) {
        append(out, indent, header, h -> h, rows, cells, (_, line) -> line);
    }

    private static String line(List<String> row, int[] widths) {
        List<String> padded = new ArrayList<>(row.size());
        for (int i = 0; i < row.size(); i++) {
            padded.add(row.get(i) + " ".repeat(widths[i] - row.get(i).length()));
        }
        return String.join(GAP, padded).stripTrailing();
    }
}
