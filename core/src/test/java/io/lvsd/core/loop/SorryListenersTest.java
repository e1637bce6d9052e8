package io.lvsd.core.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.core.plan.SorryBackend;
import io.lvsd.sorryserver.setup.Content;
import io.lvsd.sorryserver.setup.ListenerSetup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the sorry server is to serve for a set of backends, when it is applied again, and the results. */
final class SorryListenersTest {
    private static final InetSocketAddress ADDRESS = address(18_080);
    private static final ListenerSetup SETUP = setup(18_080, "one", "sorry");
    private static final SorryBackend PAGE = page(SETUP);

    private final RecordingSorryServer server = new RecordingSorryServer();
    private long second;
    private final SorryListeners listeners = new SorryListeners(server, () -> TimeUnit.SECONDS.toNanos(second));

    private static InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static ListenerSetup setup(int port, String server, String text) {
        return new ListenerSetup(address(port), server, new Content.Banner(text));
    }

    private static SorryBackend page(ListenerSetup... setups) {
        return new SorryBackend.Page(List.of(setups));
    }

    @Test
    void aListenerThatCannotBeOpenedIsTriedAgainWithLongerPauses() {
        server.failures.put(ADDRESS, "cannot listen");
        List<Long> attempts = new ArrayList<>();
        for (second = 0; second <= 32; second++) {
            int before = server.applied.size();
            assertTrue(listeners.test(Set.of(PAGE)).getOrDefault(PAGE, "").startsWith("cannot listen"));
            if (server.applied.size() > before) {
                attempts.add(second);
            }
        }
        assertEquals(List.of(0L, 1L, 3L, 7L, 15L, 23L, 31L), attempts);
    }

    @Test
    void whatIsServedIsAppliedOnceUntilSomethingChanges() {
        for (second = 0; second < 100; second++) {
            assertEquals(Map.of(PAGE, ""), listeners.test(Set.of(PAGE)));
        }
        assertEquals(List.of(List.of(SETUP)), server.applied);

        listeners.refresh();
        listeners.test(Set.of(PAGE));
        assertEquals(2, server.applied.size(), "the files of a page changed");

        server.stale = true;
        listeners.test(Set.of(PAGE));
        assertEquals(3, server.applied.size(), "the process of the sorry server was started again");
        server.stale = false;

        ListenerSetup other = setup(18_080, "one", "other text");
        assertEquals(Map.of(page(other), ""), listeners.test(Set.of(page(other))));
        assertEquals(List.of(other), server.applied.getLast());
        assertEquals(Map.of(), listeners.test(Set.of()));
        assertEquals(List.of(), server.applied.getLast());
    }

    @Test
    void aBackendWithSeveralListenersServesOnlyIfAllDo() {
        SorryBackend both = page(SETUP, setup(18_081, "one", "sorry"));
        server.failures.put(address(18_081), "in use");
        assertTrue(listeners.test(Set.of(both)).getOrDefault(both, "").startsWith("in use"));
        server.failures.clear();
        second = 1;
        assertEquals(Map.of(both, ""), listeners.test(Set.of(both)));
    }

    @Test
    void twoVirtualServersNeverShareAListener() {
        SorryBackend other = page(setup(18_080, "two", "sorry"));
        Map<SorryBackend, String> results = listeners.test(Set.of(PAGE, other));
        assertEquals(1, server.applied.getFirst().size());
        String winner = server.applied.getFirst().getFirst().virtualServer();
        assertEquals("", results.get(winner.equals("one") ? PAGE : other));
        assertEquals(
                "port 18080 is used by the sorry page of virtual server " + winner + ": set another sorry_listen",
                results.get(winner.equals("one") ? other : PAGE));
    }

    @Test
    void aRelayTakesThePlaceOfThePageWhileItsTargetAccepts() throws IOException {
        ListenerSetup relayed;
        SorryBackend relay;
        try (ServerSocket web = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress target = address(web.getLocalPort());
            relayed = new ListenerSetup(ADDRESS, "one", new Content.Relay(target));
            relay = new SorryBackend.Relay(relayed, target);
            assertEquals(Map.of(PAGE, "", relay, ""), listeners.test(Set.of(PAGE, relay)));
            assertEquals(List.of(relayed), server.applied.getLast());
        }
        second = 60;
        Map<SorryBackend, String> results = listeners.test(Set.of(PAGE, relay));
        assertEquals("", results.get(PAGE));
        assertTrue(results.getOrDefault(relay, "").startsWith("no answer from"), results::toString);
        assertEquals(List.of(SETUP), server.applied.getLast());
    }
}
