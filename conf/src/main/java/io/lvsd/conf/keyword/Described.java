package io.lvsd.conf.keyword;

import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import java.util.Optional;
import java.util.function.BiFunction;

/** A value type made of its description and a function that reads it. */
record Described<T>(
        String form,
        Shape shape,
        Twice twice,
        Optional<Scope> inside,
        BiFunction<Statement, Problems, Optional<T>> reader)
        implements ValueType<T> {
    /** One word, of which the last written holds. */
    static <T> Described<T> word(String form, BiFunction<Statement, Problems, Optional<T>> reader) {
        return new Described<>(form, Shape.Simple.WORD, Twice.LAST, Optional.empty(), reader);
    }

    /** With another reader. */
    Described<T> reading(BiFunction<Statement, Problems, Optional<T>> other) {
        return new Described<>(form, shape, twice, inside, other);
    }

    Described<T> shaped(Shape other) {
        return new Described<>(form, other, twice, inside, reader);
    }

    Described<T> twice(Twice other) {
        return new Described<>(form, shape, other, inside, reader);
    }

    Described<T> holding(Scope scope) {
        return new Described<>(form, shape, twice, Optional.of(scope), reader);
    }

    @Override
    public Optional<T> read(Statement statement, Problems problems) {
        return reader.apply(statement, problems);
    }
}
