package io.lvsd.conf.keyword;

import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import java.util.Optional;
import java.util.function.BiFunction;

/** A value type made of its description and a function that reads it. */
public record FunctionType<T>(
        String form,
        Shape shape,
        DuplicatePolicy duplicates,
        Optional<Scope> inside,
        BiFunction<Statement, Problems, Optional<T>> reader)
        implements ValueType<T> {
    /** One word, the last one applies. */
    public static <T> FunctionType<T> of(String form, BiFunction<Statement, Problems, Optional<T>> reader) {
        return new FunctionType<>(form, Shape.Simple.WORD, DuplicatePolicy.LAST, Optional.empty(), reader);
    }

    /** With another reader. */
    public FunctionType<T> reading(BiFunction<Statement, Problems, Optional<T>> other) {
        return new FunctionType<>(form, shape, duplicates, inside, other);
    }

    /** With another form in HOCON. */
    public FunctionType<T> shaped(Shape other) {
        return new FunctionType<>(form, other, duplicates, inside, reader);
    }

    /** With another rule for repetitions. */
    public FunctionType<T> duplicates(DuplicatePolicy other) {
        return new FunctionType<>(form, shape, other, inside, reader);
    }

    /** Followed by a block with keywords. */
    public FunctionType<T> holding(Scope scope) {
        return new FunctionType<>(form, shape, duplicates, Optional.of(scope), reader);
    }

    @Override
    public Optional<T> read(Statement statement, Problems problems) {
        return reader.apply(statement, problems);
    }
}
