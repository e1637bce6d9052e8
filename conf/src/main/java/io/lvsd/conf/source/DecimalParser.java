package io.lvsd.conf.source;

import java.util.OptionalLong;

/** Whole numbers in plain decimal digits, which is what nearly every number of a configuration is. */
public final class DecimalParser {
    private static final int MOST = 18;

    private DecimalParser() {}

    /** The number, if the text is 1 to 18 decimal digits and nothing else. */
    public static OptionalLong of(String text) {
        if (text.isEmpty() || text.length() > MOST) {
            return OptionalLong.empty();
        }
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return OptionalLong.empty();
            }
            value = value * 10 + digit;
        }
        return OptionalLong.of(value);
    }
}
