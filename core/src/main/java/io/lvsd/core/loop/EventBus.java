package io.lvsd.core.loop;

import io.lvsd.checkers.clock.ClockEvent;
import io.lvsd.core.engine.DaemonEvent;
import io.lvsd.core.engine.Notification;
import io.lvsd.core.notify.Receivers;
import java.util.function.Consumer;

/**
 * Distributes events to the log and to the receivers of notifications. Each has a queue and a thread of its own, so that a slow
 * one delays no other.
 */
public final class EventBus implements AutoCloseable {
    private final Consumer<DaemonEvent> logger;
    private final Receivers notifications;
    private final Telemetry telemetry;

    /** @param logger must not block */
    public EventBus(Consumer<DaemonEvent> logger, Receivers notifications, Telemetry telemetry) {
        this.telemetry = telemetry;
        this.logger = logger;
        this.notifications = notifications;
    }

    public void publish(DaemonEvent event) {
        telemetry.published(event);
        logger.accept(event);
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
    }
}
