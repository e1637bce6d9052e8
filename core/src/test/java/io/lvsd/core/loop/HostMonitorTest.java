package io.lvsd.core.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.core.engine.Event;
import io.lvsd.core.plan.HostFacts;
import io.lvsd.core.plan.SorryBackend;
import java.net.InetAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The monitor goes on after a round that fails. */
final class HostMonitorTest {
    private static final SorryBackend ELSEWHERE = new SorryBackend.Remote();

    @Test
    void anExceptionInOneRoundDoesNotEndTheNextOnes() throws Exception {
        AtomicInteger rounds = new AtomicInteger();
        HostFacts later = new HostFacts(Set.of(InetAddress.getLoopbackAddress()), Set.of());
        BlockingQueue<Event> events = new LinkedBlockingQueue<>();
        try (HostMonitor monitor = new HostMonitor(listeners(), Set::of, _ -> {
            if (rounds.incrementAndGet() <= 2) {
                throw new IllegalStateException("the socket table cannot be parsed");
            }
            return later;
        })) {
            assertEquals(Map.of(ELSEWHERE, ""), monitor.prepareNow(Set.of(ELSEWHERE)));
            monitor.start(events::add);
            monitor.addressesChanged();
            assertEquals(new Event.HostChanged(later), events.poll(30, TimeUnit.SECONDS));
        }
        assertEquals(3, rounds.get());
    }

    private static SorryListeners listeners() {
        return new SorryListeners(new RecordingSorryServer());
    }
}
