package io.lvsd.conf.keyword;

import static io.lvsd.conf.keyword.Support.*;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where the classes of declarations put them. {@link Keywords} sees to it that all have done so before anybody asks. */
final class Registry {
    private static final Map<Scope, Map<String, Keyword<?>>> TABLE = new EnumMap<>(Scope.class);
    private static final List<Keyword<?>> ALL = new ArrayList<>();

    private Registry() {}

    static Optional<Keyword<?>> find(Scope scope, String word) {
        return Optional.ofNullable(TABLE.getOrDefault(scope, Map.of()).get(word));
    }

    static List<Keyword<?>> all() {
        return List.copyOf(ALL);
    }

    static List<String> namesIn(Scope scope) {
        return TABLE.getOrDefault(scope, Map.of()).keySet().stream().sorted().toList();
    }

    static Set<Scope> and(Set<Scope> some, Scope... others) {
        Set<Scope> all = EnumSet.copyOf(some);
        all.addAll(List.of(others));
        return all;
    }

    static <T> Keyword<T> declare(String name, Scope where, ValueType<T> type, String otherwise, String sentence) {
        return declare(name, List.of(), Set.of(where), type, otherwise, sentence, ACTED_ON);
    }

    static <T> Keyword<T> declare(String name, Set<Scope> where, ValueType<T> type, String otherwise, String sentence) {
        return declare(name, List.of(), where, type, otherwise, sentence, ACTED_ON);
    }

    static <T> Keyword<T> declare(
            String name,
            List<String> aliases,
            Set<Scope> where,
            ValueType<T> type,
            String otherwise,
            String sentence,
            Support support) {
        Keyword<T> keyword = new Keyword<>(name, aliases, where, type, otherwise, support, sentence);
        ALL.add(keyword);
        for (Scope scope : where) {
            Map<String, Keyword<?>> names = TABLE.computeIfAbsent(scope, _ -> new HashMap<>());
            List<String> words = new ArrayList<>(aliases);
            words.add(name);
            for (String word : words) {
                if (names.put(word, keyword) != null) {
                    throw new IllegalStateException("keyword '" + word + "' is declared twice in " + scope);
                }
            }
        }
        return keyword;
    }

    /** A keyword of the language that this version reads and does not act on. */
    static void notYet(Set<Scope> where, String name, ValueType<?> type, String otherwise, String sentence) {
        var _ = declare(name, List.of(), where, type, otherwise, sentence, NOT_YET);
    }

    /** As {@link #notYet}, with other names. */
    static void notYet(Set<Scope> where, List<String> names, ValueType<?> type, String otherwise, String sentence) {
        var _ = declare(names.getFirst(), names.subList(1, names.size()), where, type, otherwise, sentence, NOT_YET);
    }

    /** Keywords of other daemons. */
    static void foreign(Scope where, String... names) {
        for (String name : names) {
            var _ = declare(name, List.of(), Set.of(where), Types.anything("WORDS"), "", "", FOREIGN);
        }
    }
}
