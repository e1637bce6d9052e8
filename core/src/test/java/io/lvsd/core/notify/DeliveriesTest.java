package io.lvsd.core.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.checkers.script.ScriptProcesses;
import io.lvsd.conf.model.NotifyConfig;
import io.lvsd.conf.model.NotifyConfig.Fifo;
import io.lvsd.conf.value.Program;
import io.lvsd.core.engine.Notification;
import io.lvsd.core.notify.Deliveries.Channel;
import io.lvsd.core.notify.Deliveries.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What became of notifications is counted. */
final class DeliveriesTest {
    private static final int QUEUE = 10_000;

    @TempDir
    private Path directory;

    private static Notification.Run run(String subject, String program) {
        return new Notification.Run(subject, new Program(List.of(program), Optional.empty()));
    }

    @Test
    void aScriptIsDeliveredIfItEndsWithStatusZero() {
        Notifications notifications = new Notifications("host", _ -> {});
        try (notifications) {
            notifications.configure(NotifyConfig.NONE, false);
            notifications.deliver(run("rs 1", "/bin/true"));
            notifications.deliver(run("rs 1", "/bin/false"));
            notifications.deliver(run("rs 2", "/bin/true"));
        }
        assertEquals(2, notifications.deliveries().of(Channel.SCRIPT, Outcome.DELIVERED));
        assertEquals(1, notifications.deliveries().of(Channel.SCRIPT, Outcome.FAILED));
        assertEquals(0, notifications.waiting(Channel.SCRIPT));
    }

    @Test
    void linesOfAFifoThatNoProcessReadsAreDroppedWhenItIsFull() {
        Deliveries deliveries = new Deliveries();
        try (ScriptProcesses programs = new ScriptProcesses()) {
            Fifos fifos = new Fifos(programs, deliveries);
            fifos.configure(List.of(new Fifo(directory.resolve("events"), Optional.empty(), Optional.empty())));
            int lines = 2_000;
            for (int i = 0; i < lines; i++) {
                fifos.write("x".repeat(99));
            }
            fifos.closeAll();
            long delivered = deliveries.of(Channel.FIFO, Outcome.DELIVERED);
            // A pipe has 64 KiB, unless the host has changed that.
            assertTrue(delivered > 0 && delivered < lines, () -> "delivered " + delivered);
            assertEquals(lines - delivered, deliveries.of(Channel.FIFO, Outcome.DROPPED));
        }
    }

    @Test
    void aFullQueueCountsWhatItDropsAndWhatWaits() throws InterruptedException {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger dropped = new AtomicInteger();
        Runnable first = () -> {
            blocked.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        try (Outbox<Runnable> box = new Outbox<>("test", Runnable::run, dropped::incrementAndGet)) {
            box.add(first);
            blocked.await();
            for (int i = 0; i < QUEUE + 3; i++) {
                box.add(() -> {});
            }
            assertEquals(3, dropped.get());
            assertEquals(QUEUE, box.waiting());
            release.countDown();
        }
    }
}
