package io.lvsd.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbePhases;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Passed;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.lvsd.checkers.schedule.ProbeHistory;
import io.lvsd.conf.value.IpNetwork;
import io.lvsd.conf.value.MaintenanceConfig;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.model.VsState;
import io.lvsd.core.view.Explanation;
import io.lvsd.core.view.ExplanationText;
import io.lvsd.core.view.Explanations;
import io.lvsd.core.view.Moment;
import io.lvsd.core.view.MonitoringPlugin;
import io.lvsd.core.view.RecordJson;
import io.lvsd.core.view.StatusInput;
import io.lvsd.core.view.StatusInputs;
import io.lvsd.core.view.StatusReport;
import io.lvsd.core.view.StatusReports;
import io.lvsd.core.view.StatusText;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What operators see: status text, explanations and the answer of the monitoring plugin, for a sequence of events. */
final class StatusReportTest {
    private static final String A = "10.0.0.11:80";
    private static final String B = "10.0.0.12:80";
    private static final String CONFIG =
            World.vs("quorum 2\n sorry_server 192.0.2.9 80", World.rs(A, "weight 1"), World.rs(B, "weight 2"));

    private final ProbeHistory history = new ProbeHistory();
    private final World world = new World().start(CONFIG);

    private StatusInput input() {
        return StatusInputs.at(world.state, history, world.now());
    }

    private StatusReport report() {
        return StatusReports.of(input());
    }

    /** Without the three lines about the daemon. */
    private String text(boolean problemsOnly) {
        return StatusText.text(report(), new StatusText.Options(false, problemsOnly))
                .lines()
                .skip(4)
                .map(l -> l + "\n")
                .reduce("", String::concat);
    }

    private String explained(Optional<String> realServer) {
        VsState vs = world.state.servers().values().iterator().next();
        Explanation explanation = Explanations.of(
                input(),
                vs,
                realServer.flatMap(name -> vs.realServers().stream()
                        .filter(rs -> rs.config().id().toString().equals(name))
                        .findFirst()));
        return ExplanationText.text(explanation, realServer.isPresent(), ZoneOffset.UTC);
    }

    @Test
    void allUp() {
        world.passes(A);
        world.passes(B);
        world.pass(Duration.ofSeconds(12));
        assertEquals("""
            10.0.0.1:80/tcp  OK, up for 12s, live 3, goes down below 2: quorum 2
              sorry server 192.0.2.9:80 not in use
              REAL SERVER   STATE  FOR  WEIGHT  ACTIVE  PROBE  NEXT  CHECKS
              10.0.0.11:80  up     12s  1       0              -     TCP_CHECK up
              10.0.0.12:80  up     12s  2       0              -     TCP_CHECK up
            """, text(false));
        assertEquals("", text(true));
        assertEquals(
                "LVSD OK - 1 virtual server up, 2 of 2 real servers up | virtual_servers_up=1;;;0;1"
                        + " real_servers_up=2;;;0;2 sorry_servers=0;;;0;1 drift=0;;;0;\n",
                MonitoringPlugin.ofAll(report()).text());
    }

    @Test
    void oneIsDownAndTheOtherOneDrained() {
        world.passes(A);
        world.passes(B);
        world.pass(Duration.ofSeconds(60));
        world.fails(A, Reason.STATUS, "expected 200, received 503");
        world.operator(B, o -> o.drained(Optional.empty()));
        world.pass(Duration.ofSeconds(5));
        assertEquals("""
            10.0.0.1:80/tcp  SORRY SERVER IN USE, down for 5s, live 0, needs 2 to come up: quorum 2
              sorry server 192.0.2.9:80 in use, for 5s
              REAL SERVER   STATE       FOR    WEIGHT            ACTIVE  PROBE  NEXT  CHECKS
              10.0.0.11:80  down        5s     1 (not in table)  -              -     TCP_CHECK down: status, expected 200, received 503
              10.0.0.12:80  up DRAINED  1m05s  2 (not in table)  -              -     TCP_CHECK up
            """, text(true));
        MonitoringPlugin plugin = MonitoringPlugin.ofAll(report());
        assertEquals(2, plugin.status());
        assertTrue(
                plugin.text()
                        .startsWith(
                                "LVSD CRITICAL - 10.0.0.1:80/tcp is on the sorry server, live 0, needs 2 to come up:"
                                        + " quorum 2; overrides: 10.0.0.12:80 is drained (and 1 more) |"
                                        + " virtual_servers_up=0;;;0;1 real_servers_up=1;;;0;2"),
                plugin.text());
    }

    @Test
    void thePluginNamesTheOverridesOfAVirtualServerThatIsDown() {
        World taken = new World()
                .start(World.vs(
                        "",
                        IntStream.rangeClosed(11, 17)
                                .mapToObj(i -> World.rs("10.0.0." + i + ":80", "weight 2"))
                                .toArray(String[]::new)));
        IntStream.rangeClosed(11, 17).forEach(i -> taken.passes("10.0.0." + i + ":80"));
        taken.operator("10.0.0.11:80", o -> o.drained(Optional.empty()));
        taken.operator("10.0.0.12:80", o -> o.withWeight(Optional.of(0L)));
        IntStream.rangeClosed(13, 17).forEach(i -> taken.operator("10.0.0." + i + ":80", RsOverride::disabled));
        StatusReport report = StatusReports.of(StatusInputs.at(taken.state, history, taken.now()));
        MonitoringPlugin plugin = MonitoringPlugin.of(report.virtualServers().getFirst());
        assertEquals(2, plugin.status());
        assertTrue(
                plugin.text()
                        .startsWith("LVSD CRITICAL - 10.0.0.1:80/tcp is down, live 0, needs 1 to come up: quorum 1;"
                                + " overrides: 10.0.0.11:80 is drained, 10.0.0.12:80 has weight 0, 10.0.0.13:80 is"
                                + " disabled, 10.0.0.14:80 is disabled, 10.0.0.15:80 is disabled and 2 more |"),
                plugin.text());
    }

    @Test
    void aDegradedVirtualServerIsAWarning() {
        world.passes(A);
        world.passes(B);
        world.fails(A);
        MonitoringPlugin plugin = MonitoringPlugin.of(report().virtualServers().getFirst());
        assertEquals(1, plugin.status());
        assertEquals(
                "LVSD WARNING - 10.0.0.11:80 of 10.0.0.1:80/tcp is down: TCP_CHECK connect_refused |"
                        + " live_weight=2;;2:;0; real_servers_up=1;;;0;2 connections_per_second=0;;;0;\n",
                plugin.text());
    }

    @Test
    void weightsThatDifferAreShown() {
        world.passes(A);
        world.passes(B);
        world.operator(A, o -> o.withWeight(Optional.of(7L)));
        assertTrue(text(false).contains("  7 (override, configured 1)  "), text(false));
    }

    /** With the wall clock of the engine. */
    private StatusInput inputNow() {
        StatusInput in = input();
        return new StatusInput(
                in.state(),
                () -> world.state.table().lastRead(),
                in.sorryCounters(),
                in.driver(),
                in.history(),
                in.lateness(),
                in.info(),
                new Moment(world.now(), world.time()));
    }

    private void maintain() {
        MaintenanceConfig settings = new MaintenanceConfig(
                "Back soon",
                Optional.of(Instant.parse("2027-03-01T02:00:00Z")),
                List.of(IpNetwork.parse("192.0.2.0/24").orElseThrow()),
                Optional.of(new MaintenanceConfig.Drain(Optional.of(Duration.ofMinutes(5)))));
        world.send(new Event.MaintenanceRequested(
                world.state.servers().keySet().iterator().next(), Optional.of(settings), "test"));
    }

    @Test
    void maintenanceIsShownAndIsNoProblemForThePlugin() {
        world.passes(A);
        world.passes(B);
        world.pass(Duration.ofMinutes(59));
        maintain();
        world.pass(Duration.ofMinutes(1));
        world.fails(A);
        world.fails(B);
        StatusReport report = StatusReports.of(inputNow());
        String end = Instant.parse("2027-03-01T02:00:00Z")
                .atZone(ZoneId.systemDefault())
                .format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss XXX", Locale.ROOT));
        String text = StatusText.text(report, StatusText.Options.PLAIN);
        assertTrue(
                text.contains("10.0.0.1:80/tcp  MAINTENANCE, down for 0s, live 0, needs 2 to come up: quorum 2\n"
                        + "  maintenance until " + end + ", connections are drained for at most 300 s, allowed:"
                        + " 192.0.2.0/24, message: \"Back soon\", for 1m00s, ends in 59m59s\n"
                        + "  sorry server 192.0.2.9:80 in use"),
                text);
        assertTrue(text.contains("virtual servers: 1 in maintenance; real servers: 2 down\n"), text);
        MonitoringPlugin all = MonitoringPlugin.ofAll(report);
        assertEquals(0, all.status(), all.text());
        assertTrue(
                all.text()
                        .startsWith("LVSD OK - 10.0.0.1:80/tcp is in maintenance until " + end
                                + "; 0 virtual servers up, 0 of 2 real servers up |"),
                all.text());
        MonitoringPlugin one = MonitoringPlugin.of(report.virtualServers().getFirst());
        assertEquals(0, one.status());
        assertTrue(
                one.text()
                        .startsWith("LVSD OK - 10.0.0.1:80/tcp is in maintenance until " + end
                                + ", 0 of 2 real servers up, "),
                one.text());
        world.passes(A);
        Explanation explanation = Explanations.of(
                inputNow(), world.state.servers().values().iterator().next(), Optional.empty());
        String explained = ExplanationText.text(explanation, false, ZoneOffset.UTC);
        assertTrue(
                explained.contains(
                        "  maintenance until 2027-03-01 02:00:00 Z, connections are drained for at most 300 s,"
                                + " allowed: 192.0.2.0/24, message: \"Back soon\" since 2027-03-01 00:59:01 (1m00s), by"
                                + " command\n"),
                explained);
        assertTrue(
                explained.contains("not in service: it is up, but the sorry server is in use: planned maintenance"
                        + " ('lvsd maintenance 10.0.0.1:80/tcp off' ends it)"),
                explained);
    }

    @Test
    void aSorryServerThatCannotBeUsedDuringMaintenanceIsAWarning() {
        World failing = new World();
        failing.sorryFailure = "refused";
        failing.start(CONFIG.replace("192.0.2.9 80", "127.0.0.1 80"));
        failing.passes(A);
        failing.passes(B);
        failing.send(new Event.MaintenanceRequested(
                failing.state.servers().keySet().iterator().next(), Optional.of(MaintenanceConfig.NONE), "test"));
        StatusReport report = StatusReports.of(StatusInputs.at(failing.state, history, failing.now()));
        assertEquals(
                StatusReport.Condition.OK, report.virtualServers().getFirst().condition());
        MonitoringPlugin plugin = MonitoringPlugin.of(report.virtualServers().getFirst());
        assertEquals(1, plugin.status());
        assertTrue(
                plugin.text()
                        .startsWith("LVSD WARNING - 10.0.0.1:80/tcp is in maintenance, but the sorry server cannot be"
                                + " used: refused |"),
                plugin.text());
    }

    private static StatusReport started(String checks) {
        World world = new World().start(World.vs("", " real_server 10.0.0.11 80 {\n" + checks + " }\n"));
        world.checksOfAll().forEach(c -> world.report(c, new Failed(Reason.STATUS, "503")));
        world.checksOfAll().forEach(c -> world.report(c, new Failed(Reason.STATUS, "503")));
        return StatusReports.of(StatusInputs.at(world.state, new ProbeHistory(), world.now()));
    }

    private static String names(String checks) {
        return started(checks).virtualServers().getFirst().realServers().getFirst().checks().stream()
                .map(StatusReport.Check::name)
                .collect(Collectors.joining(", "));
    }

    private static String http(String url) {
        return "HTTP_GET {\n retry 0\n url {\n " + url + "\n status_code 200\n }\n }\n";
    }

    @Test
    void checksWithOneKeywordHaveNamesThatDistinguishThem() {
        String healthz = http("path /healthz");
        assertEquals("HTTP_GET", names(healthz));
        assertEquals("HTTP_GET /healthz, HTTP_GET /second", names(healthz + http("path /second")));
        assertEquals(
                "HTTP_GET :80/healthz, HTTP_GET :81/healthz",
                names(healthz + healthz.replace("retry 0", "connect_port 81")));
        assertEquals(
                "TCP_CHECK, HTTP_GET #1, HTTP_GET #2",
                names(healthz + http("path /healthz\n virtualhost b.example") + "TCP_CHECK {\n }\n"));
        assertEquals("TCP_CHECK :80, TCP_CHECK :81", names("TCP_CHECK {\n }\nTCP_CHECK {\n connect_port 81\n }\n"));
    }

    @Test
    void statusAndPluginNameBothChecksWithOneKeyword() {
        StatusReport report = started(http("path /healthz") + http("path /second"));
        String text = StatusText.text(report, StatusText.Options.PLAIN);
        assertTrue(text.contains("HTTP_GET /healthz down: status, 503; HTTP_GET /second down: status, 503"), text);
        String plugin = MonitoringPlugin.ofAll(report).text();
        assertTrue(plugin.contains("is down: HTTP_GET /healthz status, 503, HTTP_GET /second status, 503"), plugin);
    }

    @Test
    void aServerThatAReloadRemovedIsExplainedWhileItDrains() {
        world.passes(A);
        world.passes(B);
        world.pass(Duration.ofSeconds(5));
        world.reload(World.vs("", World.rs(A, "weight 1")));
        VsState vs = world.state.servers().values().iterator().next();
        assertEquals(1, vs.realServers().size());
        assertEquals("""

            destination 10.0.0.12:80 in 10.0.0.1:80/tcp: draining since 2026-05-01 12:00:00 (0s)
              not in service: the configuration no longer has it
              0 active connections; removed from the table when they have ended, at 2026-05-01 12:00:30 (in 30s) at the latest
            """, after(explained(Optional.empty()), "\n\ndestination"));
        Explanation one = Explanations.ofDraining(input(), vs, B).orElseThrow();
        assertEquals(List.of(), one.servers());
        assertEquals(
                "10.0.0.12:80 the configuration no longer has it",
                one.draining().getFirst().address() + " "
                        + one.draining().getFirst().cause());
        assertEquals(Optional.empty(), Explanations.ofDraining(input(), vs, A));
        assertEquals(Optional.empty(), Explanations.ofDraining(input(), vs, "10.0.0.99:80"));
    }

    private static String after(String text, String part) {
        return text.substring(text.indexOf(part) + 1);
    }

    @Test
    void theExplanationOfADownServerHasTheProbesAndTheRule() {
        world.passes(A);
        world.passes(B);
        world.pass(Duration.ofSeconds(60));
        CheckId check = world.checks(A).getFirst();
        history.finished(
                check,
                new ProbeReport(Passed.plain(), Duration.ofMillis(30)).withResult(Passed.plain()),
                world.now() - Duration.ofSeconds(2).toNanos());
        history.finished(
                check,
                new ProbeReport(
                        new Failed(Reason.STATUS, "expected 200, received 503"),
                        Duration.ofMillis(12),
                        Optional.empty(),
                        new ProbePhases(1_000_000, 5_000_000, 2_000_000, 4_000_000, 503)),
                world.now());
        world.fails(A, Reason.STATUS, "expected 200, received 503");
        history.planned(check, world.now() + Duration.ofMillis(1_500).toNanos());
        assertEquals("""
            virtual server 10.0.0.1:80/tcp: degraded, up since 2026-05-01 11:59:00 (1m00s)
              live 2, goes down below 2: quorum 2
              service 10.0.0.1:80/tcp is in the table
              sorry server 192.0.2.9:80 is not in use

            real server 10.0.0.11:80: down since 2026-05-01 12:00:00 (0s), changed 1 time
              not in service: down: TCP_CHECK (status, expected 200, received 503)
              weight 1, configured 1, not in table
              destination in 10.0.0.1:80/tcp: wanted absent, table absent
              check TCP_CHECK 10.0.0.11:80: down since 2026-05-01 12:00:00 (0s), changed 1 time
                last result: status, expected 200, received 503
                marked up after 1 more pass (rise 1)
                next probe in 1.5 s
                PROBE ENDED   RESULT  TOTAL    CONNECT  TLS      FIRST BYTE  RESPONSE  STATUS  REASON
                12:00:00.000  failed  12.0 ms  1.00 ms  5.00 ms  2.00 ms     4.00 ms   503     status, expected 200, received 503
                11:59:58.000  passed  30.0 ms  -        -        -           -         -
            """, explained(Optional.of(A)));
    }

    @Test
    void anExplanationOfAVirtualServerHasAConclusionForEachServer() {
        world.passes(A);
        world.passes(B);
        world.operator(B, RsOverride::disabled);
        String text = explained(Optional.empty());
        assertTrue(
                text.contains("not in service: it is up, but the sorry server is in use: live 1, needs 2 to come up"),
                text);
        assertTrue(text.contains("not in service: an operator disabled it ('lvsd enable' reverts that)"), text);
        assertTrue(text.contains("marked down after 2 more failures in a row (retry 1)"), text);
    }

    @Test
    void aReloadKeepsTheTimesOfWhatStays() {
        world.passes(A);
        world.passes(B);
        world.fails(A);
        world.pass(Duration.ofSeconds(30));
        world.reload(World.vs("quorum 2", World.rs(A, "weight 1"), World.rs("10.0.0.13:80", "weight 1")));
        world.pass(Duration.ofSeconds(10));
        var servers = report().virtualServers().getFirst().realServers();
        assertEquals(
                "[10.0.0.11:80 2026-05-01T11:59:20Z 1, 10.0.0.13:80 2026-05-01T11:59:50Z 0]",
                servers.stream()
                        .filter(rs -> !rs.retained())
                        .map(rs -> rs.address() + " " + rs.since() + " " + rs.changes())
                        .toList()
                        .toString());
        assertEquals(3, world.state.changes().realServers().size(), "with the retained one");
    }

    @Test
    void nothingOfARemovedVirtualServerIsKept() {
        world.passes(A);
        world.fails(B);
        world.reload(World.vs("", World.rs(A, "")).replace("10.0.0.1 80", "10.0.0.2 80"));
        StateChanges changes = world.state.changes();
        assertEquals(
                "1 1 1 0",
                changes.virtualServers().size() + " " + changes.realServers().size() + " "
                        + changes.checks().size() + " " + changes.sorry().size());
    }

    @Test
    void jsonHasTheNamesOfTheRecordsWithoutEmptyValues() {
        String json = RecordJson.compact(
                report().virtualServers().getFirst().realServers().getFirst());
        assertTrue(
                json.startsWith("{\"address\":\"10.0.0.11:80\",\"state\":\"up\",\"pending\":true,"
                        + "\"since\":\"2026-05-01T12:00:00Z\",\"changes\":0,\"weight\":1,\"configuredWeight\":1,"
                        + "\"retained\":false,\"slowStart\":false,\"override\":\"enabled\",\"inTable\":true,"
                        + "\"tableWeight\":1,"),
                json);
    }
}
