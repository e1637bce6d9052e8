package io.lvsd.core.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** If the host cannot create a thread, no notification is lost. */
final class OutboxTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    /** Fails this number of times, as the JDK does. */
    private static ThreadFactory failing(AtomicInteger times) {
        return work -> new Thread(work, "test") {
            @Override
            public void start() {
                if (times.getAndDecrement() > 0) {
                    throw new OutOfMemoryError("unable to create native thread");
                }
                setDaemon(true);
                super.start();
            }
        };
    }

    @Test
    void itemsWaitUntilAThreadCanBeCreated() throws Exception {
        AtomicInteger failures = new AtomicInteger(3);
        List<Integer> got = new ArrayList<>();
        try (Outbox<Integer> box = new Outbox<>("test", got::add, () -> {}, failing(failures))) {
            box.add(1);
            box.add(2);
            assertFalse(box.drain(Duration.ofMillis(10)), "there is no thread");
            box.add(3);
            assertTrue(box.drain(TIMEOUT));
            assertEquals(List.of(1, 2, 3), got);
        }
    }

    @Test
    void creatingTheThreadIsRetriedWithoutANewItem() throws Exception {
        AtomicInteger failures = new AtomicInteger(2);
        List<Integer> got = new ArrayList<>();
        try (Outbox<Integer> box = new Outbox<>("test", got::add, () -> {}, failing(failures))) {
            box.add(1);
            box.start();
            assertTrue(box.drain(TIMEOUT));
            assertEquals(List.of(1), got);
            box.start();
            assertEquals(-1, failures.get(), "exactly one thread was created");
        }
    }

    @Test
    void aClosedQueueStartsNoThread() {
        AtomicInteger failures = new AtomicInteger(1);
        Outbox<Integer> box = new Outbox<>("test", _ -> {}, () -> {}, failing(failures));
        box.close();
        box.add(1);
        box.start();
        assertEquals(0, failures.get());
    }
}
