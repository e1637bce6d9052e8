package io.lvsd.core.engine;

import static io.lvsd.core.engine.World.rs;
import static io.lvsd.core.engine.World.vs;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.Addresses;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.ForwardingMethod;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.Protocol;
import io.lvsd.ipvs.model.ServiceKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Reload, restart, drift, stop and kernel failures, as scenarios on a manual clock. */
final class EngineLifeTest {
    private static final ServiceKey KEY =
            new ServiceKey.AddressKey(Protocol.TCP, Addresses.of(AddressFamily.INET, new byte[] {10, 0, 0, 1}), 80);
    private static final String A = "10.0.0.11:80";
    private static final String B = "10.0.0.12:80";

    private static final String TWO = vs("", rs(A, ""), rs(B, ""));
    private static final String SORRY = vs("sorry_server 10.0.0.99 80", rs(A, ""), rs(B, ""));

    private static DestinationKey dest(int last) {
        return new DestinationKey(Addresses.of(AddressFamily.INET, new byte[] {10, 0, 0, (byte) last}), 80);
    }

    // ---- reload

    @Test
    void aReloadKeepsVerdictsAndWritesOnlyTheDifference() {
        World world = new World().start(TWO);
        world.passes(B);
        world.fails(A);
        world.kernel.forget();
        world.reload(TWO);
        assertEquals(List.of(), world.kernel.seen());
        world.reload(vs("delay_loop 3", rs(A, ""), rs(B, "weight 7")));
        assertEquals(
                List.of("SET_DEST 10.0.0.1:80/tcp -> 10.0.0.12:80 weight 7"),
                world.kernel.seen().stream().map(Object::toString).toList());
        assertEquals("{10.0.0.1:80/tcp={10.0.0.12:80=7}}", world.table());
    }

    @Test
    void anUnchangedCheckIsNotPlannedAnewByAReloadAndARemovedOneIsForgotten() {
        World world = new World().start(TWO);
        var b = world.checks(B).getFirst();
        world.planned.clear();
        world.planned.put(b, Duration.ZERO);
        world.reload(vs("", rs(A, "")));
        assertEquals(0, world.planned.size());
    }

    @Test
    void aCheckThatIsNewOnADownServerMustPassOnce() {
        World world = new World().start(TWO);
        world.fails(A);
        world.reload(vs("", rs(A, "").replace("retry 1", "connect_port 99"), rs(B, "")));
        assertEquals("{10.0.0.1:80/tcp={10.0.0.12:80=1}}", world.table());
        world.passes(A);
        assertEquals("{10.0.0.1:80/tcp={10.0.0.11:80=1, 10.0.0.12:80=1}}", world.table());
    }

    @Test
    void aServerOfWhichAllChecksWereRemovedIsUpAtOnce() {
        World world = new World().start(TWO);
        world.fails(A);
        world.reload(vs("", " real_server 10.0.0.11 80 {\n }\n", rs(B, "")));
        assertEquals("{10.0.0.1:80/tcp={10.0.0.11:80=1, 10.0.0.12:80=1}}", world.table());
    }

    // ---- restart

    @Test
    void aStartAfterACrashWritesNothingWhenNothingChanged() {
        for (boolean trusting : new boolean[] {true, false}) {
            World world = new World().start(SORRY);
            world.passes(B);
            world.fails(A);
            world.kernel.forget();
            World next = world.startAgain(trusting).start(SORRY);
            assertEquals(List.of(), next.kernel.seen(), "trusting " + trusting);
            next.passes(B);
            next.pass(Duration.ofSeconds(10));
            assertEquals(List.of(), next.kernel.seen(), "trusting " + trusting);
        }
    }

    @Test
    void aStartWhileTheSorryServerIsInWritesNothing() {
        World world = new World().start(SORRY);
        world.fails(A);
        world.fails(B);
        world.kernel.forget();
        for (boolean trusting : new boolean[] {true, false}) {
            World next = world.startAgain(trusting).start(SORRY);
            next.pass(Duration.ofSeconds(10));
            assertEquals(List.of(), next.kernel.seen(), "trusting " + trusting);
        }
    }

    @Test
    void aTrustedVerdictBearsRetriesAndAnUntrustedOneDoesNot() {
        World world = new World().start(TWO);
        world.passes(A);
        World trusting = world.startAgain(true).start(TWO);
        trusting.checks(A).forEach(c -> trusting.report(c, FAILURE));
        assertTrue(trusting.table().contains(A), "one failure is tolerated");
        World fresh = world.startAgain(false).start(TWO);
        fresh.checks(A).forEach(c -> fresh.report(c, FAILURE));
        assertFalse(fresh.table().contains(A), "one failure is enough");
    }

    private static final ProbeResult FAILURE = new ProbeResult.Failed(ProbeResult.Reason.CONNECT_REFUSED, "");

    @Test
    void theDelayCountsFromTheEndOfAProbeNotFromWhenTheEngineHearsOfIt() {
        World world = new World().start(vs("delay_loop 5\n", rs(A, ""), rs(B, "")));
        var check = world.checks(A).getFirst();
        world.passes(A);
        long late = Duration.ofMillis(30).toNanos();
        world.send(new Event.ProbeFinished(check, ProbeResult.Passed.plain(), world.now() - late));
        assertEquals(Duration.ofMillis(4_970), world.planned.get(check));
    }

    @Test
    void aServiceFoundAtStartIsCorrected() {
        World world = new World();
        world.kernel.apply(List.of(
                new IpvsCommand.NewService(IpvsService.of(KEY, "wlc")),
                new IpvsCommand.NewDest(KEY, IpvsDestination.of(dest(11), ForwardingMethod.MASQ, 9)),
                new IpvsCommand.NewDest(KEY, IpvsDestination.of(dest(12), ForwardingMethod.MASQ, 1)),
                new IpvsCommand.NewDest(KEY, IpvsDestination.of(dest(77), ForwardingMethod.MASQ, 1))));
        world.start(TWO);
        assertEquals("rr", world.service(KEY).config().scheduler());
        assertEquals("{10.0.0.1:80/tcp={10.0.0.11:80=1, 10.0.0.12:80=1, 10.0.0.77:80=0}}", world.table());
        world.pass(Duration.ofSeconds(4));
        assertEquals("{10.0.0.1:80/tcp={10.0.0.11:80=1, 10.0.0.12:80=1}}", world.table());
    }

    @Test
    void whatAnEarlierLifeMadeAndTheFileNoLongerHasIsTakenAway() {
        World world = new World().start(TWO);
        World next = world.startAgain(true).start("# nothing\n");
        next.pass(Duration.ofSeconds(4));
        assertEquals("{}", next.table());
    }

    @Test
    void aReloadOfWhatIsThereAlreadyIsToldAndChangesNothing() {
        World world = new World().start(TWO);
        world.pass(Duration.ofSeconds(5));
        EngineState before = world.state;
        world.send(new Event.Reloaded(before.config()));
        assertEquals(before, world.state);
        assertEquals(
                1,
                world.events.stream()
                        .filter(t -> t.name().equals("config.loaded"))
                        .count());
    }

    // ---- drift

    @Test
    void whatSomebodyClearedComesBack() {
        World world = new World().start(TWO);
        world.kernel.apply(List.of(new IpvsCommand.DelService(KEY)));
        world.pass(Duration.ofSeconds(3));
        assertEquals("{10.0.0.1:80/tcp={10.0.0.11:80=1, 10.0.0.12:80=1}}", world.table());
        assertEquals(
                1,
                world.events.stream()
                        .filter(t -> t.name().equals("table.drift"))
                        .count());
        world.pass(Duration.ofSeconds(3));
        world.kernel.apply(List.of(new IpvsCommand.DelService(KEY)));
        world.pass(Duration.ofSeconds(3));
        assertEquals(Map.of("service_gone", 2L), world.state.table().incidents());
    }

    @Test
    void foreignWeightsAreReportedOnceAndLeftUnlessRepairIsOn() {
        for (String repair : List.of("missing", "on", "report")) {
            World world = new World().start("lvsd {\n repair " + repair + "\n}\n" + TWO);
            world.kernel.apply(
                    List.of(new IpvsCommand.SetDest(KEY, IpvsDestination.of(dest(11), ForwardingMethod.MASQ, 9))));
            world.pass(Duration.ofSeconds(10));
            assertEquals(repair.equals("on") ? 1 : 9, world.weight(KEY, dest(11)));
            assertEquals(
                    1,
                    world.events.stream()
                            .filter(t -> t.name().equals("table.drift"))
                            .count(),
                    repair);
        }
    }

    @Test
    void repairReportOnlyReports() {
        World world = new World().start("lvsd {\n repair report\n}\n" + TWO);
        world.kernel.apply(List.of(new IpvsCommand.DelDest(KEY, dest(11))));
        world.pass(Duration.ofSeconds(10));
        assertEquals("{10.0.0.1:80/tcp={10.0.0.12:80=1}}", world.table());
        world.kernel.apply(List.of(new IpvsCommand.DelService(KEY)));
        world.pass(Duration.ofSeconds(10));
        assertEquals("{}", world.table());
    }

    @Test
    void aForeignDestinationInOurServiceIsRemoved() {
        World world = new World().start(TWO);
        world.kernel.apply(
                List.of(new IpvsCommand.NewDest(KEY, IpvsDestination.of(dest(77), ForwardingMethod.MASQ, 1))));
        world.pass(Duration.ofSeconds(3));
        assertEquals("{10.0.0.1:80/tcp={10.0.0.11:80=1, 10.0.0.12:80=1}}", world.table());
    }

    @Test
    void aForeignServiceIsNeverTouched() {
        ServiceKey foreign = new ServiceKey.FwmarkKey(AddressFamily.INET, 7);
        World world = new World();
        world.kernel.apply(List.of(
                new IpvsCommand.NewService(IpvsService.of(foreign, "sed")),
                new IpvsCommand.NewDest(foreign, IpvsDestination.of(dest(5), ForwardingMethod.DROUTE, 3))));
        world.kernel.forget();
        world.start(TWO);
        world.fails(A);
        world.reload("# nothing\n");
        world.pass(Duration.ofSeconds(40));
        world.send(new Event.StopRequested());
        assertEquals("{fwmark:7={10.0.0.5:80=3}}", world.table());
        assertTrue(world.kernel.seen().stream().noneMatch(c -> c.toString().contains("fwmark")));
    }

    // ---- stop

    @Test
    void stopRemovesWhatIsOursOrKeepsItAsConfigured() {
        World remove = new World().start(TWO);
        remove.send(new Event.StopRequested());
        assertTrue(remove.exited);
        assertEquals("{}", remove.table());
        World keep = new World().start("lvsd {\n stop keep\n}\n" + TWO);
        keep.kernel.forget();
        keep.send(new Event.StopRequested());
        assertTrue(keep.exited);
        assertEquals(List.of(), keep.kernel.seen());
    }

    // ---- trouble with the kernel

    @Test
    void aBrokenLinkIsToldOnceAndPlanningGoesOnAfterTheNextReading() {
        World world = new World().start(TWO);
        world.send(new Event.KernelFailed("ENOBUFS"));
        world.send(new Event.KernelFailed("ENOBUFS"));
        assertEquals(
                1,
                world.events.stream()
                        .filter(t -> t.name().equals("kernel.failed"))
                        .count());
        world.fails(A);
        assertTrue(world.table().contains(A), "nothing is sent before the table was read");
        world.pass(Duration.ofSeconds(3));
        assertFalse(world.table().contains(A));
    }

    @Test
    void rowNumbersStayWhenAServiceIsInsertedBeforeTheOthers() {
        World world = new World().start(TWO);
        String other = TWO.replace("10.0.0.1 80", "10.0.0.2 80");
        assertEquals(1, world.rows.table().of(KEY));
        world.reload(other + TWO);
        assertEquals(1, world.rows.table().of(KEY));
        assertEquals(
                List.of(1, 2),
                List.of(world.rows.table().of(KEY, dest(11)), world.rows.table().of(KEY, dest(12))));
        assertEquals(2, world.rows.table().rows().size());
    }
}
