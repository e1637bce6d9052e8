package io.lvsd.lab.bench.report;

import java.util.Locale;

/** Builds a picture in SVG, readable on light and dark pages. */
final class Svg {
    private final StringBuilder body = new StringBuilder();
    private final double width;
    private final double height;

    Svg(double width, double height) {
        this.width = width;
        this.height = height;
    }

    /** Where a text is in relation to its position. */
    enum Anchor {
        START,
        MIDDLE,
        END;

        private String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    void text(double x, double y, Anchor anchor, String style, String text) {
        body.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" class=\"%s\">%s</text>%n",
                x,
                y,
                anchor.text(),
                style,
                escape(text)));
    }

    void line(double x1, double y1, double x2, double y2, String style, String color) {
        body.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\" stroke=\"%s\"/>%n",
                x1,
                y1,
                x2,
                y2,
                style,
                color));
    }

    void dot(double x, double y, String color) {
        body.append(String.format(Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>%n", x, y, color));
    }

    /** The complete file. */
    String file(String title) {
        return String.format(Locale.ROOT, """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="img">
            <title>%s</title>
            <style>
            text { font: 12px sans-serif; fill: #222 }
            .title { font-weight: bold; font-size: 15px }
            .panel { font-weight: bold }
            .grid { stroke-width: 1 }
            .spread { stroke-width: 2; opacity: 0.5 }
            .curve { stroke-width: 2 }
            </style>
            <rect width="100%%" height="100%%" fill="#fff"/>
            %s</svg>
            """, width, height, width, height, escape(title), body);
    }
}
