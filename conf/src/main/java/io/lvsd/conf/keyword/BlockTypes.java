package io.lvsd.conf.keyword;

import io.lvsd.conf.syntax.Statement;
import java.util.Optional;

/** Value types of blocks; their content is read where the keyword is used. */
public final class BlockTypes {
    private BlockTypes() {}

    /** A block with keywords. */
    public static FunctionType<Statement> block(Scope inside, Shape shape) {
        return block("{", 0, 0, shape).holding(inside);
    }

    /** A block of lines that are not keywords. */
    public static FunctionType<Statement> lines() {
        return block("{", 0, 0, Shape.Simple.LINES);
    }

    /** A block with {@code min} to {@code max} words before it. */
    public static FunctionType<Statement> block(String form, int min, int max, Shape shape) {
        FunctionType<Statement> type = FunctionType.of(form, (statement, problems) -> {
            int words = statement.words().size();
            if (words < min) {
                problems.error(
                        statement.origin(),
                        "'" + statement.name() + "' requires a value",
                        "expected: " + statement.name() + " " + form);
                return Optional.empty();
            }
            if (words > max) {
                problems.error(
                        statement.words().get(max).origin(),
                        "unexpected '" + statement.words().get(max).text() + "'",
                        "expected: " + statement.name() + " " + form);
            }
            return Optional.of(statement);
        });
        return type.shaped(shape).duplicates(shape == Shape.Simple.OBJECT ? DuplicatePolicy.LAST : DuplicatePolicy.ALL);
    }
}
