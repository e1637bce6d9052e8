package io.lvsd.core.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lvsd.core.control.DaemonHandler;
import io.lvsd.core.view.RecordJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands print with --json fits to the schemas of the API, and the schemas detect what does not fit. */
final class JsonSchemasTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    private RunningDaemon daemon;
    private DaemonHandler commands;
    private Contract contract;

    @BeforeEach
    void start() throws Exception {
        daemon = new RunningDaemon(directory);
        daemon.untilUp();
        commands = new DaemonHandler(
                daemon.daemon(),
                daemon.daemon().overrides(),
                daemon.daemon().maintenance(),
                daemon.daemon().snmp());
        try (ApiClient client = daemon.client(RunningDaemon.READER)) {
            contract = new Contract(client.get("/api/v1/openapi.json").body());
        }
    }

    @AfterEach
    void stop() throws IOException {
        daemon.close();
    }

    private String command(String body, String... words) {
        return commands.handle(List.of(words), body, "root").body();
    }

    /** The JSON of each command, by the name of its schema. */
    private Map<String, List<String>> outputs() throws IOException {
        List<String> reloads = new ArrayList<>(List.of(command("", "reload", "json")));
        List<String> plans = new ArrayList<>(List.of(command("", "plan-json")));
        daemon.write(daemon.text("nonsense\n"));
        reloads.add(command("", "reload", "json"));
        plans.add(RecordJson.pretty(daemon.daemon().plan()));
        return Map.of(
                "StatusReport",
                List.of(command("", "status", "json")),
                "Explanation",
                List.of(
                        command("", "explain", "web", "json"),
                        command("", "explain", "web", daemon.realServerA(), "json")),
                "TableReport",
                List.of(command("", "table", "json")),
                "PlanReport",
                plans,
                "ReloadReport",
                reloads);
    }

    @Test
    void commandsPrintTheSchemasOfTheApi() throws IOException {
        for (var output : outputs().entrySet()) {
            for (String text : output.getValue()) {
                assertEquals(Set.of(), contract.problems(output.getKey(), text), text);
            }
        }
    }

    /** Without any of its required keys, with another key, or with another type, no object fits at any depth. */
    @Test
    void theSchemasDetectEveryDifference() throws IOException {
        Set<String> tested = new TreeSet<>();
        for (var output : outputs().entrySet()) {
            String text = output.getValue().getFirst();
            for (String path : objects("", JSON.readTree(text))) {
                ObjectNode whole = (ObjectNode) JSON.readTree(text);
                ObjectNode changed = (ObjectNode) whole.at(path);
                if (isMap(path)) {
                    continue;
                }
                changed.put("anotherKey", 1);
                assertNotEquals(Set.of(), contract.problems(output.getKey(), whole.toString()), path);
                changed.remove("anotherKey");
                String first = changed.fieldNames().next();
                JsonNode value = changed.remove(first);
                assertNotEquals(Set.of(), contract.problems(output.getKey(), whole.toString()), path + " " + first);
                changed.putArray(first).add(value.isArray() ? 1 : 2);
                assertNotEquals(Set.of(), contract.problems(output.getKey(), whole.toString()), path + " " + first);
                tested.add(output.getKey());
            }
        }
        assertEquals(outputs().keySet(), tested);
        assertFalse(contract.problems("StatusReport", "{}").isEmpty());
    }

    /** Its keys are addresses or names. */
    private static boolean isMap(String path) {
        return path.matches(".*/(programmed|failures|driftCounts)");
    }

    /** Paths of the objects that are not empty. */
    private static List<String> objects(String path, JsonNode node) {
        List<String> found = new ArrayList<>();
        if (node.isObject() && !node.isEmpty()) {
            found.add(path);
        }
        node.properties().forEach(p -> found.addAll(objects(path + "/" + p.getKey(), p.getValue())));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            found.addAll(objects(path + "/" + i, node.get(i)));
        }
        return found;
    }
}
