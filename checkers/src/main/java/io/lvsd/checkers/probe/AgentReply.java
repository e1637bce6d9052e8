package io.lvsd.checkers.probe;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a server reports about its own weight: in the words of HAProxy's agent-check protocol, by the exit status of a script,
 * or in a file.
 *
 * @param weight to use instead of the configured one
 * @param weightChange added to the configured weight
 * @param percent of the configured weight, 0 to 1000
 * @param mode ready, drain or maint, if the reply contains one
 * @param up whether the reply contains up, or down
 */
public record AgentReply(
        OptionalLong weight,
        OptionalLong weightChange,
        OptionalInt percent,
        Optional<Mode> mode,
        Optional<Boolean> up) {
    private static final int MAX_PERCENT = 1_000;

    /** The administrative state that the server requests. */
    public enum Mode {
        /** It takes new connections. */
        READY,
        /** It keeps its connections and takes no new ones. */
        DRAIN,
        /** It must not be used. */
        MAINT
    }

    /** A weight. */
    public static AgentReply weight(long weight) {
        return new AgentReply(
                OptionalLong.of(weight), OptionalLong.empty(), OptionalInt.empty(), Optional.empty(), Optional.empty());
    }

    /** A change of the weight, up or down. */
    public static AgentReply changingWeight(long change) {
        return new AgentReply(
                OptionalLong.empty(), OptionalLong.of(change), OptionalInt.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * Parses the reply of an agent: {@code 75%}, {@code up}, {@code down}, {@code failed}, {@code stopped}, {@code ready},
     * {@code drain}, {@code maint}, separated by blanks or commas; a comment follows {@code #}. A number
     * without a unit is a percentage.
     *
     * @return empty if the reply contains none of these words
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
                        percent = OptionalInt.of(Math.min(MAX_PERCENT, Integer.parseInt(word.replace("%", ""))));
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
