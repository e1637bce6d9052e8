package io.lvsd.core.notify;

import io.lvsd.conf.model.NotifyConfig;
import io.lvsd.conf.model.NotifyConfig.Timed;
import io.lvsd.core.engine.DaemonEvent;
import io.lvsd.core.engine.Notification;
import io.lvsd.core.notify.Deliveries.Channel;
import java.util.Optional;

/** The receivers of notifications outside the process: scripts, FIFOs, mail, webhooks. Thread-safe. */
public interface Receivers extends AutoCloseable {
    /** Uses another configuration for later notifications. */
    void configure(NotifyConfig next, boolean scriptSecurity);

    /** Delivers one notification to its receiver. Does not block. */
    void deliver(Notification notification);

    /** Posts an event to every webhook. Does not block. */
    void publish(DaemonEvent event);

    /** Runs a startup or shutdown script and waits for its end, or for its timeout. Blocks. */
    void runAndWait(Optional<Timed> timed);

    /** What became of notifications. */
    Deliveries deliveries();

    /** Notifications that wait in the queues of a channel. Any thread. */
    int waiting(Channel channel);

    /** Gives deliveries in progress a bounded time and closes everything. */
    @Override
    void close();
}
