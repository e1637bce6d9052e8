package io.lvsd.core.page;

import java.util.Locale;

/** A small chart of the last ten minutes, as inline SVG with its maximum next to it and a text alternative. */
final class Sparkline {
    private static final int WIDTH = 120;
    private static final int HEIGHT = 24;
    private static final long THOUSAND = 1_000;

    private Sparkline() {}

    /**
     * A line above a filled area, from 0 at the bottom to the maximum at the top. Empty if all numbers are 0.
     *
     * @param numbers the latest last, {@link TrafficHistory#LENGTH} at most
     * @param what the numbers are, for screen readers
     */
    static String of(int[] numbers, String what) {
        int max = TrafficHistory.max(numbers).orElse(0);
        if (max == 0) {
            return "";
        }
        int now = numbers[numbers.length - 1];
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < numbers.length; i++) {
            points.append(x(numbers, i))
                    .append(',')
                    .append(HEIGHT - 1 - (int) ((HEIGHT - 2L) * numbers[i] / max))
                    .append(' ');
        }
        return "<svg class=\"spark\" viewBox=\"0 0 " + WIDTH + ' ' + HEIGHT
                + "\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\""
                + Html.escaped(what + ": now " + now + ", maximum of ten minutes " + max)
                + "\"><polygon points=\"" + x(numbers, 0) + ',' + HEIGHT + ' ' + points + WIDTH + ',' + HEIGHT
                + "\"/><polyline points=\"" + points.toString().strip() + "\"/></svg><small class=\"max\">max "
                + count(max) + "</small>";
    }

    private static int x(int[] numbers, int index) {
        return WIDTH - (numbers.length - 1 - index) * WIDTH / (TrafficHistory.LENGTH - 1);
    }

    /** A number with three digits at most and a prefix, such as {@code 12.3k}. */
    static String count(long number) {
        if (number < THOUSAND) {
            return Long.toString(number);
        }
        double shown = number;
        int prefix = -1;
        while (shown >= THOUSAND - 0.5 && prefix < 3) {
            shown /= THOUSAND;
            prefix++;
        }
        return String.format(Locale.ROOT, shown < 99.95 ? "%.1f" : "%.0f", shown) + "kMGT".charAt(prefix);
    }
}
