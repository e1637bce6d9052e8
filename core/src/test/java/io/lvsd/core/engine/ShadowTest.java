package io.lvsd.core.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.checkers.schedule.ProbeHistory;
import io.lvsd.conf.value.Driver;
import io.lvsd.core.view.DriverStatus;
import io.lvsd.core.view.ShadowReport;
import io.lvsd.core.view.ShadowReports;
import io.lvsd.core.view.ShadowText;
import io.lvsd.core.view.StatusInput;
import io.lvsd.core.view.StatusInputs;
import io.lvsd.core.view.StatusReport.Difference;
import io.lvsd.core.view.StatusReports;
import io.lvsd.ipvs.FakeIpvs;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.net.InetAddress;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Shadow mode: another program maintains the table, and lvsd reports each difference. */
final class ShadowTest {
    private static final String A = "10.0.0.11:80";
    private static final String B = "10.0.0.12:80";
    private static final String CONFIG =
            World.vs("sorry_server 192.0.2.9 80", World.rs(A, "weight 1"), World.rs(B, "weight 2"));

    private final FakeIpvs kernel = new FakeIpvs();
    private final List<Effect> applied = new ArrayList<>();
    private final World world = new World(kernel);

    /** The table as a real run of the same configuration programs it. */
    private World shadow(String theirs, String ours) {
        new World(kernel).start(theirs);
        world.shadow = true;
        world.observer = effect -> {
            if (effect instanceof Effect.Apply) {
                applied.add(effect);
            }
        };
        world.start(ours);
        world.passes(A);
        world.passes(B);
        world.pass(Duration.ofSeconds(1));
        return world;
    }

    private StatusInput input() {
        StatusInput in = StatusInputs.at(world.state, new ProbeHistory(), world.now());
        DriverStatus driver = new DriverStatus(
                Driver.KERNEL, Optional.empty(), Optional.empty(), Optional.of("keepalived (process 7)"));
        return new StatusInput(
                in.state(),
                in.counters(),
                in.sorryCounters(),
                driver,
                in.history(),
                in.lateness(),
                in.info(),
                in.now());
    }

    private List<Difference> differences() {
        return StatusReports.of(input()).shadow().orElseThrow().differences();
    }

    private ShadowReport report() {
        return ShadowReports.of(input(), Optional.empty()).orElseThrow();
    }

    private ServiceKey service() {
        return kernel.read().services().firstKey();
    }

    private IpvsDestination destination(String address) {
        ServiceState service = kernel.read().services().firstEntry().getValue();
        return service.destinations().values().stream()
                .map(d -> d.config())
                .filter(d -> d.key().toString().equals(address))
                .findFirst()
                .orElseThrow();
    }

    private void others(IpvsCommand command) {
        kernel.apply(List.of(command));
        world.pass(Duration.ofSeconds(1));
    }

    @Test
    void equalTablesHaveNoDifferenceAndNothingIsWritten() {
        shadow(CONFIG, CONFIG);
        assertEquals(List.of(), differences());
        world.fails(A);
        world.pass(Duration.ofSeconds(5));
        world.send(new Event.StopRequested());
        assertTrue(world.exited);
        assertEquals(List.of(), applied);
        assertEquals("{10.0.0.1:80/tcp={10.0.0.11:80=1, 10.0.0.12:80=2}}", world.table());
    }

    @Test
    void whatTheOtherProgramRemovesIsNamedWithItsAgeAndTheStateHere() {
        shadow(CONFIG, CONFIG);
        world.pass(Duration.ofSeconds(20));
        others(new IpvsCommand.DelDest(service(), destination(B).key()));
        world.pass(Duration.ofSeconds(11));
        assertEquals(
                "[10.0.0.12:80 missing weight 2 absent other keepalived (process 7) removed 10.0.0.12:80 11s ago;"
                        + " TCP_CHECK has passed here for 33s]",
                differences().stream()
                        .map(d -> d.realServer().orElse("") + " " + d.what() + " " + d.wanted() + " " + d.actual() + " "
                                + d.first() + " " + d.cause())
                        .toList()
                        .toString());
        assertTrue(world.events.stream()
                .anyMatch(e -> e.toString()
                        .equals("event=shadow.differs vs=10.0.0.1:80/tcp rs=10.0.0.12:80 what=missing wanted=\"weight"
                                + " 2\" actual=absent first=other")));
    }

    @Test
    void delaysAreMeasuredInBothDirections() {
        shadow(CONFIG, CONFIG);
        IpvsDestination b = destination(B);
        ServiceKey service = service();
        // Out of service: the other program first, lvsd four seconds later.
        others(new IpvsCommand.DelDest(service, b.key()));
        world.pass(Duration.ofSeconds(3));
        world.fails(B);
        // Into service: lvsd first, the other program two to three seconds later.
        world.passes(B);
        world.pass(Duration.ofSeconds(2));
        others(new IpvsCommand.NewDest(service, b));
        world.pass(Duration.ofSeconds(1));
        ShadowReport report = report();
        assertEquals(List.of(), report.open());
        assertEquals(1, report.delays().outLvsdLater().count());
        assertEquals(Optional.of(3.5), report.delays().outLvsdLater().worstSeconds());
        assertEquals(1, report.delays().inOtherLater().count());
        assertEquals(Optional.of(2.5), report.delays().inOtherLater().worstSeconds());
        assertEquals(0, report.delays().outOtherLater().count());
        String text = ShadowText.text(report, ZoneOffset.UTC);
        assertTrue(text.contains("out of service, lvsd later    1      3.5 s   3.5 s\n"), text);
        assertTrue(text.contains("no present difference\n"), text);
        assertTrue(report.servers().get(1).agreement() < 100, text);
        assertEquals(100, report.servers().get(0).agreement());
    }

    @Test
    void aChangeThatTheOtherProgramTakesBackIsNoDelay() {
        shadow(CONFIG, CONFIG);
        IpvsDestination b = destination(B);
        others(new IpvsCommand.DelDest(service(), b.key()));
        others(new IpvsCommand.NewDest(service(), b));
        ShadowReport report = report();
        assertEquals(0, report.delays().outLvsdLater().count());
        assertEquals(1, report.alone().size());
        assertEquals("other", report.alone().getFirst().by());
    }

    @Test
    void anotherWeightAndAnotherSchedulerAreDifferences() {
        shadow(CONFIG.replace("weight 2", "weight 3").replace("lvs_sched rr", "lvs_sched wrr"), CONFIG);
        assertEquals(
                "[service settings scheduler rr scheduler wrr, 10.0.0.12:80 weight weight 2 weight 3]",
                differences().stream()
                        .map(d ->
                                d.realServer().orElse("service") + " " + d.what() + " " + d.wanted() + " " + d.actual())
                        .sorted(Comparator.reverseOrder())
                        .toList()
                        .toString());
    }

    @Test
    void aSorryServerThatTheOtherProgramSetsAsConfiguredIsTheSame() {
        String config = CONFIG.replace("192.0.2.9 80", "127.0.0.1 80");
        shadow(config, config);
        world.fails(A);
        world.fails(B);
        ServiceKey service = service();
        assertEquals(3, differences().size(), "the other program has changed nothing yet");
        assertTrue(differences().stream().anyMatch(d -> d.cause().contains("has not removed 10.0.0.11:80")));
        assertTrue(differences().stream().anyMatch(d -> d.cause().contains("it is the sorry server here")));
        DestinationKey loopback = new DestinationKey(InetAddress.getLoopbackAddress(), 80);
        others(new IpvsCommand.NewDest(
                service, IpvsDestination.of(loopback, destination(A).method(), 1)));
        others(new IpvsCommand.DelDest(service, destination(A).key()));
        others(new IpvsCommand.SetDest(service, destination(B).withWeight(0)));
        assertEquals(List.of(), differences());
        assertEquals(2, report().delays().outOtherLater().count());
        assertEquals(1, report().delays().inOtherLater().count());
    }

    @Test
    void aReloadThatRemovesAVirtualServerEndsItsDifferences() {
        shadow(CONFIG.replace("weight 2", "weight 3"), CONFIG);
        assertEquals(1, differences().size());
        world.reload(World.vs("", World.rs(A, "")).replace("10.0.0.1 80", "10.0.0.9 80"));
        world.pass(Duration.ofSeconds(1));
        assertEquals(
                "[service missing]",
                differences().stream()
                        .map(d -> d.realServer().orElse("service") + " " + d.what())
                        .toList()
                        .toString());
        assertFalse(applied.iterator().hasNext());
    }

    @Test
    void aServiceThatTheOtherProgramDeletedIsOneDifference() {
        shadow(CONFIG, CONFIG);
        others(new IpvsCommand.DelService(service()));
        assertEquals(
                "keepalived (process 7) has no such service since 0s",
                differences().getFirst().cause());
        assertEquals(
                2, report().servers().stream().filter(s -> s.differences() == 1).count());
    }

    @Test
    void anOrdinaryDaemonHasNoReport() {
        world.start(CONFIG);
        assertTrue(ShadowReports.of(input(), Optional.empty()).isEmpty());
        assertTrue(StatusReports.of(input()).shadow().isEmpty());
    }
}
