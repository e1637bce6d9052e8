package io.lvsd.checkers.regex;

import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.lvsd.conf.check.http.Regex;
import io.lvsd.conf.check.regex.PcreExpression;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Searches a body with {@link Pattern}, on hosts without libpcre2. The number of characters that a search reads is limited.
 */
final class JavaRegexSearch {
    /** Characters that one search may read, repeated reads included. */
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

    /** A text that counts the reads of its characters. */
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

    /** The failure of a body that does not satisfy an expression; else empty. May take about a second. */
    static Optional<Failed> failure(Regex regex, byte[] body) {
        boolean utf = regex.options().contains("utf");
        byte[] bytes = utf ? RegexSearch.withoutCutCharacter(body) : body;
        String text;
        try {
            text = decoded(bytes, bytes.length, utf);
        } catch (CharacterCodingException _) {
            return Optional.of(Failed.mismatch(Reason.BODY, "valid UTF-8", "a body with invalid UTF-8"));
        }
        if (regex.minOffset() > bytes.length) {
            return RegexSearch.evaluate(regex, body, false);
        }
        int start = (int) regex.minOffset();
        int from = characters(bytes, utf ? RegexSearch.nextCharacter(bytes, start) : start, utf);
        int to = regex.maxOffset() == 0 || regex.maxOffset() > bytes.length
                ? Integer.MAX_VALUE
                : characters(bytes, (int) regex.maxOffset(), utf);
        boolean found;
        try {
            Matcher matcher = pattern(regex)
                    .matcher(new Counted(text, 0, text.length(), new AtomicLong(BUDGET)))
                    .region(from, text.length())
                    .useTransparentBounds(true)
                    .useAnchoringBounds(false);
            found = matcher.find() && matcher.start() < to;
        } catch (BudgetSpentException | StackOverflowError _) {
            return Optional.of(new Failed(Reason.BODY, "expression needs too many steps for this body"));
        }
        return RegexSearch.evaluate(regex, body, found);
    }

    private static String decoded(byte[] bytes, int length, boolean utf) throws CharacterCodingException {
        return utf
                ? StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes, 0, length))
                        .toString()
                : new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    /** An offset in bytes as one in characters. */
    private static int characters(byte[] body, int offset, boolean utf) {
        return utf ? new String(body, 0, offset, StandardCharsets.UTF_8).length() : offset;
    }

    private static Pattern pattern(Regex regex) {
        if (COMPILED.size() > CACHED) {
            COMPILED.clear();
        }
        return COMPILED.computeIfAbsent(regex, r -> {
            try {
                return PcreExpression.forJava(r.expression(), r.options());
            } catch (PcreExpression.BadExpressionException e) {
                throw new IllegalStateException("an expression is validated when it is loaded", e);
            }
        });
    }
}
