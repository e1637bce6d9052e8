package io.lvsd.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.LoggerContext;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.lvsd.conf.value.LogFormat;
import io.lvsd.core.log.format.Lines;
import io.lvsd.core.log.format.LogRecord;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;

/** From a logger to a line: values of a peer cannot break or forge one. */
final class LogAppenderTest {
    private final List<LogRecord> records = new ArrayList<>();
    private final Logger log;

    LogAppenderTest() {
        LoggerContext context = new LoggerContext();
        LogAppender appender = new LogAppender(records::add);
        appender.setContext(context);
        appender.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
        log = context.getLogger("io.lvsd.x");
    }

    static Stream<String> hostile() {
        return Stream.of(
                "\u0000\u0001\u001b[2J\r\n\t\u007f\u0085\u2028\u202e",
                "\"quotes\" and \\ back \\\" slashes {} [] ,:",
                "x\" event=rs.up vs=forged",
                "\ud800 lone \udc00 surrogates \uffff",
                "\ud83d\ude00 ä 漢",
                "y".repeat(10_000),
                "\n".repeat(10_000),
                "");
    }

    private LogRecord record(String value) {
        log.atWarn()
                .addKeyValue("reason", value)
                .addKeyValue("subject", value)
                .addKeyValue("n", 7)
                .log("rs.down");
        return records.getLast();
    }

    private static Map<String, Object> parse(String json) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            assertEquals(JsonToken.START_OBJECT, parser.nextToken());
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                Object value =
                        parser.nextToken() == JsonToken.VALUE_NUMBER_INT ? parser.getLongValue() : parser.getText();
                assertFalse(fields.containsKey(name), name);
                fields.put(name, value);
            }
            assertEquals(null, parser.nextToken());
        }
        return fields;
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void aJsonLineIsOneLineThatAParserAccepts(String value) throws IOException {
        List<String> lines = new Lines(LogFormat.JSON, ZoneOffset.UTC).complete(record(value));
        assertEquals(1, lines.size());
        assertFalse(lines.getFirst().contains("\n"));
        Map<String, Object> fields = parse(lines.getFirst());
        assertEquals("rs.down", fields.get("event"));
        assertEquals(7L, fields.get("n"));
        assertTrue(fields.containsKey("subject"));
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void aReasonHasAtMost200PrintableCharacters(String value) {
        String reason = record(value).field("reason");
        assertTrue(reason.length() <= 200, () -> reason.length() + " " + reason);
        assertTrue(reason.chars().noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x202e), reason);
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void aTextLineIsOneLineOfPrintableCharactersWithoutForgedFields(String value) {
        List<String> lines = new Lines(LogFormat.TEXT, ZoneOffset.UTC).complete(record(value));
        String line = lines.getFirst();
        assertTrue(line.chars().noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x202e), line);
        String outsideQuotes = line.replaceAll("\\\\.", "").replaceAll("\"[^\"]*\"", "");
        assertFalse(outsideQuotes.contains("vs=forged"), line);
    }

    @Test
    void aFieldDoesNotReplaceTimeLevelOrEvent() throws IOException {
        log.atInfo().addKeyValue("level", "x").addKeyValue("time", "y").log("rs.up");
        Map<String, Object> fields = parse(new Lines(LogFormat.JSON, ZoneOffset.UTC)
                .complete(records.getLast())
                .getFirst());
        assertEquals("info", fields.get("level"));
        assertEquals("x", fields.get("level_"));
        assertEquals("y", fields.get("time_"));
    }

    @Test
    void aLineOfALibraryIsATextAndItsExceptionIsATrace() throws IOException {
        log.warn("cannot do {}\nat all", 3, new IllegalStateException("a\nb"));
        LogRecord record = records.getLast();
        assertFalse(record.isEvent());
        assertEquals("java.lang.IllegalStateException: a\\nb", record.field("exception"));
        Map<String, Object> fields =
                parse(new Lines(LogFormat.JSON, ZoneOffset.UTC).complete(record).getFirst());
        assertEquals("cannot do 3\nat all", fields.get("message"));
        assertTrue(String.valueOf(fields.get("trace")).contains("\n\tat "));
        assertTrue(new Lines(LogFormat.TEXT, ZoneOffset.UTC)
                .complete(record)
                .getFirst()
                .contains("WARN cannot do 3\\nat all exception="));
    }
}
