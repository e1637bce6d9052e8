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
 * The one way out for all that happens: the log, and whoever else is told. To each in order and on a thread of its own, so
 * that a slow one delays nobody.
 */
public final class EventBus implements AutoCloseable {
    private final ExecutorService log = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("log").daemon().factory());
    private final Consumer<DaemonEvent> logger;
    private final Receivers notifications;

    public EventBus(Consumer<DaemonEvent> logger, Receivers notifications) {
        this.logger = logger;
        this.notifications = notifications;
        // Its thread is created now, not by the first event, when the host may have none left.
        log.execute(() -> {});
    }

    public void publish(DaemonEvent transition) {
        log.execute(() -> logger.accept(transition));
        notifications.publish(transition);
    }

    /** Something happened to time. */
    public void publish(ClockEvent event) {
        publish(
                event.kind() == ClockEvent.Kind.PAUSED
                        ? DaemonEvent.of(
                                DaemonEvent.Level.WARN,
                                "time.paused",
                                "seconds",
                                event.by().toSeconds(),
                                "effect",
                                "probes that were under way count for nothing")
                        : DaemonEvent.of(
                                DaemonEvent.Level.WARN,
                                "time.stepped",
                                "seconds",
                                event.by().toSeconds(),
                                "effect",
                                "none: no timer goes by this clock"));
    }

    void deliver(Notification delivery) {
        notifications.deliver(delivery);
    }

    /** Gives consumers a bounded time for what they still have. */
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
