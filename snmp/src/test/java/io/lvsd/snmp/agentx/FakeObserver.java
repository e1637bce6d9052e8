package io.lvsd.snmp.agentx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.snmp.SnmpObserver;
import java.util.EnumMap;
import java.util.Map;

/** Counts, and waits for counts. */
final class FakeObserver implements SnmpObserver {
    private static final long DEADLINE_MILLIS = 30_000;

    private final Map<Request, Integer> requests = new EnumMap<>(Request.class);
    private final Map<Delivery, Integer> notifications = new EnumMap<>(Delivery.class);

    @Override
    public synchronized void request(Request type) {
        requests.merge(type, 1, Integer::sum);
        notifyAll();
    }

    @Override
    public synchronized void notification(Delivery outcome) {
        notifications.merge(outcome, 1, Integer::sum);
        notifyAll();
    }

    synchronized int count(Request type) {
        return requests.getOrDefault(type, 0);
    }

    synchronized int count(Delivery outcome) {
        return notifications.getOrDefault(outcome, 0);
    }

    /** Waits until as many notifications had an outcome. */
    synchronized void await(Delivery outcome, int count) throws InterruptedException {
        long end = System.nanoTime() + DEADLINE_MILLIS * 1_000_000;
        while (count(outcome) < count && System.nanoTime() < end) {
            wait(100);
        }
        assertEquals(count, count(outcome), () -> outcome + ": " + notifications);
    }
}
