package io.lvsd.conf.check;

import io.lvsd.conf.check.probe.CheckContext;
import io.lvsd.conf.keyword.BlockBuilder;
import io.lvsd.conf.keyword.BlockTypes;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Shape.Simple;
import io.lvsd.conf.syntax.Statement;
import java.util.List;
import java.util.Optional;

/**
 * One kind of check: its keywords, and how its record is read from and written to a configuration. {@link CheckKinds} lists
 * all kinds.
 *
 * @param <C> its record
 */
public interface CheckKind<C extends CheckSpec> {
    /** The keyword that declares a check in a real server. */
    Keyword<Statement> block();

    /** The record that {@link #read} makes. */
    Class<C> spec();

    /** The blocks that the kind declares, in the order of the documentation. */
    List<Scope> scopes();

    /** The keywords of these blocks, and of others that only this kind needs; none by default. */
    default List<Keyword<?>> keywords() {
        return List.of();
    }

    /** The checks of one block: one, none if the block is invalid, or several. */
    List<CheckDraft> read(Statement block, CheckContext context);

    /** Writes the keywords of the kind, none by default; those that checks share are written elsewhere. */
    default void write(C check, CheckOutput output) {}

    /** A block of the top level that the check refers to. */
    default Optional<Definition> definition(C check) {
        return Optional.empty();
    }

    /** A named block. */
    record Definition(Keyword<Statement> keyword, String name, BlockBuilder block) {}

    /** Declares the keyword of a check. */
    static Keyword<Statement> declare(String name, Scope inside, String sentence) {
        return Keyword.of(name, Scope.REAL_SERVER, BlockTypes.block(inside, Simple.OBJECTS), "none", sentence);
    }
}
