package io.lvsd.checkers.probe;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a server says about its own weight, in the words of HAProxy's agent-check protocol, or by the exit status of a
 * program, or through a file.
 *
 * @param weight that it wants in place of the configured one
 * @param adds to the configured weight
 * @param percent of the configured weight that it wants, 0 to 1000
 * @param mode ready, drain or maint, if it says one
 * @param up whether it says up, or down
 */
public record AgentReply(
        OptionalLong weight, OptionalLong adds, OptionalInt percent, Optional<Mode> mode, Optional<Boolean> up) {
    private static final int MOST = 1_000;

    /** What the server is ready for. */
    public enum Mode {
        /** Connections. */
        READY,
        /** Those that it has, no new ones. */
        DRAIN,
        /** Nothing. */
        MAINT
    }

    /** A wish for a weight. */
    public static AgentReply weight(long weight) {
        return new AgentReply(
                OptionalLong.of(weight), OptionalLong.empty(), OptionalInt.empty(), Optional.empty(), Optional.empty());
    }

    /** A wish for more weight, or less. */
    public static AgentReply adding(long adds) {
        return new AgentReply(
                OptionalLong.empty(), OptionalLong.of(adds), OptionalInt.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * Words as an agent says them: {@code 75%}, {@code up}, {@code down}, {@code failed}, {@code stopped}, {@code ready},
     * {@code drain}, {@code maint}, with blanks or commas between them; what follows a {@code #} is a comment. A bare
     * number is a percentage.
     *
     * @return empty if no word is one of these
     */
    public static Optional<AgentReply> parse(String line) {
        OptionalInt percent = OptionalInt.empty();
        Optional<Mode> mode = Optional.empty();
        Optional<Boolean> up = Optional.empty();
        int comment = line.indexOf('#');
        String words = (comment < 0 ? line : line.substring(0, comment)).toLowerCase(Locale.ROOT);
        for (String word : words.strip().split("[\\s,]+")) {
            switch (word) {
                case "ready" -> mode = Optional.of(Mode.READY);
                case "drain" -> mode = Optional.of(Mode.DRAIN);
                case "maint" -> mode = Optional.of(Mode.MAINT);
                case "up" -> up = Optional.of(true);
                case "down", "failed", "stopped" -> up = Optional.of(false);
                default -> {
                    if (word.matches("\\d{1,4}%?")) {
                        percent = OptionalInt.of(Math.min(MOST, Integer.parseInt(word.replace("%", ""))));
                    }
                }
            }
        }
        if (percent.isEmpty() && mode.isEmpty() && up.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new AgentReply(OptionalLong.empty(), OptionalLong.empty(), percent, mode, up));
    }
}
