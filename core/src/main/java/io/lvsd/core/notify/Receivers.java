package io.lvsd.core.notify;

import io.lvsd.conf.model.NotifyConfig;
import io.lvsd.conf.model.NotifyConfig.Timed;
import io.lvsd.core.engine.DaemonEvent;
import io.lvsd.core.engine.Notification;
import java.util.Optional;

/** Everything outside the process that the daemon notifies: scripts, FIFOs, mail, webhooks. Thread-safe. */
public interface Receivers extends AutoCloseable {
    /** Uses another configuration for what happens from now on. */
    void configure(NotifyConfig next, boolean scriptSecurity);

    /** Delivers to the receivers that one event is meant for. Never blocks. */
    void deliver(Notification delivery);

    /** Posts an event to every webhook. Never blocks. */
    void publish(DaemonEvent transition);

    /** Runs a startup or shutdown script and waits for its end, or for its timeout. Blocks. */
    void runAndWait(Optional<Timed> timed);

    /** Gives deliveries in progress a bounded time and closes everything. */
    @Override
    void close();
}
