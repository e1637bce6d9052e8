package io.lvsd.lab.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The picture of an axis: a curve over the sizes for each case that was measured at several sizes, and one row of points for each
 * other case. A point is a median, and the line through it the spread.
 */
final class Plot {
    private static final String[] COLORS = {"#1368aa", "#e07b00", "#4c9f38", "#a23b72", "#666666"};
    private static final String GRID = "#ddd";
    private static final double PANEL = 470;
    private static final double CURVE_HEIGHT = 270;
    private static final double ROW_HEIGHT = 24;
    private static final double HEAD = 62;
    private static final double MARGIN_LEFT = 62;
    private static final double MARGIN_RIGHT = 24;
    private static final double MARGIN_TOP = 30;
    private static final double MARGIN_BOTTOM = 44;
    private static final double LABELS = 330;

    private final AxisResults results;
    private final List<String> subjects;

    private Plot(AxisResults results) {
        this.results = results;
        this.subjects = results.subjects();
    }

    static String of(AxisResults results) {
        return new Plot(results).draw();
    }

    private String draw() {
        List<List<Row>> curves = new ArrayList<>();
        Map<String, List<Row>> points = new LinkedHashMap<>();
        for (List<Row> rows : results.cases()) {
            if (rows.size() > 1) {
                curves.add(rows);
            } else {
                points.computeIfAbsent(rows.getFirst().unit(), _ -> new ArrayList<>())
                        .add(rows.getFirst());
            }
        }
        int lines = (curves.size() + 1) / 2;
        double height = HEAD + lines * CURVE_HEIGHT;
        for (List<Row> rows : points.values()) {
            height += pointsHeight(rows);
        }
        Svg svg = new Svg(2 * PANEL, height);
        svg.text(16, 24, Svg.Anchor.START, "title", results.axis().title());
        legend(svg);
        for (int i = 0; i < curves.size(); i++) {
            curve(svg, curves.get(i), i % 2 * PANEL, HEAD + Math.floorDiv(i, 2) * CURVE_HEIGHT);
        }
        double y = HEAD + lines * CURVE_HEIGHT;
        for (List<Row> rows : points.values()) {
            points(svg, rows, y);
            y += pointsHeight(rows);
        }
        return svg.file(results.axis().title());
    }

    private static double pointsHeight(List<Row> rows) {
        return MARGIN_TOP + rows.size() * ROW_HEIGHT + MARGIN_BOTTOM;
    }

    private String color(String subject) {
        return COLORS[subjects.indexOf(subject) % COLORS.length];
    }

    private void legend(Svg svg) {
        double x = 20;
        for (String subject : subjects) {
            svg.dot(x, 42, color(subject));
            svg.text(x + 10, 46, Svg.Anchor.START, "legend", subject);
            x += 26 + 7.5 * subject.length();
        }
    }

    private static Scale values(List<Row> rows, double start, double end) {
        double lowest = Double.MAX_VALUE;
        double highest = 0;
        for (Row row : rows) {
            for (Sample sample : row.samples().values()) {
                lowest = Math.min(lowest, sample.lowest());
                highest = Math.max(highest, sample.highest());
            }
        }
        return Scale.of(lowest, highest, start, end);
    }

    /** A size for a logarithmic axis. */
    private static double size(Row row) {
        return Math.max(1, (double) row.size());
    }

    private void curve(Svg svg, List<Row> rows, double left, double top) {
        double bottom = top + CURVE_HEIGHT - MARGIN_BOTTOM;
        double right = left + PANEL - MARGIN_RIGHT;
        Scale y = values(rows, bottom, top + MARGIN_TOP);
        Scale x = Scale.logarithmic(size(rows.getFirst()), size(rows.getLast()), left + MARGIN_LEFT, right);
        Row first = rows.getFirst();
        svg.text(left + 16, top + 16, Svg.Anchor.START, "panel", first.target().what() + " (" + first.unit() + ")");
        for (double tick : y.ticks()) {
            svg.line(left + MARGIN_LEFT, y.position(tick), right, y.position(tick), "grid", GRID);
            svg.text(left + MARGIN_LEFT - 6, y.position(tick) + 4, Svg.Anchor.END, "tick", Numbers.text(tick));
        }
        for (Row row : rows) {
            double at = x.position(size(row));
            svg.line(at, top + MARGIN_TOP, at, bottom, "grid", GRID);
            svg.text(at, bottom + 16, Svg.Anchor.MIDDLE, "tick", Numbers.text(size(row)));
        }
        svg.text(
                (left + MARGIN_LEFT + right) / 2,
                bottom + 34,
                Svg.Anchor.MIDDLE,
                "tick",
                results.axis().sizes());
        subjects.forEach(subject -> curve(svg, rows, subject, x, y));
    }

    private void curve(Svg svg, List<Row> rows, String subject, Scale x, Scale y) {
        double[] last = null;
        for (Row row : rows) {
            Sample sample = row.samples().get(subject);
            if (sample == null) {
                continue;
            }
            double at = x.position(size(row));
            double[] here = {at, y.position(sample.median())};
            if (last != null) {
                svg.line(last[0], last[1], here[0], here[1], "curve", color(subject));
            }
            svg.line(at, y.position(sample.lowest()), at, y.position(sample.highest()), "spread", color(subject));
            svg.dot(here[0], here[1], color(subject));
            last = here;
        }
    }

    private void points(Svg svg, List<Row> rows, double top) {
        double right = 2 * PANEL - MARGIN_RIGHT;
        double bottom = top + MARGIN_TOP + rows.size() * ROW_HEIGHT;
        Scale x = values(rows, LABELS, right);
        String unit = rows.getFirst().unit();
        svg.text(16, top + 16, Svg.Anchor.START, "panel", unit);
        for (double tick : x.ticks()) {
            svg.line(x.position(tick), top + MARGIN_TOP - 8, x.position(tick), bottom, "grid", GRID);
            svg.text(x.position(tick), bottom + 16, Svg.Anchor.MIDDLE, "tick", Numbers.text(tick));
        }
        svg.text((LABELS + right) / 2, bottom + 34, Svg.Anchor.MIDDLE, "tick", unit);
        for (int i = 0; i < rows.size(); i++) {
            double y = top + MARGIN_TOP + (i + 0.5) * ROW_HEIGHT;
            Row row = rows.get(i);
            svg.text(LABELS - 12, y + 4, Svg.Anchor.END, "tick", row.target().what());
            row.samples().forEach((subject, sample) -> {
                svg.line(x.position(sample.lowest()), y, x.position(sample.highest()), y, "spread", color(subject));
                svg.dot(x.position(sample.median()), y, color(subject));
            });
        }
    }
}
