package io.lvsd.conf.check.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** HTTP status codes from {@code low} to {@code high}, both included. */
public record StatusRange(int low, int high) {
    private static final Pattern FORM = Pattern.compile("\\s*\\+?0*([1-5]\\d\\d)(?:-\\+?0*([1-5]\\d\\d))?");

    /** {@code CODE} or {@code CODE-CODE}; empty for anything else. */
    public static Optional<StatusRange> parse(String text) {
        Matcher m = FORM.matcher(text);
        if (!m.matches()) {
            return Optional.empty();
        }
        int low = Integer.parseInt(m.group(1));
        int high = m.group(2) == null ? low : Integer.parseInt(m.group(2));
        return low <= high ? Optional.of(new StatusRange(low, high)) : Optional.empty();
    }

    public boolean contains(int code) {
        return low <= code && code <= high;
    }

    /** {@code CODE} or {@code CODE-CODE}. */
    @Override
    public String toString() {
        return low == high ? Integer.toString(low) : low + "-" + high;
    }
}
