package io.lvsd.conf.keyword;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Every keyword as a table for people: {@code conf/KEYWORDS.md} is what this makes of the declarations. */
public final class KeywordTable {
    private static final String HEAD = """
        # Keywords

        Made from the declarations in
        [`Keywords.java`](src/main/java/io/lvsd/conf/keyword/Keywords.java) and its neighbours; a test says how to make it
        anew.

        What this version does with each: **acted on**; **accepted**, with a warning that it has no effect; **skipped**,
        another daemon's, with a warning. Everything else is an error that suggests the nearest keyword.
        """;

    private KeywordTable() {}

    /** The whole document. */
    public static String markdown() {
        StringBuilder out = new StringBuilder(HEAD);
        for (Scope scope : Scope.values()) {
            List<Keyword<?>> here = Keywords.all().stream()
                    .filter(k -> k.where().contains(scope))
                    .sorted(Comparator.comparing(Keyword::name))
                    .toList();
            if (!here.isEmpty()) {
                out.append("\n## ").append(scope.title()).append("\n\n");
                out.append("| keyword | value | without it | | what it does |\n|---|---|---|---|---|\n");
                here.forEach(k -> out.append(row(k, scope)).append('\n'));
            }
        }
        return out.toString();
    }

    /** What this version does with a keyword here: no more than with the block around it. */
    private static Support supportIn(Scope scope, Keyword<?> keyword) {
        return Keywords.blockOf(scope)
                .map(Keyword::support)
                .filter(s -> s != Support.ACTED_ON && keyword.support() == Support.ACTED_ON)
                .orElse(keyword.support());
    }

    private static String row(Keyword<?> keyword, Scope scope) {
        String names = "`" + keyword.name() + "`"
                + keyword.aliases().stream().map(a -> ", `" + a + "`").collect(Collectors.joining());
        boolean known = keyword.support() != Support.FOREIGN;
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s | %s |",
                names,
                known ? "`" + escaped(keyword.type().form()) + "`" : "",
                escaped(keyword.defaultText()),
                word(supportIn(scope, keyword)),
                escaped(keyword.sentence()));
    }

    private static String word(Support support) {
        return switch (support) {
            case ACTED_ON -> "acted on";
            case NOT_YET -> "accepted";
            case FOREIGN -> "skipped";
        };
    }

    private static String escaped(String text) {
        return text.replace("|", "\\|");
    }
}
