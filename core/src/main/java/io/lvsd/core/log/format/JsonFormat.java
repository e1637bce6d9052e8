package io.lvsd.core.log.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Set;

/** One JSON object a line: time, level, event, and the fields. Numbers are JSON numbers, everything else is a string. */
final class JsonFormat {
    private static final JsonFactory FACTORY = new JsonFactory();
    /** Keys that every line may have; a field of the same name has an underscore after it. */
    private static final Set<String> RESERVED = Set.of("time", "level", "event", "message", "logger", "trace");

    private JsonFormat() {}

    static String line(LogRecord record, ZoneId zone) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("time", TextFormat.time(record.time(), zone));
            json.writeStringField("level", record.level().name().toLowerCase(Locale.ROOT));
            if (record.isEvent()) {
                json.writeStringField("event", record.event());
            } else {
                json.writeStringField("message", record.text());
                json.writeStringField("logger", record.logger());
            }
            for (var field : record.fields().entrySet()) {
                json.writeFieldName(RESERVED.contains(field.getKey()) ? field.getKey() + "_" : field.getKey());
                write(json, field.getValue());
            }
            if (!record.trace().isEmpty()) {
                json.writeStringField("trace", record.trace());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, Object value) throws IOException {
        if (value instanceof Integer || value instanceof Long) {
            json.writeNumber(((Number) value).longValue());
        } else {
            json.writeString(value.toString());
        }
    }
}
