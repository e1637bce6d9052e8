package io.lvsd.core.view;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Records as JSON objects, with the names and the order of their components. An empty optional is left out, an enum constant
 * is its name in lower case, a time is in ISO 8601 with milliseconds.
 */
public final class RecordJson {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final ClassValue<RecordComponent[]> COMPONENTS = new ClassValue<>() {
        @Override
        protected RecordComponent[] computeValue(Class<?> type) {
            RecordComponent[] components = type.getRecordComponents();
            for (RecordComponent component : components) {
                component.getAccessor().setAccessible(true);
            }
            return components;
        }
    };

    private RecordJson() {}

    /** On several lines, indented. */
    public static String pretty(Object value) {
        return new String(prettyBytes(value), StandardCharsets.UTF_8);
    }

    /** Same as {@link #pretty}, in UTF-8: a large report is not copied as text. */
    public static byte[] prettyBytes(Object value) {
        return bytes(value, true);
    }

    /** On one line. */
    public static String compact(Object value) {
        return new String(bytes(value, false), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(Object value, boolean pretty) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            if (pretty) {
                json.useDefaultPrettyPrinter();
            }
            write(json, value);
            json.writeRaw('\n');
        } catch (IOException | ReflectiveOperationException e) {
            throw new IllegalArgumentException("cannot write " + value.getClass(), e);
        }
        return out.toByteArray();
    }

    private static void write(JsonGenerator json, Object value) throws IOException, ReflectiveOperationException {
        switch (value) {
            case String text -> json.writeString(text);
            case Boolean bool -> json.writeBoolean(bool);
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case Double number -> json.writeNumber(number);
            case Enum<?> constant -> json.writeString(constant.name().toLowerCase(Locale.ROOT));
            case Instant time -> json.writeString(milliseconds(time));
            case Iterable<?> values -> {
                json.writeStartArray();
                for (Object element : values) {
                    write(json, element);
                }
                json.writeEndArray();
            }
            case Map<?, ?> map -> {
                json.writeStartObject();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    field(json, entry.getKey().toString(), entry.getValue());
                }
                json.writeEndObject();
            }
            case Record fields -> {
                json.writeStartObject();
                for (RecordComponent component : COMPONENTS.get(fields.getClass())) {
                    field(json, component.getName(), component.getAccessor().invoke(fields));
                }
                json.writeEndObject();
            }
            default -> throw new IllegalArgumentException("no JSON form for " + value.getClass());
        }
    }

    private static void field(JsonGenerator json, String name, @Nullable Object value)
            throws IOException, ReflectiveOperationException {
        Object present = switch (value) {
            case Optional<?> optional -> optional.orElse(null);
            case OptionalLong optional -> optional.isPresent() ? (Object) optional.getAsLong() : null;
            case null -> throw new IllegalArgumentException("null in " + name);
            default -> value;
        };
        if (present != null) {
            json.writeFieldName(name);
            write(json, present);
        }
    }

    private static String milliseconds(Instant time) {
        return Instant.ofEpochMilli(time.toEpochMilli()).toString();
    }
}
