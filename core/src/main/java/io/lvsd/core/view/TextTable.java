package io.lvsd.core.view;

import java.util.ArrayList;
import java.util.List;

/** Lines of cells, aligned in columns that are as wide as their longest cell. */
final class TextTable {
    private static final String GAP = "  ";

    private final String indent;
    private final List<List<String>> rows = new ArrayList<>();

    TextTable(String indent) {
        this.indent = indent;
    }

    /** Each row has the same number of cells. */
    void row(String... cells) {
        rows.add(List.of(cells));
    }

    /** @param style called with a row number and its line, without indentation */
    String text(Style style) {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder out = new StringBuilder();
        for (int r = 0; r < rows.size(); r++) {
            out.append(indent).append(style.line(r, line(rows.get(r), widths))).append('\n');
        }
        return out.toString();
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            String cell = row.get(i);
            line.append(cell);
            if (i + 1 < row.size()) {
                line.append(" ".repeat(widths[i] - cell.length())).append(GAP);
            }
        }
        return line.toString().stripTrailing();
    }

    /** Decorates lines, with colours for example. */
    interface Style {
        String line(int row, String text);
    }
}
