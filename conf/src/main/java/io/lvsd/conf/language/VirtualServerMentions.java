package io.lvsd.conf.language;

import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Suggestion;
import io.lvsd.conf.syntax.Statement;
import java.util.List;
import java.util.Optional;

/**
 * Whether a text is meant to define virtual servers, even if none is valid: a daemon that starts without any would remove
 * every service. Lines that a condition excludes are not part of the text.
 */
public final class VirtualServerMentions {
    private static final List<String> NAMES = List.of("virtual_server", "real_server");

    private VirtualServerMentions() {}

    /**
     * Whether there is one of: a virtual or real server, at any depth and even in an invalid line; at the top level, a block
     * whose unknown keyword is similar to one of these, or an included file that could not be read.
     */
    public static boolean areIn(List<Statement> statements) {
        return statements.stream().anyMatch(s -> isOne(s) || isMisspelt(s) || isInclude(s) || isWithin(s));
    }

    private static boolean isOne(Statement statement) {
        return NAMES.contains(statement.name());
    }

    private static boolean isMisspelt(Statement statement) {
        Optional<String> near = Suggestion.nearest(statement.name(), Language.KEYWORDS.namesIn(Scope.ROOT));
        return Language.find(Scope.ROOT, statement.name()).isEmpty()
                && near.filter(NAMES::contains).isPresent();
    }

    private static boolean isInclude(Statement statement) {
        return statement.dropped() && statement.name().startsWith("include");
    }

    private static boolean isWithin(Statement statement) {
        List<Statement> block = statement.block();
        return block != null && block.stream().anyMatch(s -> isOne(s) || isWithin(s));
    }
}
