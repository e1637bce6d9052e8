package io.lvsd.checkers;

import io.lvsd.checkers.ProbeOutcome.Failed;
import io.lvsd.checkers.ProbeOutcome.Reason;
import io.lvsd.conf.keyword.PcreExpression;
import io.lvsd.conf.model.Question.Regex;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Searches a body with {@link Pattern}, on hosts without libpcre2. The number of characters that may be looked at is limited.
 */
final class JavaRegexSearch {
    /** Characters that may be looked at, in all. */
    private static final long BUDGET = 20_000_000;

    private static final int CACHED = 4_096;
    private static final Map<Regex, Pattern> COMPILED = new ConcurrentHashMap<>();

    private JavaRegexSearch() {}

    private static final class BudgetSpentException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BudgetSpentException() {
            super("budget spent", null, false, false);
        }
    }

    /** A text that counts how often it is looked at. */
    private record Counted(String text, int from, int to, AtomicLong left) implements CharSequence {
        @Override
        public int length() {
            return to - from;
        }

        @Override
        public char charAt(int index) {
            if (left.decrementAndGet() < 0) {
                throw new BudgetSpentException();
            }
            return text.charAt(from + index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(text, from + start, from + end, left);
        }

        @Override
        public String toString() {
            return text.substring(from, to);
        }
    }

    /** Why a body is not as an expression wants it; empty if it is. May take a while. */
    static Optional<Failed> failure(Regex regex, byte[] body) {
        Charset charset = regex.options().contains("utf") ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
        String text = new String(body, charset);
        int from = characters(body, regex.minOffset(), charset);
        int to = regex.maxOffset() == 0 ? Integer.MAX_VALUE : characters(body, regex.maxOffset(), charset);
        boolean found;
        try {
            if (from > text.length()) {
                found = false;
            } else {
                Matcher matcher = pattern(regex, charset)
                        .matcher(new Counted(text, 0, text.length(), new AtomicLong(BUDGET)))
                        .region(from, text.length())
                        .useTransparentBounds(true)
                        .useAnchoringBounds(false);
                found = matcher.find() && matcher.start() < to;
            }
        } catch (BudgetSpentException | StackOverflowError _) {
            return Optional.of(new Failed(Reason.BODY, "the expression needs too many steps for this body"));
        }
        return RegexSearch.verdict(regex, found);
    }

    /** An offset in bytes as one in characters. */
    private static int characters(byte[] body, long offset, Charset charset) {
        if (offset >= body.length) {
            return body.length + (offset > body.length ? 1 : 0);
        }
        return charset.equals(StandardCharsets.UTF_8)
                ? new String(body, 0, (int) offset, charset).length()
                : (int) offset;
    }

    private static Pattern pattern(Regex regex, Charset charset) {
        if (COMPILED.size() > CACHED) {
            COMPILED.clear();
        }
        return COMPILED.computeIfAbsent(regex, r -> {
            try {
                // An expression without utf matches bytes.
                String written = new String(r.expression().getBytes(StandardCharsets.UTF_8), charset);
                return Pattern.compile(
                        PcreExpression.translated(written, r.options()), PcreExpression.flags(r.options()));
            } catch (PcreExpression.BadExpressionException e) {
                throw new IllegalStateException("an expression is validated when it is loaded", e);
            }
        });
    }
}
