package io.lvsd.core.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.core.engine.EngineState;
import io.lvsd.core.engine.World;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.snmp.mib.ServerViews.RealServer;
import io.lvsd.snmp.mib.ServerViews.VirtualServer;
import io.lvsd.snmp.mib.SnmpView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What SNMP shows, and how often the table is read for it. */
final class SnmpViewsTest {
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final World world = new World();
    private long now;
    private final List<CompletableFuture<IpvsSnapshot>> readings = new ArrayList<>();
    private final TableSnapshots tables = new TableSnapshots(
            () -> world.state,
            () -> {
                readings.add(new CompletableFuture<>());
                return readings.getLast();
            },
            () -> now);
    private final SnmpViews views = new SnmpViews(() -> world.state, tables, "host", () -> now);

    private void start() {
        world.start(
                World.vs("sorry_server 10.0.0.9 80", World.rs("10.0.0.2:80", "weight 3"), World.rs("10.0.0.3:80", "")));
        world.pass(Duration.ofSeconds(3));
        // The table of the engine is old.
        now = world.now() + Duration.ofMinutes(1).toNanos();
    }

    @Test
    void beforeTheStartThereIsNoView() {
        assertSame(EngineState.EMPTY, world.state);
        assertTrue(views.view().join().isEmpty());
    }

    @Test
    void anOldTableIsReadOnceForAllRequests() {
        start();
        var first = tables.of(INTERVAL);
        var second = tables.of(INTERVAL);
        assertEquals(1, readings.size());
        assertFalse(first.isDone());
        readings.getFirst().complete(IpvsSnapshot.EMPTY);
        assertSame(IpvsSnapshot.EMPTY, first.join().table());
        assertSame(IpvsSnapshot.EMPTY, second.join().table());
        assertSame(IpvsSnapshot.EMPTY, tables.of(INTERVAL).join().table());
        assertEquals(1, readings.size(), "the reading is recent");
        now += INTERVAL.toNanos() + 1;
        assertFalse(tables.of(INTERVAL).isDone());
        assertEquals(2, readings.size());
    }

    @Test
    void aReadingThatFailsOrTakesLongLeavesTheOneBefore() {
        start();
        var failing = tables.of(INTERVAL);
        readings.getFirst().completeExceptionally(new IllegalStateException("no kernel"));
        assertSame(world.state.table().lastRead(), failing.join().table());
        assertSame(world.state.table().lastRead(), tables.of(INTERVAL).join().table(), "after half a second");
        assertEquals(2, readings.size());
    }

    @Test
    void aViewIsTheSameForAnInterval() {
        start();
        var request = views.view();
        readings.getFirst().complete(world.state.table().lastRead());
        SnmpView view = request.join().orElseThrow();
        assertSame(view, views.view().join().orElseThrow());
        views.refresh();
        assertNotSame(view, views.view().join().orElseThrow());
        assertEquals(1, readings.size());
    }

    @Test
    void aViewIsAsOldAsItsTable() {
        start();
        long read = world.state.table().readAt();
        now = read + Duration.ofSeconds(4).toNanos();
        SnmpView view = views.view().join().orElseThrow();
        now = read + INTERVAL.toNanos();
        assertSame(view, views.view().join().orElseThrow());
        assertEquals(0, readings.size());
        now++;
        var request = views.view();
        assertEquals(1, readings.size(), "no view shows counters of an older age");
        readings.getFirst().complete(IpvsSnapshot.EMPTY);
        SnmpView next = request.join().orElseThrow();
        assertTrue(next.table().services().isEmpty());
        now += INTERVAL.toNanos();
        assertSame(next, views.view().join().orElseThrow());
        assertEquals(1, readings.size());
    }

    @Test
    void aViewOfAnOldTableServesOneRequest() {
        start();
        SnmpView old = views.view().join().orElseThrow();
        assertEquals(world.state.table().lastRead().services(), old.table().services(), "after half a second");
        readings.getFirst().complete(IpvsSnapshot.EMPTY);
        SnmpView next = views.view().join().orElseThrow();
        assertTrue(next.table().services().isEmpty());
        assertSame(next, views.view().join().orElseThrow());
        assertEquals(1, readings.size());
    }

    @Test
    void aViewThatWasRequestedBeforeAChangeIsNotUsedAfterIt() {
        start();
        var request = views.view();
        world.operator("10.0.0.2:80", override -> override.withWeight(Optional.of(9L)));
        views.refresh();
        readings.getFirst().complete(world.state.table().lastRead());
        assertEquals("1 10.0.0.2:80 true 3 0", firstServer(request.join()));
        assertEquals("1 10.0.0.2:80 true 9 0", firstServer(views.view().join()));
        assertSame(views.view().join().orElseThrow(), views.view().join().orElseThrow());
    }

    private static String firstServer(Optional<SnmpView> view) {
        VirtualServer server =
                view.orElseThrow().servers().get().virtualServers().getFirst();
        return text(server.realServers().getFirst());
    }

    @Test
    void serversHaveTheirStatesAndNumbers() {
        start();
        world.fails("10.0.0.3:80");
        var request = views.view();
        readings.getFirst().complete(world.state.table().lastRead());
        VirtualServer server =
                request.join().orElseThrow().servers().get().virtualServers().getFirst();
        assertEquals(1, server.number());
        assertTrue(server.quorumUp() && server.present());
        assertEquals(
                List.of("1 10.0.0.2:80 true 3 0", "2 10.0.0.3:80 false 1 1", "3 sorry false 0 0"),
                server.realServers().stream().map(SnmpViewsTest::text).toList());
        assertEquals("host", request.join().orElseThrow().servers().get().routerId());
    }

    private static String text(RealServer rs) {
        return rs.number() + " " + rs.config().map(c -> c.id().toString()).orElse("sorry") + " " + rs.alive() + " "
                + rs.weight() + " " + rs.failedChecks();
    }
}
