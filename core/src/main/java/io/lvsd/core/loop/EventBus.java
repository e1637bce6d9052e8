package io.lvsd.core.loop;

import io.lvsd.checkers.clock.ClockEvent;
import io.lvsd.core.engine.DaemonEvent;
import io.lvsd.core.engine.Notification;
import io.lvsd.core.notify.Receivers;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Distributes events to the log and to the receivers of notifications: to each in order and on its own thread, so that a slow
 * receiver delays no other.
 */
public final class EventBus implements AutoCloseable {
    private final ExecutorService log = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("log").daemon().factory());
    private final Consumer<DaemonEvent> logger;
    private final Receivers notifications;
    private final Telemetry telemetry;

    public EventBus(Consumer<DaemonEvent> logger, Receivers notifications, Telemetry telemetry) {
        this.telemetry = telemetry;
        this.logger = logger;
        this.notifications = notifications;
        // The thread is created now: when the first event comes, the host may allow no new one.
        log.execute(() -> {});
    }

    public void publish(DaemonEvent event) {
        telemetry.published(event);
        log.execute(() -> logger.accept(event));
        notifications.publish(event);
    }

    /** Reports a pause of this process or a step of the wall clock. */
    public void publish(ClockEvent event) {
        publish(
                event.kind() == ClockEvent.Kind.PAUSED
                        ? DaemonEvent.of(
                                DaemonEvent.Level.WARN,
                                "time.paused",
                                "seconds",
                                event.by().toSeconds(),
                                "effect",
                                "probes in progress are inconclusive")
                        : DaemonEvent.of(
                                DaemonEvent.Level.WARN,
                                "time.stepped",
                                "seconds",
                                event.by().toSeconds(),
                                "effect",
                                "none: no timer uses this clock"));
    }

    void deliver(Notification notification) {
        notifications.deliver(notification);
    }

    /** Gives receivers a bounded time to finish. */
    @Override
    public void close() {
        notifications.close();
        log.shutdown();
        try {
            if (!log.awaitTermination(2, TimeUnit.SECONDS)) {
                log.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
