package io.lvsd.core.notify;

import io.lvsd.conf.model.NotifyConfig;
import io.lvsd.conf.model.NotifyConfig.Timed;
import io.lvsd.conf.value.Program;
import io.lvsd.core.engine.DaemonEvent;
import io.lvsd.core.engine.Notification;
import io.lvsd.core.notify.Deliveries.Channel;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The receivers of a dry run: delivers nothing, and reports each notification instead. What is reported is in the log and in the
 * status, so it has no secrets.
 */
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
            case Notification.Run(var subject, var program) -> withheld.accept(script(program) + " for " + subject);
            case Notification.Mail(var subject, var _) -> {
                if (mail) {
                    withheld.accept("mail: " + subject);
                }
            }
            case Notification.RealServerState(var server, var real, boolean up, long _, long _) ->
                withheld.accept("SNMP notification: rs " + server.id() + " " + real + " " + (up ? "up" : "down"));
            case Notification.QuorumState(var server, var change, long _, long _) ->
                withheld.accept("SNMP notification: vs " + server.id() + " quorum "
                        + change.name().toLowerCase(Locale.ROOT));
        }
    }

    /** Without its arguments, which may contain passwords. */
    private static String script(Program program) {
        return "script: " + program.argv().getFirst();
    }

    @Override
    public void publish(DaemonEvent event) {
        // The event is in the log.
    }

    @Override
    public void runAndWait(Optional<Timed> timed) {
        timed.ifPresent(t -> withheld.accept(script(t.program())));
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
