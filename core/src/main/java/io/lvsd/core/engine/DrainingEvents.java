package io.lvsd.core.engine;

import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.core.engine.DaemonEvent.Level;
import io.lvsd.core.model.RsOverride.Mode;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.core.plan.DesiredState;
import io.lvsd.core.plan.Draining;
import io.lvsd.core.plan.Translation;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reports healthy destinations that are being removed: when they begin to drain, and when they are deleted. */
final class DrainingEvents {
    /** A grace of this length has no limit. */
    private static final Duration UNLIMITED = Duration.ofDays(3650);

    private final StepBuilder step;

    private DrainingEvents(StepBuilder step) {
        this.step = step;
    }

    /** The virtual server of a service; null if it is no longer configured. */
    private @Nullable VirtualServerConfig owner(ServiceKey key) {
        VsId id = step.config.owners().get(key);
        return id == null ? null : step.health.get(id).config();
    }

    /** The end of a step: compares what drains with what drained before it. */
    static void report(StepBuilder step) {
        DrainingDestinations before = step.before.table().draining();
        DrainingDestinations now = step.table.draining();
        if (!now.equals(before)) {
            new DrainingEvents(step).report(before, now);
        }
    }

    private void report(DrainingDestinations before, DrainingDestinations now) {
        for (ServiceKey key : now.services()) {
            if (Translation.isPath(key)) {
                continue;
            }
            now.of(key).forEach((destination, draining) -> {
                Draining known = before.of(key).get(destination);
                if (known == null && !draining.over()) {
                    begun(key, destination, draining);
                } else if (known != null && !known.over() && draining.over()) {
                    ended(key, destination, draining);
                }
            });
        }
    }

    private void begun(ServiceKey key, DestinationKey destination, Draining draining) {
        boolean sorry = isSorry(key, destination);
        Duration grace = Duration.ofNanos(draining.deadline() - draining.since());
        EventFields fields = fields(key, destination, sorry)
                .with("connections", connections(key, destination))
                .with("grace", grace.compareTo(UNLIMITED) > 0 ? "unlimited" : EventFields.seconds(grace.toNanos()))
                .withText("reason", sorry ? "" : reason(key, destination));
        publish(fields, sorry ? "sorry.draining" : "rs.draining");
    }

    private void ended(ServiceKey key, DestinationKey destination, Draining draining) {
        boolean sorry = isSorry(key, destination);
        long connections = connections(key, destination);
        EventFields fields = fields(key, destination, sorry)
                .with("duration", EventFields.seconds(step.now - draining.since()))
                .with("connections", connections)
                .with("reason", connections == 0 ? "idle" : "grace over");
        publish(fields, sorry ? "sorry.drained" : "rs.drained");
    }

    private void publish(EventFields fields, String name) {
        step.effects.add(new Effect.Publish(fields.event(Level.INFO, name)));
    }

    /** A service that is no longer configured is named like its former virtual server, unless that was a group. */
    private EventFields fields(ServiceKey key, DestinationKey destination, boolean sorry) {
        VirtualServerConfig owner = owner(key);
        String vs = owner == null ? key.toString() : owner.id().text();
        EventFields fields = new EventFields().with("vs", vs);
        if (sorry) {
            return fields.with("service", key)
                    .withText(
                            "sorry",
                            owner == null
                                    ? ""
                                    : owner.sorry().map(s -> s.id().toString()).orElse(""))
                    .with("programmed", destination);
        }
        fields.with(
                "rs",
                server(key, destination).map(rs -> rs.config().id().toString()).orElse(destination.toString()));
        return vs.equals(key.toString()) ? fields : fields.with("service", key);
    }

    private Optional<RsState> server(ServiceKey key, DestinationKey destination) {
        VirtualServerConfig owner = owner(key);
        List<RsState> servers = owner == null
                ? List.of()
                : Optional.ofNullable(step.health.servers().get(owner.id()))
                        .map(VsState::realServers)
                        .orElse(List.of());
        return servers.stream()
                .filter(rs -> DesiredState.key(key, rs.config()).equals(destination))
                .findFirst();
    }

    private boolean isSorry(ServiceKey key, DestinationKey destination) {
        VirtualServerConfig owner = owner(key);
        IpvsDestination sorry =
                owner == null ? null : step.sorry.destinations(owner).get(key);
        return sorry != null
                && sorry.key().equals(destination)
                && server(key, destination).isEmpty();
    }

    private String reason(ServiceKey key, DestinationKey destination) {
        Optional<RsState> server = server(key, destination);
        if (server.isEmpty()) {
            return "not configured";
        }
        if (server.get().override().mode() == Mode.DRAINED) {
            return "override";
        }
        VsState owner =
                step.health.get(Objects.requireNonNull(step.config.owners().get(key)));
        return owner.maintenance().isPresent() ? "maintenance" : "the sorry server is in use";
    }

    private long connections(ServiceKey key, DestinationKey destination) {
        @Nullable ServiceState service = step.table.state().actual().get(key);
        @Nullable
        DestinationState state = service == null ? null : service.destinations().get(destination);
        return state == null ? 0 : state.active();
    }
}
