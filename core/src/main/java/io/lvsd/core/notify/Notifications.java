package io.lvsd.core.notify;

import io.lvsd.checkers.script.ScriptProcesses;
import io.lvsd.conf.model.NotifyConfig;
import io.lvsd.conf.model.NotifyConfig.Timed;
import io.lvsd.conf.model.NotifyConfig.Webhook;
import io.lvsd.core.engine.DaemonEvent;
import io.lvsd.core.engine.Notification;
import io.lvsd.core.notify.Deliveries.Channel;
import io.lvsd.core.notify.Deliveries.Outcome;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Delivers notifications. Each receiver has its own queue, so that a slow one does not delay the others. */
public final class Notifications implements Receivers {
    /** Time that a stop waits for all queues together, and then for programs. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(4);

    private final Deliveries deliveries = new Deliveries();
    private final ScriptProcesses programs = new ScriptProcesses();
    private final Fifos fifos = new Fifos(programs, deliveries);
    private final Mailer mailer;
    private final Webhooks poster = new Webhooks();
    private final String host;
    private final Consumer<Notification.StateChange> snmp;
    private final Outbox<Runnable> lines = outbox("fifo", Channel.FIFO);
    private final NotifyScriptRunner scripts = new NotifyScriptRunner(programs, deliveries, this::startWebhooks);
    private final Outbox<Runnable> mails = outbox("mail", Channel.MAIL);

    // guarded by this
    private final Map<Webhook, Outbox<Runnable>> webhooks = new LinkedHashMap<>();
    private NotifyConfig config = NotifyConfig.NONE;

    /**
     * Makes receivers that have no configuration yet.
     *
     * @param host name of this host
     * @param snmp sends SNMP notifications; must not block
     */
    public Notifications(String host, Consumer<Notification.StateChange> snmp) {
        this.host = host;
        this.snmp = snmp;
        this.mailer = new Mailer(host);
    }

    private Outbox<Runnable> outbox(String name, Channel channel) {
        return new Outbox<>(name, Runnable::run, () -> deliveries.count(channel, Outcome.DROPPED));
    }

    @Override
    public Deliveries deliveries() {
        return deliveries;
    }

    @Override
    public synchronized int waiting(Channel channel) {
        return switch (channel) {
            case FIFO -> lines.waiting();
            case SCRIPT -> scripts.waiting();
            case MAIL -> mails.waiting();
            case WEBHOOK -> webhooks.values().stream().mapToInt(Outbox::waiting).sum();
        };
    }

    @Override
    public synchronized void configure(NotifyConfig next, boolean scriptSecurity) {
        config = next;
        programs.security(scriptSecurity);
        scripts.timeout(next.scriptTimeout());
        lines.add(() -> fifos.configure(next.fifos()));
        mails.add(() -> mailer.routerId(next.routerId().orElse("")));
        webhooks.entrySet().removeIf(e -> {
            boolean removed = !next.webhooks().contains(e.getKey());
            if (removed) {
                e.getValue().close();
            }
            return removed;
        });
        if (!next.webhooks().isEmpty()) {
            poster.prepare();
        }
        next.webhooks().forEach(w -> webhooks.computeIfAbsent(w, _ -> outbox("webhook", Channel.WEBHOOK)));
    }

    /** Starts queues whose thread could not be created at a reload. */
    private synchronized void startWebhooks() {
        webhooks.values().forEach(Outbox::start);
    }

    @Override
    public synchronized void deliver(Notification notification) {
        switch (notification) {
            case Notification.StateChange change -> snmp.accept(change);
            case Notification.Line(var text) -> lines.add(() -> fifos.write(text));
            case Notification.Run(var subject, var program) -> scripts.add(subject, program);
            case Notification.Mail mail ->
                config.mail().ifPresent(to -> mails.add(() -> deliveries.count(Channel.MAIL, mailer.send(to, mail))));
        }
    }

    @Override
    public synchronized void publish(DaemonEvent event) {
        String director = config.routerId().orElse(host);
        webhooks.forEach((webhook, box) -> {
            Webhooks.Posting posting = new Webhooks.Posting(event, OffsetDateTime.now(ZoneId.systemDefault()));
            box.add(() -> deliveries.count(Channel.WEBHOOK, poster.post(webhook, director, posting)));
        });
    }

    @Override
    public void runAndWait(Optional<Timed> timed) {
        timed.ifPresent(t -> programs.runAndWait(t.program(), t.timeout()));
    }

    /**
     * Waits a bounded time for queued notifications, then for running programs; kills programs that still run, and closes
     * everything. The thread that starts programs ends last, because the programs are killed when it ends.
     */
    @Override
    public void close() {
        List<Outbox<Runnable>> boxes = new ArrayList<>(List.of(lines, mails));
        synchronized (this) {
            boxes.addAll(webhooks.values());
        }
        try {
            long end = System.nanoTime() + STOP_TIMEOUT.toNanos();
            boolean _ = scripts.drain(STOP_TIMEOUT);
            for (Outbox<Runnable> box : boxes) {
                boolean _ = box.drain(Duration.ofNanos(end - System.nanoTime()));
            }
            programs.await(STOP_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        scripts.close();
        boxes.forEach(Outbox::close);
        poster.close();
        fifos.closeAll();
        programs.close();
    }
}
