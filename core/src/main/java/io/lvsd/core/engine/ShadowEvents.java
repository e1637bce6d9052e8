package io.lvsd.core.engine;

import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.core.engine.DaemonEvent.Level;
import io.lvsd.core.engine.ShadowTable.Closed;
import io.lvsd.core.engine.ShadowTable.Open;
import io.lvsd.core.plan.TableDifference.Subject;
import io.lvsd.core.plan.Translation;
import io.lvsd.ipvs.model.ServiceKey;
import java.time.Duration;
import java.util.Locale;

/** Publishes the differences of shadow mode: {@code shadow.differs} when one begins, {@code shadow.agrees} when it ends. */
final class ShadowEvents implements ShadowTable.Report {
    private static final double NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

    private final StepBuilder step;
    private final DaemonConfig config;

    ShadowEvents(StepBuilder step, DaemonConfig config) {
        this.step = step;
        this.config = config;
    }

    @Override
    public void opened(Open open) {
        publish(
                "shadow.differs",
                open,
                "what",
                word(open.difference().kind()),
                "wanted",
                open.difference().wanted(),
                "actual",
                open.difference().actual(),
                "first",
                word(open.first()));
    }

    @Override
    public void closed(Closed closed) {
        publish(
                "shadow.agrees",
                closed.opened(),
                "what",
                word(closed.opened().difference().kind()),
                "first",
                word(closed.opened().first()),
                "last",
                word(closed.last()),
                "after",
                String.format(
                        Locale.ROOT, "%.1fs", (closed.at() - closed.opened().since()) / NANOS_PER_SECOND));
    }

    private void publish(String name, Open open, Object... fields) {
        Subject subject = open.difference().subject();
        Object[] all = new Object[fields.length + 4];
        all[0] = "vs";
        all[1] = virtualServer(subject.service());
        all[2] = subject.destination().isPresent() ? "rs" : "service";
        all[3] = subject.destination().map(Object::toString).orElseGet(subject.service()::toString);
        System.arraycopy(fields, 0, all, 4, fields.length);
        step.effects.add(new Effect.Publish(DaemonEvent.of(Level.INFO, name, all)));
    }

    private String virtualServer(ServiceKey service) {
        for (VirtualServerConfig server : config.virtualServers()) {
            if (Translation.keys(server).contains(service)) {
                return server.id().text();
            }
        }
        return service.toString();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
