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
    private int count;

    private Settings() {}

    /** Reads the statements of a block; unknown keywords are reported and skipped with their block. */
    public static Settings read(KeywordIndex index, Scope scope, List<Statement> statements, Problems problems) {
        Settings settings = new Settings();
        for (Statement statement : statements) {
            if (statement.dropped()) {
                continue;
            }
            Optional<Keyword<?>> keyword = index.find(scope, statement.name());
            if (keyword.isEmpty()) {
                unknown(index, scope, statement, problems);
            } else {
                settings.readOne(index, keyword.get(), statement, problems);
            }
        }
        return settings;
    }

    private static void unknown(KeywordIndex index, Scope scope, Statement statement, Problems problems) {
        String skipped = statement.block() == null ? "" : ", its block is skipped";
        problems.error(
                statement.origin(),
                "unknown keyword '" + statement.name() + "'" + skipped,
                UnknownKeyword.hint(index, scope, statement.name()));
    }

    private void readOne(KeywordIndex index, Keyword<?> keyword, Statement statement, Problems problems) {
        switch (keyword.support()) {
            case VRRP_ONLY ->
                problems.warning(statement.origin(), "'" + statement.name() + "' is not a keyword of lvsd, skipped");
            case IGNORED -> {
                problems.warning(statement.origin(), "'" + statement.name() + "' is not supported, ignored");
                accept(keyword, statement, problems);
                validateInside(index, keyword, statement, problems);
            }
            case SUPPORTED -> accept(keyword, statement, problems);
        }
    }

    /** A block without an effect is validated all the same. */
    private static void validateInside(KeywordIndex index, Keyword<?> keyword, Statement statement, Problems problems) {
        List<Statement> block = statement.block();
        Optional<Scope> scope = keyword.type().inside();
        if (block == null || scope.isEmpty()) {
            return;
        }
        Settings inside = read(index, scope.get(), block, problems);
        for (Keyword<?> needed : index.requiredIn(scope.get())) {
            if (!inside.mentions(needed)) {
                problems.error(
                        statement.origin(),
                        "'" + statement.name() + "' requires '" + needed.name() + "'",
                        "add: " + needed.name() + " " + needed.type().form());
            }
        }
    }

    private void accept(Keyword<?> keyword, Statement statement, Problems problems) {
        if (keyword.type().takesBlock() && statement.block() == null) {
            problems.error(
                    statement.origin(),
                    "'" + statement.name() + "' requires a block",
                    "add '{' at the end of the line");
            return;
        }
        if (!keyword.type().takesBlock() && statement.block() != null) {
            problems.error(
                    statement.origin(),
                    "'" + statement.name() + "' is not a block, its content is skipped",
                    "remove the braces");
        }
        List<Entry> list = entries.computeIfAbsent(keyword, _ -> new ArrayList<>());
        reportDuplicate(keyword, list, statement, problems);
        keyword.type()
                .read(statement, problems)
                .ifPresent(value -> list.add(new Entry(value, statement.origin(), count++)));
    }

    private static void reportDuplicate(
            Keyword<?> keyword, List<Entry> before, Statement statement, Problems problems) {
        if (before.isEmpty()) {
            return;
        }
        switch (keyword.type().duplicates()) {
            case LAST_REPORTED ->
                problems.error(
                        statement.origin(),
                        "duplicate '" + statement.name() + "', this value is used",
                        "remove the other one at " + before.getLast().origin());
            case FIRST_REPORTED ->
                problems.error(
                        statement.origin(),
                        "duplicate '" + statement.name() + "', the first value is used",
                        "the first one is at " + before.getFirst().origin());
            case LAST, ALL -> {}
        }
    }

    /** A value without which a block is dropped; reports a missing one. */
    public <T> Optional<T> required(Keyword<T> keyword, Statement block, Problems problems) {
        if (!mentions(keyword)) {
            problems.error(
                    block.origin(),
                    "'" + block.name() + "' requires '" + keyword.name() + "', the block is dropped",
                    "add: " + keyword.name() + " " + keyword.type().form());
        }
        return get(keyword);
    }

    /** These settings, and those of {@code base} for keywords that these do not mention. */
    public Settings over(Settings base) {
        Settings both = new Settings();
        both.entries.putAll(base.entries);
        both.entries.putAll(entries);
        return both;
    }

    /** The value that applies if the keyword is repeated. */
    @SuppressWarnings("unchecked") // as in all()
    public <T> Optional<T> get(Keyword<T> keyword) {
        List<Entry> list = entries.get(keyword);
        if (list == null || list.isEmpty()) {
            return Optional.empty();
        }
        boolean first = keyword.type().duplicates() == DuplicatePolicy.FIRST_REPORTED;
        return Optional.of((T) (first ? list.getFirst() : list.getLast()).value());
    }

    /** All values written, in their order. */
    @SuppressWarnings("unchecked") // accept() stores under a keyword only what the keyword's own type read
    public <T> List<T> all(Keyword<T> keyword) {
        List<Entry> list = entries.get(keyword);
        return list == null ? List.of() : list.stream().map(e -> (T) e.value()).toList();
    }

    /** Whether the keyword was written, with a valid or an invalid value. */
    public boolean mentions(Keyword<?> keyword) {
        return entries.containsKey(keyword);
    }

    /** Whether a flag is set. */
    public boolean isOn(Keyword<Boolean> keyword) {
        return get(keyword).orElse(false);
    }

    /** Where the last value was written; {@code otherwise} if nowhere. */
    public Origin originOf(Keyword<?> keyword, Origin otherwise) {
        List<Entry> list = entries.getOrDefault(keyword, List.of());
        return list.isEmpty() ? otherwise : list.getLast().origin();
    }

    /** The last value that was written after the first one of another keyword. */
    public <T> Optional<T> getAfter(Keyword<T> keyword, Keyword<?> first) {
        List<Entry> before = entries.getOrDefault(first, List.of());
        List<T> values = all(keyword);
        List<Entry> list = entries.getOrDefault(keyword, List.of());
        return before.isEmpty()
                        || list.isEmpty()
                        || list.getLast().position() < before.getFirst().position()
                ? Optional.empty()
                : Optional.of(values.getLast());
    }
}
