package io.lvsd.core.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * JSON schemas of records, as RecordJson writes them. Descriptions are those of the Javadoc, which is read from the sources:
 * each fact is written once.
 */
final class ApiSchemas {
    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final Pattern TAG = Pattern.compile("\\{@(?:code|link) ([^}]*)\\}");
    private static final Pattern PARAMETER = Pattern.compile("@param (\\w+) (.*)", Pattern.DOTALL);

    private final SortedMap<String, ObjectNode> schemas = new TreeMap<>();
    private final Map<Class<?>, String> sources = new HashMap<>();

    /** Javadoc of a record. */
    private record Documentation(String text, Map<String, String> parameters) {}

    /** The schemas of these records and of all that they refer to, by name. */
    static SortedMap<String, ObjectNode> of(List<Class<? extends Record>> roots) {
        ApiSchemas all = new ApiSchemas();
        roots.forEach(all::add);
        return all.schemas;
    }

    /** {@code StatusReport.VirtualServer} for a nested record. */
    static String name(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return (outer == null ? "" : outer.getSimpleName() + ".") + type.getSimpleName();
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private void add(Class<?> type) {
        if (schemas.containsKey(name(type))) {
            return;
        }
        ObjectNode schema = object();
        schemas.put(name(type), schema);
        Documentation documentation = documentation(type);
        schema.put("type", "object");
        if (!documentation.text().isEmpty()) {
            schema.put("description", documentation.text());
        }
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        for (RecordComponent component : type.getRecordComponents()) {
            ObjectNode property = schema(component.getGenericType());
            String text = documentation.parameters().get(component.getName());
            if (text != null) {
                property.put("description", text);
            }
            properties.set(component.getName(), property);
            if (!isOptional(component.getType())) {
                required.add(component.getName());
            }
        }
        schema.put("additionalProperties", false);
    }

    private static boolean isOptional(Class<?> type) {
        return type == Optional.class || type == OptionalLong.class;
    }

    private ObjectNode schema(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            if (generic.getRawType() == Optional.class) {
                return schema(arguments[0]);
            }
            if (generic.getRawType() == List.class) {
                ObjectNode list = object().put("type", "array");
                list.set("items", schema(arguments[0]));
                return list;
            }
            ObjectNode map = object().put("type", "object");
            map.set("additionalProperties", schema(arguments[1]));
            return map;
        }
        return schema((Class<?>) type);
    }

    private ObjectNode schema(Class<?> type) {
        if (type == String.class) {
            return object().put("type", "string");
        }
        if (type == boolean.class) {
            return object().put("type", "boolean");
        }
        if (type == int.class || type == long.class || type == Long.class || type == OptionalLong.class) {
            return object().put("type", "integer").put("format", "int64");
        }
        if (type == double.class || type == Double.class) {
            return object().put("type", "number");
        }
        if (type == Instant.class) {
            return object().put("type", "string").put("format", "date-time");
        }
        if (type == Object.class) {
            ObjectNode any = object();
            any.putArray("type").add("string").add("integer");
            return any;
        }
        if (type == Record.class) {
            return object().put("type", "object");
        }
        if (type.isEnum()) {
            ObjectNode constant = object().put("type", "string");
            ArrayNode values = constant.putArray("enum");
            for (Object value : type.getEnumConstants()) {
                values.add(((Enum<?>) value).name().toLowerCase(Locale.ROOT));
            }
            return constant;
        }
        if (!type.isRecord()) {
            throw new IllegalArgumentException("no schema for " + type);
        }
        add(type);
        return object().put("$ref", "#/components/schemas/" + name(type));
    }

    // ---- Javadoc

    private Documentation documentation(Class<?> type) {
        Pattern declaration = Pattern.compile(
                "/\\*\\*((?:(?!\\*/).)*)\\*/\\s*(?:@\\w+(?:\\([^)]*\\))?\\s*)*(?:public |private )?record "
                        + type.getSimpleName() + "\\(",
                Pattern.DOTALL);
        Matcher matcher = declaration.matcher(source(type));
        if (!matcher.find()) {
            return new Documentation("", Map.of());
        }
        String text =
                TAG.matcher(matcher.group(1).replaceAll("\\n\\s*\\*", "\n")).replaceAll("$1");
        String[] parts = text.split("(?=@param )");
        Map<String, String> parameters = new HashMap<>();
        for (String part : parts) {
            Matcher parameter = PARAMETER.matcher(part);
            if (parameter.lookingAt()) {
                parameters.put(parameter.group(1), line(parameter.group(2)));
            }
        }
        String whole = parts[0].startsWith("@param") ? "" : line(parts[0]);
        return new Documentation(
                whole.replace("The names of the components are those of the JSON.", "")
                        .strip(),
                parameters);
    }

    private static String line(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    private String source(Class<?> type) {
        Class<?> outer = type;
        while (outer.getEnclosingClass() != null) {
            outer = outer.getEnclosingClass();
        }
        return sources.computeIfAbsent(outer, ApiSchemas::read);
    }

    private static String read(Class<?> type) {
        try {
            return Files.readString(SOURCES.resolve(type.getName().replace('.', '/') + ".java"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
