package io.lvsd.core.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Alert rules and dashboard use metrics that exist. PrometheusIT evaluates them. */
final class MonitoringExamplesTest {
    private static final Path EXAMPLES = Path.of("../examples/monitoring");
    private static final Pattern METRIC = Pattern.compile("\\b(?:lvsd|node_ipvs|jvm|process)_[a-z0-9_]+\\b");
    private static final Pattern DOCUMENTED =
            Pattern.compile("(?m)^\\| `([a-z0-9_]+)` \\| (?:gauge|counter|info|histogram|summary) \\|");
    private static final Pattern ALERT = Pattern.compile("(?m)^ +- alert: (\\w+)$");
    private static final Pattern TESTED = Pattern.compile("(?m)^ +alertname: (\\w+)\\n +exp_alerts:\\n");

    private static String read(String file) throws IOException {
        return Files.readString(EXAMPLES.resolve(file));
    }

    private static Set<String> names(Pattern pattern, String text, int group) {
        return pattern.matcher(text).results().map(m -> m.group(group)).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void rulesAndDashboardUseDocumentedMetrics() throws IOException {
        Set<String> documented = names(DOCUMENTED, Files.readString(Path.of("../docs/metrics.md")), 1);
        Set<String> unknown = Stream.of(read("lvsd.rules.yml"), String.join("\n", expressions()))
                .flatMap(text -> METRIC.matcher(text).results())
                .map(MatchResult::group)
                .filter(name ->
                        !documented.contains(name) && !documented.contains(name.replaceAll("_(bucket|count|sum)$", "")))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), unknown);
    }

    /** Each alert has a test in which it fires. */
    @Test
    void everyAlertHasATest() throws IOException {
        Set<String> alerts = names(ALERT, read("lvsd.rules.yml"), 1);
        assertFalse(alerts.isEmpty());
        assertEquals(alerts, names(TESTED, read("lvsd.rules.test.yml"), 1));
    }

    /** Queries of the panels and of the variables. */
    private static List<String> expressions() throws IOException {
        List<String> expressions = new ArrayList<>();
        try (JsonParser json = new JsonFactory().createParser(read("grafana-dashboard.json"))) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.VALUE_STRING
                        && ("expr".equals(json.currentName()) || "query".equals(json.currentName()))) {
                    expressions.add(json.getText());
                }
            }
        }
        assertFalse(expressions.isEmpty());
        return expressions;
    }

    /** The fields of a panel that place it. */
    private record Place(int x, int y, int w, int h) {
        boolean overlaps(Place other) {
            return x < other.x + other.w && other.x < x + w && y < other.y + other.h && other.y < y + h;
        }
    }

    @Test
    void panelsDoNotOverlap() throws IOException {
        List<Place> places = Pattern.compile(
                        "\"gridPos\": \\{\\s*\"h\": (\\d+),\\s*\"w\": (\\d+),\\s*\"x\": (\\d+),\\s*\"y\": (\\d+)")
                .matcher(read("grafana-dashboard.json"))
                .results()
                .map(m -> new Place(number(m, 3), number(m, 4), number(m, 2), number(m, 1)))
                .toList();
        assertFalse(places.isEmpty());
        for (int i = 0; i < places.size(); i++) {
            Place one = places.get(i);
            assertTrue(one.x + one.w <= 24, () -> "outside of the grid: " + one);
            for (Place other : places.subList(i + 1, places.size())) {
                assertFalse(one.overlaps(other), () -> one + " and " + other);
            }
        }
    }

    /** What Grafana needs to load the file into any instance, and to show values with their units. */
    @Test
    void panelsHaveDifferentIdsTheDataSourceOfTheVariableAndAUnit() throws IOException {
        JsonNode dashboard = new ObjectMapper().readTree(read("grafana-dashboard.json"));
        assertTrue(dashboard.path("id").isMissingNode(), "Grafana assigns it");
        assertTrue(dashboard.path("schemaVersion").asInt() >= 36);
        assertEquals("datasource", dashboard.at("/templating/list/0/type").asText());
        Set<Integer> ids = new TreeSet<>();
        for (JsonNode panel : dashboard.path("panels")) {
            String title = panel.path("title").asText();
            assertTrue(ids.add(panel.path("id").asInt()), () -> "two panels have the id of " + title);
            if (!panel.path("type").asText().equals("row")) {
                assertFalse(panel.at("/fieldConfig/defaults/unit").asText().isEmpty(), title);
                assertFalse(panel.path("description").asText().isEmpty(), title);
                assertEquals(Set.of("${datasource}"), Set.copyOf(panel.findValuesAsText("uid")), title);
            }
        }
    }

    private static int number(MatchResult match, int group) {
        return Integer.parseInt(match.group(group));
    }
}
