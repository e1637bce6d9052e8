package io.lvsd.conf.keyword;

import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The values of one block, each read by its keyword's declaration. */
public final class Settings {
    private record Entry(Object value, Origin origin, int position) {}

    private final Map<Keyword<?>, List<Entry>> entries = new LinkedHashMap<>();

    private Settings() {}

    /** Reads the statements of a block of kind {@code scope}; unknown keywords are reported and skipped with their block. */
    public static Settings read(Scope scope, List<Statement> statements, Problems problems) {
        Settings settings = new Settings();
        for (Statement statement : statements) {
            if (statement.dropped()) {
                continue;
            }
            Optional<Keyword<?>> keyword = Keywords.find(scope, statement.name());
            if (keyword.isEmpty()) {
                unknown(scope, statement, problems);
            } else {
                settings.readOne(keyword.get(), statement, problems);
            }
        }
        return settings;
    }

    private static void unknown(Scope scope, Statement statement, Problems problems) {
        String skipped = statement.block() == null ? "" : "; its block is skipped";
        problems.error(
                statement.origin(),
                "unknown keyword '" + statement.name() + "'" + skipped,
                UnknownKeyword.hint(scope, statement.name()));
    }

    private void readOne(Keyword<?> keyword, Statement statement, Problems problems) {
        switch (keyword.support()) {
            case FOREIGN ->
                problems.warning(statement.origin(), "'" + statement.name() + "' is not lvsd's and is skipped");
            case NOT_YET -> {
                problems.warning(
                        statement.origin(), "'" + statement.name() + "' is known but this version does not act on it");
                accept(keyword, statement, problems);
                judgeInside(keyword, statement, problems);
            }
            case ACTED_ON -> accept(keyword, statement, problems);
        }
    }

    /** What stands in a block that nobody acts on is judged all the same. */
    private static void judgeInside(Keyword<?> keyword, Statement statement, Problems problems) {
        List<Statement> block = statement.block();
        Optional<Scope> scope = keyword.type().inside();
        if (block == null || scope.isEmpty()) {
            return;
        }
        Settings inside = read(scope.get(), block, problems);
        for (Keyword<?> needed : Keywords.requiredIn(scope.get())) {
            if (!inside.mentions(needed)) {
                problems.error(
                        statement.origin(),
                        "'" + statement.name() + "' without '" + needed.name() + "'",
                        "add: " + needed.name() + " " + needed.type().form());
            }
        }
    }

    private void accept(Keyword<?> keyword, Statement statement, Problems problems) {
        if (keyword.type().takesBlock() && statement.block() == null) {
            problems.error(
                    statement.origin(), "'" + statement.name() + "' needs a block", "add '{' at the end of the line");
            return;
        }
        if (!keyword.type().takesBlock() && statement.block() != null) {
            problems.error(
                    statement.origin(),
                    "'" + statement.name() + "' takes no block; it is skipped",
                    "remove the braces");
        }
        List<Entry> list = entries.computeIfAbsent(keyword, _ -> new ArrayList<>());
        judgeTwice(keyword, list, statement, problems);
        keyword.type()
                .read(statement, problems)
                .ifPresent(value -> list.add(new Entry(value, statement.origin(), entries.size())));
    }

    private static void judgeTwice(Keyword<?> keyword, List<Entry> before, Statement statement, Problems problems) {
        if (before.isEmpty()) {
            return;
        }
        switch (keyword.type().twice()) {
            case LAST_REPORTED ->
                problems.error(
                        statement.origin(),
                        "'" + statement.name() + "' stands here twice; this one is used",
                        "remove the other at " + before.getLast().origin());
            case FIRST_REPORTED ->
                problems.error(
                        statement.origin(),
                        "'" + statement.name() + "' stands here twice; the first is used",
                        "the first is at " + before.getFirst().origin());
            case LAST, ALL -> {}
        }
    }

    /** These settings, and those of {@code base} for keywords that these do not mention. */
    public Settings over(Settings base) {
        Settings both = new Settings();
        both.entries.putAll(base.entries);
        both.entries.putAll(entries);
        return both;
    }

    /** The value that holds: the last one written, unless the type says the first. */
    @SuppressWarnings("unchecked") // as in all()
    public <T> Optional<T> get(Keyword<T> keyword) {
        List<Entry> list = entries.get(keyword);
        if (list == null || list.isEmpty()) {
            return Optional.empty();
        }
        boolean first = keyword.type().twice() == ValueType.Twice.FIRST_REPORTED;
        return Optional.of((T) (first ? list.getFirst() : list.getLast()).value());
    }

    /** All values written, in their order. */
    @SuppressWarnings("unchecked") // accept() stores under a keyword only what the keyword's own type read
    public <T> List<T> all(Keyword<T> keyword) {
        return entries.getOrDefault(keyword, List.of()).stream()
                .map(e -> (T) e.value())
                .toList();
    }

    /** Whether the keyword was written, be its value good or bad. */
    public boolean mentions(Keyword<?> keyword) {
        return entries.containsKey(keyword);
    }

    /** Whether a flag was given and not taken back. */
    public boolean isOn(Keyword<Boolean> keyword) {
        return get(keyword).orElse(false);
    }

    /** Where the last value was written; {@code otherwise} if nowhere. */
    public Origin originOf(Keyword<?> keyword, Origin otherwise) {
        List<Entry> list = entries.getOrDefault(keyword, List.of());
        return list.isEmpty() ? otherwise : list.getLast().origin();
    }

    /** Whether {@code first} was written before {@code second}. */
    public boolean inOrder(Keyword<?> first, Keyword<?> second) {
        List<Entry> a = entries.getOrDefault(first, List.of());
        List<Entry> b = entries.getOrDefault(second, List.of());
        return !a.isEmpty()
                && !b.isEmpty()
                && a.getFirst().position() < b.getFirst().position();
    }
}
