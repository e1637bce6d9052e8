package io.lvsd.conf.language;

import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Shape;
import io.lvsd.conf.keyword.Support;
import io.lvsd.conf.source.ConfigFormat;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Completion for editors: the keywords and values that are allowed at a place, by the blocks around it. */
public final class Completion {
    private static final Pattern TOKEN = Pattern.compile("#[^\n]*|//[^\n]*|\"[^\"\n]*\"|[\\w$.-]+|[{}\\[\\]\n=]");
    private static final Pattern CHOICES = Pattern.compile("\\[?([\\w.-]+(?:\\|[\\w.-]+)+)\\]?");

    private Completion() {}

    /** A word that is allowed there, and what it does. */
    public record Candidate(String word, String form, String sentence) {}

    /**
     * The candidates at a place.
     *
     * @param before the text up to the place
     */
    public static List<Candidate> at(String before, ConfigFormat format) {
        Optional<Scope> scope = scope(before, format);
        if (scope.isEmpty()) {
            return List.of();
        }
        String line = before.substring(before.lastIndexOf('\n') + 1)
                .replaceFirst("^.*[{},]", "")
                .stripLeading();
        String[] words = line.split("[\\s=]+", -1);
        if (words.length > 1) {
            return Language.find(scope.get(), words[0]).stream()
                    .flatMap(k -> choices(k).stream())
                    .toList();
        }
        return Language.KEYWORDS.keywordsIn(scope.get()).stream()
                .filter(k -> k.support() != Support.VRRP_ONLY)
                .filter(k -> k.name().startsWith(words[0]))
                .map(k -> new Candidate(k.name(), k.type().form(), k.sentence()))
                .toList();
    }

    private static List<Candidate> choices(Keyword<?> keyword) {
        Matcher m = CHOICES.matcher(keyword.type().form());
        return m.matches()
                ? List.of(m.group(1).split("\\|")).stream()
                        .map(c -> new Candidate(c, "", keyword.sentence()))
                        .toList()
                : List.of();
    }

    /** The block that a place is in; empty if the block has no keywords. */
    private static Optional<Scope> scope(String before, ConfigFormat format) {
        Deque<String> blocks = new ArrayDeque<>();
        String first = "";
        Matcher m = TOKEN.matcher(before);
        while (m.find()) {
            String token = m.group();
            switch (token) {
                case "{", "[" -> {
                    blocks.addLast(first);
                    first = "";
                }
                case "}", "]" -> {
                    blocks.pollLast();
                    first = "";
                }
                case "\n" -> first = "";
                default -> {
                    boolean comment = token.startsWith("#") || token.startsWith("//");
                    first = first.isEmpty() && !comment && !token.equals("=") ? token.replace("\"", "") : first;
                }
            }
        }
        return inside(blocks, format);
    }

    private static Optional<Scope> inside(Deque<String> blocks, ConfigFormat format) {
        Scope scope = Scope.ROOT;
        boolean label = false;
        for (String block : blocks) {
            Optional<Keyword<?>> keyword = Language.find(scope, block);
            if (label || block.isEmpty() && format == ConfigFormat.HOCON) {
                label = false; // the name of a server, or an element of a list
            } else if (keyword.isEmpty() || keyword.get().type().inside().isEmpty()) {
                return Optional.empty();
            } else {
                Shape shape = keyword.get().type().shape();
                label = format == ConfigFormat.HOCON
                        && (shape == Shape.Simple.VIRTUAL_SERVERS || shape == Shape.Simple.NAMED_OBJECTS);
                scope = keyword.get().type().inside().get();
            }
        }
        return label ? Optional.empty() : Optional.of(scope);
    }
}
