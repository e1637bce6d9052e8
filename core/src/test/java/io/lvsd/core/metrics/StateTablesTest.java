package io.lvsd.core.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.lvsd.checkers.schedule.ProbeHistory;
import io.lvsd.core.engine.Effect;
import io.lvsd.core.engine.World;
import io.lvsd.core.model.RsOverride;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The metrics of servers: their values, and that servers that are gone have none. */
final class StateTablesTest {
    private static final String VS = "virtual_server=\"10.0.0.1:80/tcp\"";
    private static final String A = VS + ",real_server=\"10.0.1.1:80\"";
    private static final String B = VS + ",real_server=\"10.0.1.2:80\"";

    private static String config(String lines) {
        return World.vs(
                "sorry_server 10.0.9.9 80\n quorum 3\n" + lines,
                World.rs("10.0.1.1:80", "weight 2"),
                World.rs("10.0.1.2:80", "weight 1"));
    }

    private static Scraped scrape(World world) {
        return Scraped.of(ManyServers.input(world.state));
    }

    @Test
    void aHealthyVirtualServerHasItsWeightsAndQuorum() {
        World world = new World().start(config(""));
        world.passes("10.0.1.1:80");
        world.passes("10.0.1.2:80");
        Scraped scraped = scrape(world);
        assertEquals("1", scraped.value("lvsd_virtual_server_up{" + VS + "}"));
        assertEquals("3", scraped.value("lvsd_virtual_server_live_weight{" + VS + "}"));
        assertEquals("3", scraped.value("lvsd_virtual_server_quorum{" + VS + "}"));
        assertEquals("2", scraped.value("lvsd_virtual_server_real_servers{" + VS + ",state=\"up\"}"));
        assertEquals("0", scraped.value("lvsd_virtual_server_sorry_server_active{" + VS + "}"));
        assertEquals("1", scraped.value("lvsd_virtual_server_sorry_server_usable{" + VS + "}"));
        assertEquals("", scraped.value("lvsd_virtual_server_sorry_server_changed_timestamp_seconds{" + VS + "}"));
        assertEquals("0", scraped.value("lvsd_virtual_server_pending_checks{" + VS + "}"));
        assertEquals("1", scraped.value("lvsd_real_server_up{" + A + "}"));
        assertEquals("2", scraped.value("lvsd_real_server_weight_configured{" + A + "}"));
        assertEquals("2", scraped.value("lvsd_real_server_weight_effective{" + A + "}"));
        assertEquals("2", scraped.value("lvsd_real_server_weight_kernel{" + A + "}"));
        assertEquals("1", scraped.value("lvsd_check_up{" + A + ",check=\"TCP_CHECK\"}"));
        assertEquals("1", scraped.value("lvsd_config_virtual_servers"));
        assertEquals("2", scraped.value("lvsd_config_real_servers"));
        assertEquals("1", scraped.value("lvsd_daemon_phase{phase=\"running\"}"));
        assertEquals("0", scraped.value("lvsd_metrics_dropped_series"));
    }

    @Test
    void aFailedServerLeavesTheTableAndTheSorryServerTakesOver() {
        World world = new World().start(config(""));
        world.passes("10.0.1.1:80");
        world.passes("10.0.1.2:80");
        world.fails("10.0.1.1:80");
        Scraped scraped = scrape(world);
        assertEquals("0", scraped.value("lvsd_real_server_up{" + A + "}"));
        assertEquals("1", scraped.value("lvsd_real_server_up{" + B + "}"));
        assertEquals("", scraped.value("lvsd_real_server_weight_kernel{" + A + "}"));
        assertEquals("0", scraped.value("lvsd_real_server_weight_effective{" + A + "}"));
        assertEquals("1", scraped.value("lvsd_real_server_weight_effective{" + B + "}"));
        assertEquals("2", scraped.value("lvsd_real_server_weight_configured{" + A + "}"));
        assertEquals("1", scraped.value("lvsd_real_server_transitions_total{" + A + ",to=\"down\"}"));
        assertEquals("0", scraped.value("lvsd_real_server_transitions_total{" + B + ",to=\"down\"}"));
        assertEquals("0", scraped.value("lvsd_virtual_server_up{" + VS + "}"));
        assertEquals("1", scraped.value("lvsd_virtual_server_live_weight{" + VS + "}"));
        assertEquals("1", scraped.value("lvsd_virtual_server_real_servers{" + VS + ",state=\"down\"}"));
        assertEquals("1", scraped.value("lvsd_virtual_server_sorry_server_active{" + VS + "}"));
        assertEquals("1", scraped.value("lvsd_virtual_server_sorry_server_activations_total{" + VS + "}"));
        assertTrue(!scraped.value("lvsd_virtual_server_sorry_server_changed_timestamp_seconds{" + VS + "}")
                .isEmpty());
    }

    @Test
    void overridesAreShownWhileTheyLast() {
        World world = new World().start(config("quorum 1"));
        world.passes("10.0.1.1:80");
        world.passes("10.0.1.2:80");
        world.operator("10.0.1.1:80", o -> o.withWeight(Optional.of(7L)));
        world.operator("10.0.1.2:80", RsOverride::disabled);
        Scraped scraped = scrape(world);
        assertEquals("1", scraped.value("lvsd_real_server_override{" + A + ",mode=\"weight\"}"));
        assertEquals("1", scraped.value("lvsd_real_server_override{" + B + ",mode=\"disabled\"}"));
        assertEquals("7", scraped.value("lvsd_real_server_weight_effective{" + A + "}"));
        assertEquals("0", scraped.value("lvsd_real_server_weight_effective{" + B + "}"));
        assertEquals("2", scraped.value("lvsd_real_server_weight_configured{" + A + "}"));
        assertEquals("7", scraped.value("lvsd_virtual_server_live_weight{" + VS + "}"));
        assertEquals("1", scraped.value("lvsd_virtual_server_real_servers{" + VS + ",state=\"disabled\"}"));
        assertEquals(2, scraped.containing("lvsd_real_server_override{").size());
        world.operator("10.0.1.2:80", RsOverride::enabled);
        assertEquals(1, scrape(world).containing("lvsd_real_server_override{").size());
    }

    @Test
    void aDrainedServerContributesNothingToTheLiveWeight() {
        World world = new World().start(config("quorum 1"));
        world.passes("10.0.1.1:80");
        world.passes("10.0.1.2:80");
        world.operator("10.0.1.1:80", o -> o.drained(Optional.empty()));
        Scraped scraped = scrape(world);
        assertEquals("0", scraped.value("lvsd_real_server_weight_effective{" + A + "}"));
        assertEquals("0", scraped.value("lvsd_real_server_weight_kernel{" + A + "}"));
        assertEquals("1", scraped.value("lvsd_real_server_weight_effective{" + B + "}"));
        assertEquals("1", scraped.value("lvsd_virtual_server_live_weight{" + VS + "}"));
    }

    @Test
    void checksWithTheSameKeywordAreNumbered() {
        World world = new World()
                .start(World.vs(
                        "",
                        " real_server 10.0.1.1 80 {\n TCP_CHECK {\n }\n TCP_CHECK {\n connect_port 81\n }\n"
                                + " PING_CHECK {\n }\n }\n"));
        Scraped scraped = scrape(world);
        assertEquals(
                Set.of(
                        "lvsd_check_up{" + A + ",check=\"TCP_CHECK\"}",
                        "lvsd_check_up{" + A + ",check=\"TCP_CHECK\",index=\"2\"}",
                        "lvsd_check_up{" + A + ",check=\"PING_CHECK\"}"),
                scraped.containing("lvsd_check_up"));
    }

    @Test
    void theLastProbeAndFailedProbesOfACheckAreShown() {
        World world = new World().start(config(""));
        CheckId check = world.checks("10.0.1.1:80").getFirst();
        ProbeHistory history = new ProbeHistory();
        ProbeReport failed = new ProbeReport(new ProbeResult.Failed(Reason.CONNECT_REFUSED, ""), Duration.ofMillis(12));
        history.finished(check, failed, 1);
        try (Metrics metrics = new Metrics(() -> Optional.of(ManyServers.input(world.state, history)), "host")) {
            metrics.telemetry().probeFinished(check, failed);
            metrics.telemetry().probeFinished(check, failed);
            Scraped scraped = Scraped.of(metrics.scrape("", false));
            String labels = "{" + A + ",check=\"TCP_CHECK\"}";
            assertEquals("0.012", scraped.value("lvsd_check_last_probe_duration_seconds" + labels));
            assertEquals("2", scraped.value("lvsd_check_probe_failures_total" + labels));
            assertEquals(
                    "2.0",
                    scraped.value("lvsd_probe_results_total{check=\"TCP_CHECK\",reason=\"connect_refused\","
                            + "result=\"failed\"}"));
            metrics.telemetry().checkRemoved(check);
            assertEquals("0", Scraped.of(metrics.scrape("", false)).value("lvsd_check_probe_failures_total" + labels));
        }
    }

    @Test
    void destinationsHaveTheLabelsOfNodeExporter() {
        World world = new World()
                .start("lvsd {\n metrics {\n ipvs_metrics on\n }\n}\n" + config("")
                        + "virtual_server fwmark 17 {\n lvs_sched rr\n lvs_method DR\n real_server 10.0.1.5 0 {\n"
                        + " weight 4\n }\n}\n");
        world.pass(Duration.ofSeconds(5));
        Scraped scraped = scrape(world);
        assertEquals(
                "2",
                scraped.value("node_ipvs_backend_weight{local_address=\"10.0.0.1\",local_port=\"80\",local_mark=\"\","
                        + "proto=\"TCP\",remote_address=\"10.0.1.1\",remote_port=\"80\"}"));
        assertEquals(
                "4",
                scraped.value("node_ipvs_backend_weight{local_address=\"\",local_port=\"0\",local_mark=\"00000011\","
                        + "proto=\"FWM\",remote_address=\"10.0.1.5\",remote_port=\"0\"}"));
        assertEquals(3, scraped.containing("node_ipvs_incoming_bytes_total{").size());
        assertEquals(8 * 3, scraped.containing("node_ipvs_").size());
    }

    @Test
    void partsCanBeRequestedAlone() {
        World world = new World().start("lvsd {\n metrics {\n ipvs_metrics on\n }\n}\n" + config(""));
        world.pass(Duration.ofSeconds(5));
        try (Metrics metrics = new Metrics(() -> Optional.of(ManyServers.input(world.state)), "host")) {
            Map<String, String> all = Scraped.of(metrics.scrape("", false)).series();
            Map<String, Set<Part>> expected = Map.of(
                    "lvsd_real_server_up", Set.of(Part.SERVERS),
                    "node_ipvs_backend_weight", Set.of(Part.IPVS),
                    "lvsd_build_info", Set.of(Part.DAEMON),
                    "jvm_memory_used_bytes", Set.of(Part.DAEMON),
                    "lvsd_metrics_dropped_series", Part.ALL);
            int sum = 0;
            for (Part part : Part.values()) {
                Scraped scraped = Scraped.of(metrics.scrape("application/openmetrics-text", false, Set.of(part)));
                assertTrue(scraped.text().endsWith("# EOF\n"), scraped::text);
                expected.forEach((name, parts) -> assertEquals(
                        parts.contains(part), !scraped.containing(name).isEmpty(), () -> part + " " + name));
                sum += scraped.series().size() - 1;
            }
            assertEquals(all.size(), sum + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Servers", "servers,", "servers daemon", "x"})
    void anUnknownPartIsAnError(String list) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Part.of(list));
        assertEquals("one or several of daemon, servers, ipvs", e.getMessage());
        assertEquals(Set.of(Part.SERVERS, Part.IPVS), Part.of("ipvs,servers"));
    }

    /** The series are those of the present servers after each of 200 reloads, and nothing of former ones remains. */
    @Test
    void reloadsLeaveNoStaleSeries() {
        Random random = new Random(Long.getLong("seed", 1));
        World world = new World();
        world.start(servers(Set.of("10.0.1.1:80")));
        try (Metrics metrics = new Metrics(() -> Optional.of(ManyServers.input(world.state)), "host")) {
            world.observer = effect -> {
                if (effect instanceof Effect.ForgetCheck(var check)) {
                    metrics.telemetry().checkRemoved(check);
                }
            };
            for (int round = 0; round < 200; round++) {
                Set<String> wanted = random.ints(1 + random.nextInt(20), 1, 60)
                        .mapToObj(i -> "10.0.1." + i + ":80")
                        .collect(Collectors.toSet());
                world.reload(servers(wanted));
                ProbeReport report =
                        new ProbeReport(new ProbeResult.Failed(Reason.CONNECT_REFUSED, ""), Duration.ofMillis(1));
                world.checksOfAll().forEach(c -> metrics.telemetry().probeFinished(c, report));
                Scraped scraped = Scraped.of(metrics.scrape("", false));
                assertEquals(wanted, scraped.labels("real_server"));
                assertEquals(
                        wanted.size(),
                        scraped.containing("lvsd_real_server_up{").size());
                assertEquals(
                        wanted.size(),
                        scraped.containing("lvsd_check_probe_failures_total{").size());
            }
        }
    }

    private static String servers(Set<String> addresses) {
        return World.vs(
                "removal_grace 0\n",
                new TreeSet<>(addresses)
                        .stream().map(a -> World.rs(a, "weight 1")).toArray(String[]::new));
    }

    @Test
    void theLimitDropsTheSameSeriesEachTime() {
        World world = new World().start(ManyServers.config(400, "max_series 2000\n ipvs_metrics on"));
        world.pass(Duration.ofSeconds(5));
        Scraped first = scrape(world);
        Scraped second = scrape(world);
        assertEquals(2_000, first.series().size());
        assertEquals(servers(first), servers(second));
        assertEquals(400, first.containing("lvsd_real_server_up").size());
        assertEquals(Set.of(), first.containing("node_ipvs_"));
        World unlimited = new World().start(ManyServers.config(400, "ipvs_metrics on"));
        unlimited.pass(Duration.ofSeconds(5));
        int dropped = servers(scrape(unlimited)).size() - servers(first).size();
        assertEquals(dropped, Integer.parseInt(first.value("lvsd_metrics_dropped_series")));
    }

    /** A summary without quantiles has two series, those of its count and its sum. */
    @Test
    void theLimitAppliesToPausesOfGarbageCollectionToo() {
        World world = new World().start(ManyServers.config(400, "max_series 2000\n ipvs_metrics on"));
        Instant deadline = Instant.now().plusSeconds(60);
        try (Metrics metrics = new Metrics(() -> Optional.of(ManyServers.input(world.state)), "host")) {
            Scraped scraped;
            do {
                System.gc();
                scraped = Scraped.of(metrics.scrape("", false));
            } while (scraped.containing("jvm_gc_pause_seconds_count").isEmpty()
                    && Instant.now().isBefore(deadline));
            assertTrue(!scraped.containing("jvm_gc_pause_seconds_sum").isEmpty(), scraped::text);
            assertEquals(2_000, scraped.series().size());
            assertEquals(
                    2_000,
                    Scraped.of(metrics.scrape("application/openmetrics-text", true))
                            .series()
                            .size());
        }
    }

    @Test
    void seriesAreTheLinesThatAreNoComments() {
        String text = "# HELP a_seconds A.\n# TYPE a_seconds summary\na_seconds_count 2\na_seconds_sum 0.5\n"
                + "# TYPE b gauge\nb{c=\"#\\n\"} 1\n# EOF\n";
        assertEquals(3, Metrics.series(text.getBytes(StandardCharsets.UTF_8)));
        assertEquals(0, Metrics.series(new byte[0]));
    }

    /** Series of servers and of the table, which a limit can drop. */
    private static Set<String> servers(Scraped scraped) {
        Set<String> servers = scraped.containing("virtual_server=");
        servers.addAll(scraped.containing("node_ipvs_"));
        return servers;
    }
}
