package io.lvsd.conf.keyword;

import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.syntax.Word;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads values that are pairs of a name and a word, after a word without a name if there is one. */
public final class PairType {
    private PairType() {}

    /** A name and its word. */
    public record Pair(String name, Word word) {}

    /** Makes a value of its pairs, the last of each name; reports invalid ones. */
    interface Reader<T> {
        Optional<T> read(List<Pair> pairs, Statement statement, Problems problems);
    }

    static <T> FunctionType<T> of(String form, Shape.Pairs shape, Reader<T> reader) {
        FunctionType<T> type = FunctionType.of(form, (statement, problems) -> {
            List<Word> words = statement.words();
            if (words.isEmpty()) {
                TextTypes.missing(statement, form, problems);
                return Optional.empty();
            }
            Optional<Word> wrong = surplus(words, shape);
            if (wrong.isPresent()) {
                boolean known = shape.names().contains(wrong.get().text());
                problems.error(
                        wrong.get().origin(),
                        known
                                ? "'" + wrong.get().text() + "' requires a value"
                                : "unexpected '" + wrong.get().text() + "'",
                        "expected: " + statement.name() + " " + form);
                return Optional.empty();
            }
            return reader.read(pairs(statement, shape), statement, problems);
        });
        return type.shaped(shape);
    }

    /** The pairs of a valid statement, the last of each name. */
    public static List<Pair> pairs(Statement statement, Shape.Pairs shape) {
        List<Pair> all = new ArrayList<>();
        List<Word> words = statement.words();
        int at = start(words, shape);
        if (at > 0) {
            all.add(new Pair(shape.first(), words.getFirst()));
        }
        for (int i = 1; i < at; i++) {
            all.add(new Pair(shape.names().get(i - 1), words.get(i)));
        }
        for (int i = at; i + 1 < words.size(); i += 2) {
            all.add(new Pair(words.get(i).text(), words.get(i + 1)));
        }
        Set<String> seen = new HashSet<>();
        List<Pair> last =
                all.reversed().stream().filter(p -> seen.add(p.name())).collect(Collectors.toList());
        return last.reversed();
    }

    /** Where the pairs begin. {@code INTERFACE NAME [ID]} is an old form: words in the order of the names. */
    private static int start(List<Word> words, Shape.Pairs shape) {
        if (shape.first().isEmpty()) {
            return 0;
        }
        if (words.size() < 2 || shape.names().contains(words.get(1).text())) {
            return Math.min(1, words.size());
        }
        return words.size() > 2 && words.get(2).text().matches("\\d+") ? 3 : 2;
    }

    /** A word that is no name, or a name without a word. */
    private static Optional<Word> surplus(List<Word> words, Shape.Pairs shape) {
        return Stream.iterate(start(words, shape), i -> i < words.size(), i -> i + 2)
                .filter(i -> !shape.names().contains(words.get(i).text()) || i + 1 >= words.size())
                .map(words::get)
                .findFirst();
    }
}
