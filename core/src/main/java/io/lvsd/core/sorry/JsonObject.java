package io.lvsd.core.sorry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** A JSON object that is read strictly: each member is taken once with its type, and a member that is not taken is an error. */
final class JsonObject {
    private static final int MAX_DEPTH = 10;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    private final Map<String, Object> values;

    private JsonObject(Map<String, Object> values) {
        this.values = values;
    }

    /** Reads an object from its members. */
    interface Reader<T> {
        T read(JsonObject object) throws IOException;
    }

    /** @throws IOException if the text is anything but one object with exactly the members that the reader takes */
    static <T> T read(String text, Reader<T> reader) throws IOException {
        try (JsonParser json = FACTORY.createParser(text)) {
            Object value = value(json, json.nextToken());
            if (json.nextToken() != null) {
                throw new IOException("text after the object");
            }
            return read(value, "message", reader);
        } catch (JsonProcessingException e) {
            throw new IOException(e.getOriginalMessage(), e);
        }
    }

    @SuppressWarnings("unchecked") // value() creates maps with these types only
    private static <T> T read(Object value, String name, Reader<T> reader) throws IOException {
        if (!(value instanceof Map<?, ?> map)) {
            throw new IOException("invalid '" + name + "': expected an object");
        }
        JsonObject object = new JsonObject(new LinkedHashMap<>((Map<String, Object>) map));
        T result = reader.read(object);
        if (!object.values.isEmpty()) {
            throw new IOException("unknown members of '" + name + "': " + new TreeSet<>(object.values.keySet()));
        }
        return result;
    }

    private static Object value(JsonParser json, JsonToken token) throws IOException {
        if (token == null) {
            throw new IOException("incomplete JSON");
        }
        return switch (token) {
            case VALUE_STRING -> json.getText();
            case VALUE_NUMBER_INT -> json.getLongValue();
            case START_OBJECT -> {
                Map<String, Object> members = new LinkedHashMap<>();
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    members.put(name, value(json, json.nextToken()));
                }
                yield members;
            }
            case START_ARRAY -> {
                List<Object> elements = new ArrayList<>();
                for (JsonToken next = json.nextToken(); next != JsonToken.END_ARRAY; next = json.nextToken()) {
                    elements.add(value(json, next));
                }
                yield elements;
            }
            default -> throw new IOException("unexpected " + token + ": expected text, numbers, objects and lists");
        };
    }

    private Object take(String name) throws IOException {
        Object value = values.remove(name);
        if (value == null) {
            throw new IOException("missing member '" + name + "'");
        }
        return value;
    }

    String text(String name) throws IOException {
        if (take(name) instanceof String text) {
            return text;
        }
        throw new IOException("invalid '" + name + "': expected text");
    }

    Optional<String> optionalText(String name) throws IOException {
        return values.containsKey(name) ? Optional.of(text(name)) : Optional.empty();
    }

    long number(String name, long min, long max) throws IOException {
        if (take(name) instanceof Long number && number >= min && number <= max) {
            return number;
        }
        throw new IOException("invalid '" + name + "': expected " + min + " to " + max);
    }

    <T> T object(String name, Reader<T> reader) throws IOException {
        return read(take(name), name, reader);
    }

    /** An object whose members are objects with any name. */
    <T> Map<String, T> objects(String name, Reader<T> reader) throws IOException {
        if (!(take(name) instanceof Map<?, ?> map)) {
            throw new IOException("invalid '" + name + "': expected an object");
        }
        Map<String, T> all = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            all.put(String.valueOf(entry.getKey()), read(entry.getValue(), name, reader));
        }
        return all;
    }

    private List<?> elements(String name) throws IOException {
        if (take(name) instanceof List<?> list) {
            return list;
        }
        throw new IOException("invalid '" + name + "': expected a list");
    }

    <T> List<T> list(String name, Reader<T> reader) throws IOException {
        List<T> all = new ArrayList<>();
        for (Object element : elements(name)) {
            all.add(read(element, name, reader));
        }
        return all;
    }

    List<String> texts(String name) throws IOException {
        List<String> all = new ArrayList<>();
        for (Object element : elements(name)) {
            if (!(element instanceof String text)) {
                throw new IOException("invalid '" + name + "': expected a list of texts");
            }
            all.add(text);
        }
        return all;
    }
}
