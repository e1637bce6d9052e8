package io.lvsd.core.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lvsd.core.http.Problem;
import io.lvsd.core.view.ConfigReport;
import io.lvsd.core.view.DrainReport;
import io.lvsd.core.view.EventReport;
import io.lvsd.core.view.Explanation;
import io.lvsd.core.view.HealthReport;
import io.lvsd.core.view.MaintenanceReport;
import io.lvsd.core.view.OverrideReport;
import io.lvsd.core.view.PlanReport;
import io.lvsd.core.view.ReloadReport;
import io.lvsd.core.view.StatusReport;
import io.lvsd.core.view.TableReport;
import io.lvsd.core.view.VirtualServersReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The OpenAPI document is up to date: its schemas are those of the records. */
final class OpenApiTest {
    private static final Path BASE = Path.of("src", "test", "openapi", "base.json");
    private static final Path DOCUMENT =
            Path.of("src", "main", "resources", "io", "lvsd", "core", "api", ApiDocument.RESOURCE);
    private static final List<Class<? extends Record>> ROOTS = List.of(
            StatusReport.class,
            VirtualServersReport.class,
            Explanation.class,
            TableReport.class,
            ConfigReport.class,
            PlanReport.class,
            ReloadReport.class,
            OverrideReport.class,
            MaintenanceReport.class,
            DrainReport.class,
            EventReport.class,
            EventReport.Several.class,
            HealthReport.class,
            Problem.class);

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private static String made() throws IOException {
        ObjectNode document = (ObjectNode) JSON.readTree(Files.readString(BASE));
        ObjectNode schemas = (ObjectNode) document.at("/components/schemas");
        ApiSchemas.of(ROOTS).forEach(schemas::set);
        return JSON.writeValueAsString(document) + "\n";
    }

    /** {@code -Dopenapi=write} writes the document from the records and from src/test/openapi/base.json. */
    @Test
    void theDocumentIsThatOfTheRecords() throws IOException {
        String made = made();
        if ("write".equals(System.getProperty("openapi"))) {
            Files.writeString(DOCUMENT, made);
        }
        assertEquals(made, Files.readString(DOCUMENT), "run this test with -Dopenapi=write");
    }

    @Test
    void everyReferenceLeadsToAComponent() throws IOException {
        String made = made();
        Matcher reference = Pattern.compile("\"#/components/(\\w+)/([\\w.]+)\"").matcher(made);
        Set<String> missing = new TreeSet<>();
        while (reference.find()) {
            ObjectNode components = (ObjectNode) JSON.readTree(made).at("/components/" + reference.group(1));
            if (!components.has(reference.group(2))) {
                missing.add(reference.group());
            }
        }
        assertEquals(Set.of(), missing);
    }

    /** Each schema has a description, from the Javadoc of its record. */
    @Test
    void everySchemaIsDescribed() {
        ApiSchemas.of(ROOTS).forEach((name, schema) -> assertTrue(schema.has("description"), name));
    }
}
