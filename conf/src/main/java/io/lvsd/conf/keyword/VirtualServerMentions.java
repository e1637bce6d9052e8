package io.lvsd.conf.keyword;

import io.lvsd.conf.syntax.Statement;
import java.util.List;
import java.util.Optional;

/**
 * Whether a text is meant to hold virtual servers, whatever became of them: a daemon that starts without any of them would
 * take every service away. Lines that a condition leaves out are not in the text.
 */
public final class VirtualServerMentions {
    private static final List<String> NAMES = List.of("virtual_server", "real_server");

    private VirtualServerMentions() {}

    /**
     * Whether there is one of: a virtual or real server, at any depth and even in a line that could not be understood; at the
     * top level, a block whose unknown keyword is nearly one of these, or an included file that could not be read.
     */
    public static boolean areIn(List<Statement> statements) {
        return statements.stream().anyMatch(s -> isOne(s) || isMisspelt(s) || isInclude(s) || isWithin(s));
    }

    private static boolean isOne(Statement statement) {
        return NAMES.contains(statement.name());
    }

    private static boolean isMisspelt(Statement statement) {
        Optional<String> near = Suggestion.nearest(statement.name(), Keywords.namesIn(Scope.ROOT));
        return Keywords.find(Scope.ROOT, statement.name()).isEmpty()
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
