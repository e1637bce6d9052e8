package io.lvsd.core.notify;

import io.lvsd.conf.model.NotifyConfig;
import io.lvsd.conf.model.NotifyConfig.Timed;
import io.lvsd.core.engine.DaemonEvent;
import io.lvsd.core.engine.Notification;
import io.lvsd.core.notify.Deliveries.Channel;
import java.util.Optional;
import java.util.function.Consumer;

/** The receivers of a dry run: delivers nothing, and reports each notification instead. */
public final class DryRunReceivers implements Receivers {
    private final Deliveries deliveries = new Deliveries();
    private final Consumer<String> withheld;
    private volatile boolean mail;

    /** @param withheld receives a description of each notification; called on the thread that delivers */
    public DryRunReceivers(Consumer<String> withheld) {
        this.withheld = withheld;
    }

    @Override
    public void configure(NotifyConfig next, boolean scriptSecurity) {
        mail = next.mail().isPresent();
        if (!next.webhooks().isEmpty()) {
            withheld.accept(next.webhooks().size() + " webhook(s): events are not posted");
        }
        next.fifos().forEach(f -> withheld.accept("fifo " + f.path() + ": not created, not opened"));
    }

    @Override
    public void deliver(Notification notification) {
        switch (notification) {
            case Notification.Line(var text) -> withheld.accept("fifo line: " + text);
            case Notification.Run(var _, var program) -> withheld.accept("script: " + String.join(" ", program.argv()));
            case Notification.Mail(var subject, var _) -> {
                if (mail) {
                    withheld.accept("mail: " + subject);
                }
            }
            case Notification.StateChange change -> withheld.accept("SNMP notification: " + change);
        }
    }

    @Override
    public void publish(DaemonEvent event) {
        // The event is in the log.
    }

    @Override
    public void runAndWait(Optional<Timed> timed) {
        timed.ifPresent(
                t -> withheld.accept("script: " + String.join(" ", t.program().argv())));
    }

    @Override
    public Deliveries deliveries() {
        return deliveries;
    }

    @Override
    public int waiting(Channel channel) {
        return 0;
    }

    @Override
    public void close() {
        // No resources.
    }
}
