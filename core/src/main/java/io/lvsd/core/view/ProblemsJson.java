package io.lvsd.core.view;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.source.ConfigProblem;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;

/** The problems of a configuration as JSON, for {@code lvsd check --json}. */
public final class ProblemsJson {
    private ProblemsJson() {}

    /** One object; lines and columns count from 1, and are 0 for a file as a whole. */
    public static String of(ConfigLoader.Loaded loaded) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeBooleanField("loadable", loaded.loadable());
            json.writeNumberField(
                    "virtualServers", loaded.config().virtualServers().size());
            json.writeArrayFieldStart("problems");
            for (ConfigProblem problem : loaded.problems()) {
                write(json, problem);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text + "\n";
    }

    private static void write(JsonGenerator json, ConfigProblem problem) throws IOException {
        json.writeStartObject();
        json.writeStringField("file", problem.origin().file());
        json.writeNumberField("line", problem.origin().line());
        json.writeNumberField("column", problem.origin().column());
        json.writeStringField("severity", problem.severity().name().toLowerCase(Locale.ROOT));
        json.writeStringField("text", problem.text());
        if (!problem.hint().isEmpty()) {
            json.writeStringField("hint", problem.hint());
        }
        json.writeStringField("source", problem.origin().sourceLine());
        json.writeEndObject();
    }
}
