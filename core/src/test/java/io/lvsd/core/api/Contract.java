package io.lvsd.core.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Validates requests and responses against an OpenAPI document, and records which operations it has seen. */
final class Contract {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode document;
    private final JsonSchemaFactory schemas = JsonSchemaFactory.getInstance(VersionFlag.V202012);
    private final Set<String> seen = new TreeSet<>();

    /** @param text the document */
    Contract(String text) throws IOException {
        this.document = JSON.readTree(text);
    }

    /** {@code METHOD /path} of each operation of the document. */
    Set<String> operations() {
        Set<String> all = new TreeSet<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(method -> all.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        return all;
    }

    /** The operations of which a successful response was validated. */
    Set<String> seen() {
        return seen;
    }

    /** The body of a request fits to its operation. */
    void request(String method, String path, String body) throws IOException {
        JsonNode schema = operation(method, path).at("/requestBody/content/application~1json/schema");
        assertEquals(Set.of(), problems(schema, body), () -> method + " " + path + ": " + body);
    }

    /** A response has a documented status, type and body. */
    void response(String method, String path, HttpResponse<String> response) throws IOException {
        String what = method + " " + path + " " + response.statusCode() + "\n" + response.body();
        JsonNode responses = operation(method, path).get("responses");
        JsonNode described = responses.path(Integer.toString(response.statusCode()));
        if (described.isMissingNode()) {
            assertTrue(response.statusCode() >= 400, what);
            described = resolved(responses.get("default"));
        }
        String type =
                response.headers().firstValue("content-type").orElseThrow().replaceFirst(";.*", "");
        JsonNode content = described.get("content").path(type);
        assertTrue(content.isObject(), what);
        if (type.endsWith("json")) {
            assertEquals(Set.of(), problems(content.get("schema"), response.body()), what);
        }
        if (response.statusCode() < 300 || response.statusCode() == 503) {
            seen.add(method + " " + template(path));
        }
    }

    /** Where a JSON text differs from a schema of the document. */
    Set<String> problems(String component, String text) throws IOException {
        return problems(document.at("/components/schemas/" + component), text);
    }

    private Set<String> problems(JsonNode schema, String body) throws IOException {
        ObjectNode whole = schema.deepCopy();
        whole.set("components", document.get("components"));
        Set<String> problems = new TreeSet<>();
        for (ValidationMessage message : schemas.getSchema(whole).validate(JSON.readTree(body))) {
            problems.add(message.getMessage());
        }
        return problems;
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
    }

    private JsonNode operation(String method, String path) {
        return document.get("paths").get(template(path)).get(method.toLowerCase(Locale.ROOT));
    }

    /** The template in the document that fits to a path. */
    private String template(String path) {
        String plain = path.replaceFirst("\\?.*", "");
        Iterator<String> templates = document.get("paths").fieldNames();
        String found = "";
        while (templates.hasNext()) {
            String template = templates.next();
            boolean fits = plain.matches(template.replace(".", "\\.").replaceAll("\\{\\w+\\}", "[^/]+"));
            found = fits && (found.isEmpty() || !template.contains("{")) ? template : found;
        }
        assertTrue(!found.isEmpty(), "no path of the document fits to " + path);
        return found;
    }
}
