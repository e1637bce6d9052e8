package io.lvsd.conf.load;

import io.lvsd.conf.check.AgentCheck;
import io.lvsd.conf.check.UnusableCheck;
import io.lvsd.conf.keyword.RootKeywords;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.ServerKeywords;
import io.lvsd.conf.language.Language;
import io.lvsd.conf.model.CheckConfig;
import io.lvsd.conf.model.RsId;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;

/**
 * Checks that were configured and dropped because of an error. Without its only check a real server would be up
 * whatever happens to it, so a check that never passes takes the place of the lost one.
 */
final class LostChecks {
    /** For a real server a check that follows it in a block around it: a brace before the check is missing or surplus. */
    private final IdentityHashMap<Statement, Statement> misplaced = new IdentityHashMap<>();

    private final Problems problems;

    /** @param statements of the whole configuration */
    LostChecks(List<Statement> statements, Problems problems) {
        this.problems = problems;
        findMisplaced(statements, Optional.empty());
    }

    /** Returns the last real server, to which a check that follows belongs. */
    private Optional<Statement> findMisplaced(List<Statement> statements, Optional<Statement> before) {
        Optional<Statement> last = before;
        for (Statement statement : statements) {
            if (statement.name().equals(ServerKeywords.REAL_SERVER_BLOCK.name())) {
                last = Optional.of(statement);
            } else if (statement.name().equals(RootKeywords.VIRTUAL_SERVER_BLOCK.name())) {
                last = findMisplaced(ConfigBuilder.blockOf(statement), Optional.empty());
            } else if (Language.KEYWORDS.isCheck(statement.name())) {
                last.ifPresent(rs -> misplaced.putIfAbsent(rs, statement));
            }
        }
        return last;
    }

    /** The checks of a real server, with a check in place of a lost one if no other decides whether it is up. */
    List<CheckConfig> completed(List<CheckConfig> checks, Statement server, RsId id) {
        if (!checks.stream().allMatch(c -> c.spec() instanceof AgentCheck)) {
            return checks;
        }
        Optional<Lost> lost = firstLost(server);
        if (lost.isEmpty()) {
            return checks;
        }
        Origin at = lost.get().error();
        problems.warning(
                lost.get().check().origin(),
                "real server " + id + " has no valid check: it is down until one passes; a reload keeps its state",
                "fix the error");
        String reason =
                "error in " + at.file() + ":" + at.line() + ": " + lost.get().why();
        List<CheckConfig> all = new ArrayList<>(checks);
        all.add(CheckConfig.unusable(new UnusableCheck(lost.get().check().name(), reason)));
        return all;
    }

    private Optional<Lost> firstLost(Statement server) {
        for (Statement statement : ConfigBuilder.blockOf(server)) {
            Optional<Lost> lost = lost(statement);
            if (lost.isPresent()) {
                return lost;
            }
        }
        return Optional.ofNullable(misplaced.get(server)).flatMap(this::failed);
    }

    /** A statement that was meant to be a check, and the error in it with its place. */
    private record Lost(Statement check, Origin error, String why) {}

    /** What a statement of a real server was meant to be, if it was a check. */
    private Optional<Lost> lost(Statement statement) {
        boolean known = Language.find(Scope.REAL_SERVER, statement.name()).isPresent();
        if (statement.dropped()) {
            return known && !Language.KEYWORDS.isCheck(statement.name())
                    ? Optional.empty()
                    : Optional.of(new Lost(statement, statement.origin(), "invalid line"));
        }
        boolean meant = Language.KEYWORDS.isCheck(statement.name())
                || !known && (statement.block() != null || Language.KEYWORDS.isNearlyCheck(statement.name()));
        return meant
                ? failed(statement)
                : ConfigBuilder.blockOf(statement).stream()
                        .filter(s -> Language.KEYWORDS.isCheck(s.name()))
                        .findFirst()
                        .flatMap(this::failed);
    }

    /** Empty if nothing is wrong with it. */
    private Optional<Lost> failed(Statement statement) {
        Origin at = statement.origin();
        return problems.firstError(at.file(), at.line(), lastLine(statement))
                .map(error -> new Lost(statement, error.origin(), error.text()));
    }

    private static int lastLine(Statement statement) {
        int last = statement.origin().line();
        for (Statement inside : ConfigBuilder.blockOf(statement)) {
            if (inside.origin().file().equals(statement.origin().file())) {
                last = Math.max(last, lastLine(inside));
            }
        }
        return last;
    }
}
