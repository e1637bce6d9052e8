package io.lvsd.core.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lvsd.conf.model.HttpConfig;
import io.lvsd.core.http.HttpLimits;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.view.HealthReport;
import io.lvsd.core.view.RecordJson;
import io.lvsd.core.view.StatusReports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every operation of a real daemon, with responses as the OpenAPI document has them. */
final class ApiContractTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String API = "/api/v1";

    @TempDir
    private Path directory;

    private RunningDaemon daemon;
    private ApiClient client;
    private Contract contract;
    private String web;
    private String a;
    private String b;

    @BeforeEach
    void start() throws Exception {
        daemon = new RunningDaemon(directory);
        client = daemon.client(RunningDaemon.WRITER);
        contract = new Contract(client.get(API + "/openapi.json").body());
        daemon.untilUp();
        web = API + "/virtual-servers/web";
        a = web + "/real-servers/" + daemon.realServerA();
        b = web + "/real-servers/" + daemon.realServerB();
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        daemon.close();
    }

    /** A GET whose response is as documented. */
    private JsonNode get(String path, int status) throws IOException, InterruptedException {
        HttpResponse<String> response = client.get(path);
        contract.response("GET", path, response);
        assertEquals(status, response.statusCode(), response::body);
        boolean json = response.headers().firstValue("content-type").orElse("").contains("json");
        return json ? JSON.readTree(response.body()) : JSON.createObjectNode();
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        return get(path, 200);
    }

    private JsonNode post(String path, String body, int status) throws IOException, InterruptedException {
        HttpResponse<String> response = client.post(path, body);
        contract.response("POST", path, response);
        assertEquals(status, response.statusCode(), response::body);
        return JSON.readTree(response.body());
    }

    private JsonNode valid(String path, String body, int status) throws IOException, InterruptedException {
        contract.request("POST", path, body);
        return post(path, body, status);
    }

    private JsonNode delete(String path, int status) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send("DELETE", path, Optional.empty());
        contract.response("DELETE", path, response);
        assertEquals(status, response.statusCode(), response::body);
        return JSON.readTree(response.body());
    }

    /** The virtual server gets a sorry server. */
    private void addSorryServer(String address) throws Exception {
        daemon.write(daemon.text("").replace(" snmp_name web\n", " snmp_name web\n sorry_server " + address + "\n"));
        valid(API + "/reload", "{}", 200);
    }

    private RsOverride overrideOfA() {
        return daemon.daemon().state().servers().values().stream()
                .filter(vs -> vs.config().name().isPresent())
                .findFirst()
                .orElseThrow()
                .realServers()
                .getFirst()
                .override();
    }

    @Test
    void everyOperationIsAsDocumented() throws Exception {
        get("/");
        get("/static/lvsd.css");
        get("/static/lvsd.js");
        get("/static/lvsd.svg");
        get("/metrics");
        get("/livez");
        get("/readyz");
        get(API + "/openapi.json");
        get(API + "/status");
        get(API + "/virtual-servers");
        get(web);
        get(a);
        get(web + "/explain");
        get(a + "/explain");
        get(API + "/table");
        get(API + "/config");
        get(API + "/config?format=hocon");
        get(API + "/plan");
        valid(API + "/plan", "{\"configuration\": \"virtual_server 192.0.2.9 80 {\\n}\\n\"}", 200);
        valid(a + "/drain", "{\"timeoutSeconds\": 60}", 200);
        get(a + "/drain");
        valid(a + "/enable", "{}", 200);
        valid(a + "/disable", "{\"force\": false}", 200);
        valid(a + "/enable", "{}", 200);
        valid(a + "/weight", "{\"weight\": 7}", 200);
        valid(a + "/weight", "{\"weight\": \"auto\"}", 200);
        valid(API + "/reload", "{}", 200);
        addSorryServer("127.0.0.1 80");
        valid(web + "/maintenance", "{\"message\": \"Back soon\", \"drainSeconds\": 5}", 200);
        get(web);
        delete(web + "/maintenance", 200);
        get(API + "/events");
        assertEquals(contract.operations(), contract.seen());
    }

    /** The routes of the server and the paths of the document are the same. */
    @Test
    void theDocumentNamesEveryRoute() {
        Set<String> routes = new TreeSet<>();
        var sources = new FakeDaemon(daemon.daemon().state()).sources(new Healthy());
        try (HttpEndpoint endpoint =
                new HttpEndpoint(HttpConfig.of(InetAddress.getLoopbackAddress(), 1), sources, HttpLimits.of(8))) {
            endpoint.routeNames().forEach(r -> routes.add(r.replaceFirst("/static/.*", "/static/{name}")));
        }
        assertEquals(contract.operations(), routes);
    }

    @Test
    void overridesHaveEffectAndAreReported() throws Exception {
        JsonNode drained = valid(a + "/drain", "{\"timeoutSeconds\": 60}", 200);
        assertEquals("drained", drained.get("override").asText());
        assertEquals(60, drained.get("drainTimeoutSeconds").asLong());
        assertTrue(drained.get("applied").asBoolean());
        assertEquals(RsOverride.Mode.DRAINED, overrideOfA().mode());
        daemon.until(state -> state.table().lastRead().destinationCount() == 2);
        JsonNode progress = get(a + "/drain");
        assertTrue(progress.get("drained").asBoolean());
        assertEquals("drained", get(a).get("override").asText());
        valid(a + "/enable", "{}", 200);
        daemon.untilUp();
        valid(a + "/weight", "{\"weight\": 7}", 200);
        assertEquals(7, get(a).get("overrideWeight").asLong());
        valid(a + "/weight", "{\"weight\": \"auto\"}", 200);
        assertFalse(get(a).has("overrideWeight"));
        JsonNode events = get(API + "/events").get("events");
        Set<String> users = new TreeSet<>();
        events.forEach(e -> {
            if (e.get("name").asText().equals("rs.override")) {
                users.add(e.get("fields").path("user").asText());
            }
        });
        assertEquals(Set.of("api:writer"), users);
    }

    @Test
    void maintenanceBeginsAndEnds() throws Exception {
        addSorryServer("127.0.0.1 80");
        JsonNode on = valid(
                web + "/maintenance",
                "{\"message\": \"Back soon\", \"until\": \"2h\", \"allow\": [\"192.0.2.0/24\", \"2001:db8::1\"],"
                        + " \"drain\": true}",
                200);
        assertTrue(on.get("applied").asBoolean());
        assertTrue(on.get("access").asText().contains("relays"), on::toString);
        JsonNode shown = get(web).get("maintenance");
        assertEquals(on.get("maintenance"), shown);
        assertEquals("command", shown.get("source").asText());
        assertEquals("Back soon", shown.get("message").asText());
        assertEquals("[\"192.0.2.0/24\",\"2001:db8::1\"]", shown.get("allow").toString());
        assertTrue(shown.get("drain").asBoolean());
        assertFalse(shown.has("drainSeconds"));
        assertEquals(
                Duration.ofHours(2),
                Duration.between(
                                Instant.parse(shown.get("since").asText()),
                                Instant.parse(shown.get("until").asText()))
                        .truncatedTo(ChronoUnit.MINUTES));
        assertEquals("maintenance", get(web).get("condition").asText());
        assertEquals(1, get(API + "/status").get("summary").get("maintenance").asInt());
        assertEquals("up", get(web).get("state").asText());
        JsonNode off = delete(web + "/maintenance", 200);
        assertFalse(off.has("maintenance"));
        assertFalse(get(web).has("maintenance"));
        Set<String> users = new TreeSet<>();
        get(API + "/events").get("events").forEach(e -> {
            if (e.get("name").asText().startsWith("maintenance.")) {
                users.add(e.get("name").asText() + " "
                        + e.get("fields").path("user").asText());
            }
        });
        assertEquals(Set.of("maintenance.off api:writer", "maintenance.on api:writer"), users);
    }

    @Test
    void maintenanceIsRefusedWithTheRemedy() throws Exception {
        JsonNode none = valid(web + "/maintenance", "{}", 409);
        assertEquals("urn:lvsd:no-sorry-server", none.get("type").asText());
        assertEquals("add: sorry_server 127.0.0.1 80", none.get("remedy").asText());
        addSorryServer("192.0.2.99 80");
        JsonNode other = valid(web + "/maintenance", "{\"allow\": [\"192.0.2.0/24\"]}", 409);
        assertEquals("urn:lvsd:no-access", other.get("type").asText());
        assertTrue(other.get("detail").asText().contains("is on another host"), other::toString);
        for (String body : new String[] {
            "{\"until\": \"2020-01-01T00:00:00Z\"}",
            "{\"until\": \"yesterday\"}",
            "{\"allow\": \"192.0.2.0/24\"}",
            "{\"allow\": [\"192.0.2.0/33\"]}",
            "{\"allow\": [1]}",
            "{\"drain\": 5}",
            "{\"drainSeconds\": 0}",
            "{\"message\": \"a\\nb\"}",
            "{\"force\": true}"
        }) {
            post(web + "/maintenance", body, 400);
        }
        assertFalse(get(web).has("maintenance"));
        try (ApiClient reader = daemon.client(RunningDaemon.READER)) {
            assertEquals(403, reader.post(web + "/maintenance", "{}").statusCode());
            assertEquals(
                    403,
                    reader.send("DELETE", web + "/maintenance", Optional.empty())
                            .statusCode());
        }
    }

    /** Also those that only parts outside of the engine report. */
    @Test
    void changesAndRefusalsAreEvents() throws Exception {
        valid(a + "/weight", "{\"weight\": 7}", 200);
        daemon.write(daemon.text("password secret-of-the-file\n"));
        valid(API + "/reload", "{}", 422);
        try (ApiClient stranger = daemon.client("wrong-token-0123456789")) {
            assertEquals(401, stranger.post(API + "/reload", "{}").statusCode());
        }
        Set<String> names = new TreeSet<>();
        JsonNode events = get(API + "/events");
        events.get("events").forEach(e -> names.add(e.get("name").asText()));
        assertTrue(
                names.containsAll(Set.of("http.operation", "rs.override", "config.refused", "http.denied")),
                names::toString);
        assertFalse(events.toString().contains("secret-of-the-file"), events::toString);
        String metrics = client.get("/metrics").body();
        assertTrue(metrics.contains("lvsd_events_total{event=\"http.denied\"} 1.0"), metrics);
    }

    @Test
    void eventsOfAVirtualServerAreFoundByEachOfItsNames() throws Exception {
        int all = get(API + "/events?vs=192.0.2.1:80%2Ftcp").get("events").size();
        assertTrue(all > 0);
        assertEquals(all, get(API + "/events?vs=web").get("events").size());
        assertEquals(
                "urn:lvsd:unknown-server",
                get(API + "/events?vs=nothing", 404).get("type").asText());
    }

    @Test
    void theLastLiveServerNeedsForce() throws Exception {
        valid(a + "/disable", "{}", 200);
        JsonNode refused = valid(b + "/drain", "{}", 409);
        assertEquals("urn:lvsd:last-live-server", refused.get("type").asText());
        assertTrue(refused.get("remedy").asText().contains("force"));
        assertEquals("enabled", get(b).get("override").asText());
        valid(b + "/drain", "{\"force\": true}", 200);
        assertEquals("drained", get(b).get("override").asText());
    }

    /** Two clients together cannot remove both servers, each of which is the last one without the other. */
    @Test
    void overridesAtTheSameTimeAreEvaluatedOneAfterTheOther() throws Exception {
        HttpResponse<String>[] responses = newArray();
        Thread other = Thread.ofVirtual().start(() -> {
            try {
                responses[0] = client.post(a + "/disable", "{}");
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        responses[1] = client.post(b + "/disable", "{}");
        other.join();
        Set<Integer> statuses = new TreeSet<>();
        statuses.add(responses[0].statusCode());
        statuses.add(responses[1].statusCode());
        assertEquals(Set.of(200, 409), statuses);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static HttpResponse<String>[] newArray() {
        return new HttpResponse[2];
    }

    @Test
    void anUnknownOrAmbiguousNameHasCandidates() throws Exception {
        JsonNode unknown = get(API + "/virtual-servers/x", 404);
        assertEquals("urn:lvsd:unknown-server", unknown.get("type").asText());
        assertEquals(2, unknown.get("candidates").size());
        get(web + "/real-servers/192.0.2.99:80", 404);
        String id = URLEncoder.encode("192.0.2.1:80/tcp", StandardCharsets.UTF_8);
        assertEquals(
                "192.0.2.1:80/tcp",
                get(API + "/virtual-servers/" + id).get("id").asText());
        assertEquals(
                "192.0.2.1:443/tcp",
                get(API + "/virtual-servers/192.0.2.1:443").get("id").asText());
    }

    @Test
    void anInvalidBodyOrParameterNamesWhatIsExpected() throws Exception {
        for (String body : new String[] {
            "{", "[]", "null", "{\"force\": 1}", "{\"force\": true, \"force\": true}", "{\"weight\": {}}", "{} {}", "x"
        }) {
            post(a + "/disable", body, 400);
        }
        JsonNode unknown = post(a + "/disable", "{\"forse\": true}", 400);
        assertEquals("force", unknown.get("candidates").get(0).asText());
        post(a + "/weight", "{}", 400);
        post(a + "/weight", "{\"weight\": -1}", 400);
        post(a + "/weight", "{\"weight\": 2147483648}", 400);
        post(a + "/weight", "{\"weight\": \"x\"}", 400);
        post(a + "/drain", "{\"timeoutSeconds\": 86401}", 400);
        post(API + "/plan", "{}", 400);
        get(API + "/config?format=x", 400);
        get(API + "/events?since=x", 400);
        get(API + "/events?limit=0", 400);
        get(API + "/status?x=y", 400);
        assertEquals(RsOverride.Mode.ENABLED, overrideOfA().mode());
    }

    @Test
    void aReloadIsCarriedOutOrRefusedWithTheReason() throws Exception {
        daemon.write(daemon.text("nonsense\n"));
        JsonNode plan = get(API + "/plan");
        assertEquals("refused", plan.get("outcome").asText());
        assertEquals(1, plan.get("problems").size());
        JsonNode refused = valid(API + "/reload", "{}", 422);
        assertEquals("refused", refused.get("report").get("outcome").asText());
        JsonNode problem = refused.get("report").get("problems").get(0);
        assertTrue(problem.get("text").asText().contains("nonsense"), problem::toString);
        String less = daemon.text("").replaceFirst("virtual_server 192.0.2.1 80 (?s:.*?)\n\\}\n", "");
        daemon.write(less);
        JsonNode guarded = get(API + "/plan");
        assertEquals("guarded", guarded.get("outcome").asText());
        assertTrue(guarded.get("commands").size() > 0);
        assertEquals(
                "urn:lvsd:reload-guard",
                valid(API + "/reload", "{}", 409).get("type").asText());
        assertEquals(2, daemon.daemon().state().servers().size());
        valid(API + "/reload", "{\"force\": true}", 200);
        assertEquals(1, daemon.daemon().state().servers().size());
        // The reload has returned when the configuration is in effect; the commands for the table follow.
        daemon.until(state -> state.table().actual().values().stream()
                .filter(service -> service.config().key().toString().equals("192.0.2.1:80/tcp"))
                .allMatch(service -> service.destinations().values().stream()
                        .allMatch(destination -> destination.config().weight() == 0)));
        assertEquals("[]", get(API + "/plan").get("commands").toString());
    }

    /** Reading is open on loopback, and a line with an error may contain a secret. */
    @Test
    void problemsHaveNoValues() throws Exception {
        daemon.write(daemon.text("")
                        .replace(
                                "lvsd {\n",
                                "lvsd {\n snmp {\n  community hush1 hush2\n }\n webhook {\n  url htps://hush3/\n }\n")
                + "SSL {\n password hush4 hush5\n}\n");
        JsonNode plan = get(API + "/plan");
        assertTrue(plan.get("problems").size() >= 3, plan::toString);
        assertFalse(plan.toString().contains("hush"), plan::toString);
        assertTrue(plan.toString().contains("community REDACTED"), plan::toString);
        JsonNode refused = valid(API + "/reload", "{}", 422);
        assertFalse(refused.toString().contains("hush"), refused::toString);
    }

    @Test
    void theConfigurationHasNoSecrets() throws Exception {
        daemon.write(daemon.text("")
                .replace(
                        "lvsd {\n",
                        "lvsd {\n snmp {\n  listen udp:127.0.0.1:" + daemon.port() + "\n  community hush\n }\n"));
        JsonNode plan = get(API + "/plan");
        assertEquals("done", plan.get("outcome").asText());
        assertFalse(plan.toString().contains("hush"), plan::toString);
        assertFalse(get(API + "/config").get("text").asText().contains(RunningDaemon.WRITER));
        JsonNode planned = valid(
                API + "/plan",
                "{\"configuration\": \"virtual_server 192.0.2.9 80 {\\n"
                        + " lvs_sched rr\\n"
                        + " lvs_method NAT\\n"
                        + " protocol TCP\\n"
                        + " real_server 192.0.2.77 80 {\\n"
                        + " }\\n"
                        + "}\\n"
                        + "\"}",
                200);
        assertEquals("refused", planned.get("outcome").asText(), "http { listen } cannot change");
    }

    /** What the command line prints, and what the API responds, is the same record. */
    @Test
    void commandLineAndApiAgree() throws Exception {
        JsonNode api = get(API + "/status");
        JsonNode cli =
                JSON.readTree(RecordJson.pretty(StatusReports.of(daemon.daemon().status())));
        assertEquals(names(cli), names(api));
    }

    private static Set<String> names(JsonNode node) {
        Set<String> names = new TreeSet<>();
        collect("", node, names);
        return names;
    }

    private static void collect(String path, JsonNode node, Set<String> names) {
        names.add(path);
        node.properties().forEach(p -> collect(path + "/" + p.getKey(), p.getValue(), names));
        if (node.isArray()) {
            node.forEach(n -> collect(path + "[]", n, names));
        }
    }

    /** Everything works. */
    private static final class Healthy implements HealthSource {
        @Override
        public HealthReport liveness() {
            return new HealthReport(true, List.of());
        }

        @Override
        public HealthReport readiness() {
            return liveness();
        }
    }
}
