package io.lvsd.checkers.protocol.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** The plain values of a JSON text by their path: names and indexes with dots between them. */
final class JsonFields {
    private static final JsonFactory FACTORY = new JsonFactory();
    /** Further values are ignored. */
    private static final int MAX_FIELDS = 10_000;

    /** The position of the reader within an object (a field) or an array (an index). */
    private static final class Level {
        private final boolean array;
        private String name = "";
        private int index;

        Level(boolean array) {
            this.array = array;
        }

        String step() {
            return array ? String.valueOf(index) : name;
        }
    }

    private JsonFields() {}

    /** The values up to the first syntax error. */
    static Map<String, String> read(byte[] text) {
        Map<String, String> fields = new HashMap<>();
        Deque<Level> levels = new ArrayDeque<>();
        try (JsonParser parser = FACTORY.createParser(text)) {
            for (JsonToken token = parser.nextToken();
                    token != null && fields.size() < MAX_FIELDS;
                    token = parser.nextToken()) {
                switch (token) {
                    case START_OBJECT, START_ARRAY -> levels.push(new Level(token == JsonToken.START_ARRAY));
                    case END_OBJECT, END_ARRAY -> {
                        levels.pop();
                        next(levels);
                    }
                    case FIELD_NAME -> levels.element().name = parser.currentName();
                    case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE, VALUE_NULL -> {
                        fields.putIfAbsent(path(levels), parser.getText());
                        next(levels);
                    }
                    case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> {}
                }
            }
        } catch (IOException _) {
            // The values before the error are used.
        }
        return fields;
    }

    private static void next(Deque<Level> levels) {
        Level level = levels.peek();
        if (level != null && level.array) {
            level.index++;
        }
    }

    private static String path(Deque<Level> levels) {
        StringBuilder path = new StringBuilder();
        levels.descendingIterator()
                .forEachRemaining(l -> path.append(path.isEmpty() ? "" : ".").append(l.step()));
        return path.toString();
    }
}
