package io.lvsd.conf;

import io.lvsd.conf.source.Origin;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;

/** Records as text, without the places where they were written: what two files that mean the same have in common. */
public final class WithoutOrigins {
    private WithoutOrigins() {}

    public static String of(Object value) {
        return switch (value) {
            case Origin _ -> "";
            case Optional<?> optional -> optional.map(WithoutOrigins::of).orElse("-");
            case Collection<?> all -> all.stream().map(WithoutOrigins::of).collect(Collectors.joining(",\n", "[", "]"));
            case Record record -> fields(record);
            default -> value.toString();
        };
    }

    private static String fields(Record record) {
        StringBuilder out = new StringBuilder(record.getClass().getSimpleName()).append('(');
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            try {
                component.getAccessor().setAccessible(true);
                out.append(component.getName())
                        .append('=')
                        .append(of(component.getAccessor().invoke(record)))
                        .append(' ');
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(e.getMessage(), e);
            }
        }
        return out.append(')').toString();
    }
}
