package io.lvsd.conf.keyword;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds keywords by block and name. */
public final class KeywordIndex {
    private final List<Scope> scopes;
    private final List<Keyword<?>> all;
    private final Map<Scope, Map<String, Keyword<?>>> byName = new HashMap<>();

    /** @param scopes every kind of block, in the order of the documentation */
    public KeywordIndex(List<Scope> scopes, List<Keyword<?>> all) {
        this.scopes = List.copyOf(scopes);
        this.all = List.copyOf(all);
        for (Scope scope : scopes) {
            Map<String, Keyword<?>> names = byName.computeIfAbsent(scope, _ -> new HashMap<>());
            all.stream().filter(scope::allows).forEach(k -> enter(names, k, scope));
        }
    }

    private static void enter(Map<String, Keyword<?>> names, Keyword<?> keyword, Scope scope) {
        List<String> words = new ArrayList<>(keyword.aliases());
        words.add(keyword.name());
        for (String word : words) {
            if (names.put(word, keyword) != null) {
                throw new IllegalStateException("keyword '" + word + "' is declared twice in " + scope);
            }
        }
    }

    /** The keyword that a word means in a block. */
    public Optional<Keyword<?>> find(Scope scope, String word) {
        return Optional.ofNullable(byName.getOrDefault(scope, Map.of()).get(word));
    }

    public List<Keyword<?>> all() {
        return all;
    }

    /** Every kind of block, in the order of the documentation. */
    public List<Scope> scopes() {
        return scopes;
    }

    /** The blocks in which a keyword is allowed. */
    public List<Scope> scopesOf(Keyword<?> keyword) {
        return scopes.stream().filter(s -> s.allows(keyword)).toList();
    }

    /** The keywords of a block, sorted by name. */
    public List<Keyword<?>> keywordsIn(Scope scope) {
        return all.stream()
                .filter(scope::allows)
                .sorted(java.util.Comparator.comparing(Keyword::name))
                .toList();
    }

    /** The names and aliases that are allowed in a block, sorted. */
    public List<String> namesIn(Scope scope) {
        return byName.getOrDefault(scope, Map.of()).keySet().stream().sorted().toList();
    }

    /** The keywords without which a block is invalid. */
    List<Keyword<?>> requiredIn(Scope scope) {
        return all.stream().filter(k -> k.required() && scope.allows(k)).toList();
    }

    /** Whether a word declares a check of a real server. */
    public boolean isCheck(String word) {
        return find(Scope.REAL_SERVER, word)
                .flatMap(k -> k.type().inside())
                .filter(s -> s.has(Trait.CHECK))
                .isPresent();
    }

    /** Whether an unknown word of a real server was probably meant to declare a check. */
    public boolean isNearlyCheck(String word) {
        return word.endsWith("_CHECK")
                || word.endsWith("_GET")
                || Suggestion.nearest(word, namesIn(Scope.REAL_SERVER))
                        .filter(this::isCheck)
                        .isPresent();
    }

    /** The keyword that replaces a deprecated one, or that a word is an alias of, in any block. */
    Optional<String> canonical(String word) {
        return all.stream()
                .filter(k -> k.name().equals(word))
                .flatMap(k -> k.replacement().stream())
                .findFirst()
                .or(() -> all.stream()
                        .filter(k -> k.aliases().contains(word))
                        .map(Keyword::name)
                        .findFirst());
    }

    /** The blocks in which a word is known, for hints; empty if there are none. */
    String placesOf(String word) {
        return scopes.stream()
                .filter(scope -> find(scope, word).isPresent())
                .map(Scope::title)
                .distinct()
                .collect(Collectors.joining(" or "));
    }

    /** The keyword that opens a block; empty for the top level. The first, if several open the same. */
    public Optional<Keyword<?>> blockOf(Scope scope) {
        return all.stream()
                .filter(k -> k.type().inside().filter(scope::equals).isPresent())
                .findFirst();
    }
}
