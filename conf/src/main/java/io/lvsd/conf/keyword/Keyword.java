package io.lvsd.conf.keyword;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The one declaration of a keyword, which parser, validation and documentation read.
 *
 * @param name canonical
 * @param aliases also accepted, without a warning
 * @param places where it is allowed
 * @param defaultText the value without the keyword, for the documentation
 * @param required whether the block is invalid without it
 * @param replacement the keyword that replaced this deprecated one
 * @param sentence what it does
 * @param <T> the type of its value
 */
public record Keyword<T>(
        String name,
        List<String> aliases,
        Set<Place> places,
        ValueType<T> type,
        String defaultText,
        boolean required,
        Optional<String> replacement,
        Support support,
        String sentence) {
    public Keyword {
        aliases = List.copyOf(aliases);
        places = Set.copyOf(places);
    }

    /** A keyword of one kind of block. */
    public static <T> Keyword<T> of(String name, Place place, ValueType<T> type, String defaultText, String sentence) {
        return of(name, Set.of(place), type, defaultText, sentence);
    }

    /** A keyword of several kinds of blocks. */
    public static <T> Keyword<T> of(
            String name, Set<Place> places, ValueType<T> type, String defaultText, String sentence) {
        return new Keyword<>(
                name, List.of(), places, type, defaultText, false, Optional.empty(), Support.SUPPORTED, sentence);
    }

    /** A keyword without which its block is invalid. */
    public static <T> Keyword<T> required(String name, Place place, ValueType<T> type, String sentence) {
        return new Keyword<>(
                name, List.of(), Set.of(place), type, "", true, Optional.empty(), Support.SUPPORTED, sentence);
    }

    /** A keyword that is validated and has no effect. */
    public static <T> Keyword<T> ignored(
            String name, Place place, ValueType<T> type, String defaultText, String sentence) {
        return ignored(name, Set.of(place), type, defaultText, sentence);
    }

    /** As {@link #ignored(String, Place, ValueType, String, String)}, of several kinds of blocks. */
    public static <T> Keyword<T> ignored(
            String name, Set<Place> places, ValueType<T> type, String defaultText, String sentence) {
        return new Keyword<>(
                name, List.of(), places, type, defaultText, false, Optional.empty(), Support.IGNORED, sentence);
    }

    /** A keyword of keepalived's VRRP or BFD daemon. */
    static Keyword<?> vrrpOnly(String name, Place place) {
        return new Keyword<>(
                name,
                List.of(),
                Set.of(place),
                TextTypes.anything("WORDS"),
                "",
                false,
                Optional.empty(),
                Support.VRRP_ONLY,
                "");
    }

    /** The same with other names that mean the same. */
    public Keyword<T> alias(String... names) {
        return new Keyword<>(name, List.of(names), places, type, defaultText, required, replacement, support, sentence);
    }

    /** The same, deprecated. */
    public Keyword<T> replacedBy(Keyword<?> other) {
        return new Keyword<>(
                name, aliases, places, type, defaultText, required, Optional.of(other.name()), support, sentence);
    }

    /** A keyword is declared once: it equals itself only. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }
}
