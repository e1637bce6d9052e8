package io.lvsd.conf.language;

import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Support;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The documentation of all keywords: {@code conf/KEYWORDS.md}. */
public final class KeywordTable {
    private static final String HEAD = """
        # Keywords

        This file is generated from the declarations that
        [`Language.java`](src/main/java/io/lvsd/conf/language/Language.java) lists. Regenerate it with
        `mvn -q test -pl conf -Dtest=KeywordTableTest -Dkeywords=write`.

        Columns: the keyword and its aliases; the syntax of its value; the value that applies without the keyword; whether
        this version supports it; what it does. An **ignored** keyword is validated, causes a warning and has no effect. A
        keyword with **VRRP only** belongs to keepalived's VRRP or BFD daemon and is skipped with a warning. Any other
        word is an error.
        """;

    private KeywordTable() {}

    /** The whole document. */
    public static String markdown() {
        StringBuilder out = new StringBuilder(HEAD);
        for (Scope scope : Language.KEYWORDS.scopes()) {
            List<Keyword<?>> here = Language.KEYWORDS.keywordsIn(scope);
            if (!here.isEmpty()) {
                out.append("\n## ").append(scope.title()).append("\n\n");
                out.append("| keyword | value | default | support | description |\n|---|---|---|---|---|\n");
                here.forEach(k -> out.append(row(k, scope)).append('\n'));
            }
        }
        return out.toString();
    }

    /** How a keyword is supported in a block: not more than the block itself. */
    private static Support supportIn(Scope scope, Keyword<?> keyword) {
        return Language.KEYWORDS
                .blockOf(scope)
                .map(Keyword::support)
                .filter(s -> s != Support.SUPPORTED && keyword.support() == Support.SUPPORTED)
                .orElse(keyword.support());
    }

    private static String row(Keyword<?> keyword, Scope scope) {
        String names = "`" + keyword.name() + "`"
                + keyword.aliases().stream().map(a -> ", `" + a + "`").collect(Collectors.joining());
        boolean known = keyword.support() != Support.VRRP_ONLY;
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s | %s |",
                names,
                known ? "`" + escaped(keyword.type().form()) + "`" : "",
                keyword.required() ? "required" : escaped(keyword.defaultText()),
                word(supportIn(scope, keyword)),
                escaped(keyword.sentence()));
    }

    private static String word(Support support) {
        return switch (support) {
            case SUPPORTED -> "yes";
            case IGNORED -> "ignored";
            case VRRP_ONLY -> "VRRP only";
        };
    }

    private static String escaped(String text) {
        return text.replace("|", "\\|");
    }
}
