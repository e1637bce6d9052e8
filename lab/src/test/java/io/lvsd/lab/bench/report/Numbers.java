package io.lvsd.lab.bench.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers as a reader needs them. */
final class Numbers {
    private static final int DIGITS = 3;
    private static final double THOUSAND = 1_000;

    private Numbers() {}

    /** Three significant digits; whole numbers above a thousand with separators. */
    static String text(double value) {
        if (Math.abs(value) >= THOUSAND) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        if (value == 0) {
            return "0";
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(DIGITS, RoundingMode.HALF_UP));
        return rounded.stripTrailingZeros().toPlainString();
    }
}
