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
        EventFields fields = about(open)
                .with("what", word(open.difference().kind()))
                .with("wanted", open.difference().wanted())
                .with("actual", open.difference().actual())
                .with("first", word(open.first()));
        step.effects.add(new Effect.Publish(fields.event(Level.INFO, "shadow.differs")));
    }

    @Override
    public void closed(Closed closed) {
        EventFields fields = about(closed.opened())
                .with("what", word(closed.opened().difference().kind()))
                .with("first", word(closed.opened().first()))
                .with("last", word(closed.last()))
                .with(
                        "after",
                        String.format(
                                Locale.ROOT,
                                "%.1fs",
                                (closed.at() - closed.opened().since()) / NANOS_PER_SECOND));
        step.effects.add(new Effect.Publish(fields.event(Level.INFO, "shadow.agrees")));
    }

    private EventFields about(Open open) {
        Subject subject = open.difference().subject();
        return new EventFields()
                .with("vs", virtualServer(subject.service()))
                .with(
                        subject.destination().isPresent() ? "rs" : "service",
                        subject.destination().map(Object::toString).orElseGet(subject.service()::toString));
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
