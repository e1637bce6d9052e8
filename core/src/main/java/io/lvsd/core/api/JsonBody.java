package io.lvsd.core.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.lvsd.core.http.Problem;
import io.lvsd.core.http.ProblemException;
import io.lvsd.core.http.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The body of a request: a JSON object of simple values and arrays of strings. An empty body is an empty object. */
final class JsonBody {
    private static final int BAD_REQUEST = 400;
    private static final int MAX_DEPTH = 4;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    private final Map<String, Object> values;

    private JsonBody(Map<String, Object> values) {
        this.values = values;
    }

    /**
     * Parses a body.
     *
     * @param allowed names of members
     * @throws ProblemException if it is malformed, or has other members
     */
    static JsonBody of(Request request, String... allowed) throws ProblemException {
        Map<String, Object> values = new LinkedHashMap<>();
        String text = request.body();
        if (!text.isBlank()) {
            try (JsonParser json = FACTORY.createParser(text)) {
                read(json, values);
            } catch (IOException e) {
                throw invalid("the body is not a JSON object of strings, numbers, booleans and arrays of strings")
                        .exception();
            }
        }
        List<String> known = List.of(allowed);
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                throw invalid("unknown member '" + name + "'")
                        .candidates(List.copyOf(new TreeSet<>(known)))
                        .exception();
            }
        }
        return new JsonBody(values);
    }

    private static void read(JsonParser json, Map<String, Object> values) throws IOException {
        require(json.nextToken() == JsonToken.START_OBJECT);
        while (json.nextToken() != JsonToken.END_OBJECT) {
            require(json.currentToken() == JsonToken.FIELD_NAME);
            String name = json.currentName();
            Object value = switch (json.nextToken()) {
                case VALUE_STRING -> json.getText();
                case VALUE_NUMBER_INT -> json.getLongValue();
                case VALUE_TRUE -> true;
                case VALUE_FALSE -> false;
                case START_ARRAY -> texts(json);
                default -> throw new IOException(name);
            };
            values.put(name, value);
        }
        require(json.nextToken() == null);
    }

    private static List<String> texts(JsonParser json) throws IOException {
        List<String> texts = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            require(json.currentToken() == JsonToken.VALUE_STRING);
            texts.add(json.getText());
        }
        return List.copyOf(texts);
    }

    private static void require(boolean condition) throws IOException {
        if (!condition) {
            throw new IOException("malformed");
        }
    }

    private static Problem invalid(String detail) {
        return Problem.of(BAD_REQUEST, "invalid-body", "Invalid body", detail)
                .remedy("/api/v1/openapi.json has the schema of the body");
    }

    /** @throws ProblemException if the value is of another type */
    boolean flag(String name) throws ProblemException {
        Object value = values.getOrDefault(name, false);
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw invalid("invalid '" + name + "': expected true or false").exception();
    }

    /** @throws ProblemException if the value is of another type or outside of the range */
    Optional<Long> number(String name, long min, long max) throws ProblemException {
        return number(name, min, max, "");
    }

    /**
     * As above.
     *
     * @param otherwise what else is expected, for the text of the problem
     */
    Optional<Long> number(String name, long min, long max, String otherwise) throws ProblemException {
        Object value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof Long number && number >= min && number <= max) {
            return Optional.of(number);
        }
        throw invalid("invalid '" + name + "': expected a number from " + min + " to " + max + otherwise)
                .exception();
    }

    /** @throws ProblemException if the value is of another type */
    Optional<String> text(String name) throws ProblemException {
        Object value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof String text) {
            return Optional.of(text);
        }
        throw invalid("invalid '" + name + "': expected a string").exception();
    }

    /** @throws ProblemException if the value is not an array of strings */
    List<String> texts(String name) throws ProblemException {
        Object value = values.getOrDefault(name, List.of());
        if (value instanceof List<?> texts) {
            return texts.stream().map(String.class::cast).toList();
        }
        throw invalid("invalid '" + name + "': expected an array of strings").exception();
    }

    boolean contains(String name) {
        return values.containsKey(name);
    }

    /** Whether a member is a given text. */
    boolean isText(String name, String text) {
        return text.equals(values.get(name));
    }
}
