package io.lvsd.core.page;

/** A small chart of the last ten minutes, as inline SVG with a text alternative. */
final class Sparkline {
    private static final int WIDTH = 120;
    private static final int HEIGHT = 20;

    private Sparkline() {}

    /**
     * A line; a flat one at the bottom if all numbers are 0.
     *
     * @param numbers the latest last, {@link TrafficHistory#LENGTH} at most
     * @param what the numbers are, for screen readers
     */
    static String of(int[] numbers, String what) {
        int max = TrafficHistory.max(numbers).orElse(0);
        int now = numbers.length == 0 ? 0 : numbers[numbers.length - 1];
        StringBuilder svg = new StringBuilder("<svg class=\"spark\" viewBox=\"0 0 ")
                .append(WIDTH)
                .append(' ')
                .append(HEIGHT)
                .append("\" role=\"img\" aria-label=\"")
                .append(Html.escaped(what + ": now " + now + ", maximum of ten minutes " + max))
                .append("\">");
        if (numbers.length > 1) {
            svg.append("<polyline points=\"");
            for (int i = 0; i < numbers.length; i++) {
                int x = WIDTH - (numbers.length - 1 - i) * WIDTH / (TrafficHistory.LENGTH - 1);
                int y = max == 0 ? HEIGHT - 1 : HEIGHT - 1 - (int) ((HEIGHT - 2L) * numbers[i] / max);
                svg.append(i == 0 ? "" : " ").append(x).append(',').append(y);
            }
            svg.append("\"/>");
        }
        return svg.append("</svg>").toString();
    }
}
