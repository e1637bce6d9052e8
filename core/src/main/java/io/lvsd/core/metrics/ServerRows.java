package io.lvsd.core.metrics;

import io.lvsd.checkers.schedule.ProbeHistory;
import io.lvsd.core.engine.Engine;
import io.lvsd.core.engine.EngineState;
import io.lvsd.core.engine.StateChanges.Change;
import io.lvsd.core.metrics.VirtualServerRow.Changes;
import io.lvsd.core.metrics.VirtualServerRow.Servers;
import io.lvsd.core.metrics.VirtualServerRow.Services;
import io.lvsd.core.metrics.VirtualServerRow.Sorry;
import io.lvsd.core.model.CheckState;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.core.plan.DesiredState;
import io.lvsd.core.plan.Translation;
import io.lvsd.core.view.StatusInput;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Makes the rows of virtual servers, real servers and checks from one state, in the order of the configuration. */
final class ServerRows {
    private static final String VIRTUAL_SERVER = "virtual_server";
    private static final String REAL_SERVER = "real_server";
    private static final double SECOND = 1e9;

    private final EngineState state;
    private final ProbeHistory history;
    private final CheckStats stats;
    private final LongToDoubleFunction wall;
    private final double started;
    private final Map<ServiceKey, Integer> drift = new HashMap<>();

    final List<VirtualServerRow> virtualServers = new ArrayList<>();
    final List<RealServerRow> realServers = new ArrayList<>();
    final List<CheckRow> checks = new ArrayList<>();
    final List<Row.Single> names = new ArrayList<>();

    /** @param wall converts monotonic nanoseconds to seconds since 1970 */
    ServerRows(StatusInput in, CheckStats stats, LongToDoubleFunction wall) {
        this.state = in.state();
        this.history = in.history();
        this.stats = stats;
        this.wall = wall;
        this.started = WallTime.seconds(in.info().started());
        state.table().drifts().forEach(d -> drift.merge(d.service(), 1, Integer::sum));
        state.config()
                .virtualServers()
                .forEach(config -> state.server(config.id()).ifPresent(this::add));
    }

    private void add(VsState vs) {
        Labels labels = Labels.of(VIRTUAL_SERVER, vs.config().id().text());
        List<ServiceKey> keys = Translation.keys(vs.config());
        names.add(new Row.Single(labels.and("name", vs.config().name().orElse("")), 1));
        virtualServers.add(new VirtualServerRow(
                labels,
                vs,
                Engine.isSuspended(state, vs.config()),
                changes(state.changes().virtualServers().get(vs.config().id())),
                servers(vs),
                services(keys),
                sorry(vs, keys)));
        ServiceKey first = keys.getFirst();
        Map<DestinationKey, DestinationState> table =
                destinations(first, vs.realServers().size());
        vs.realServers().forEach(rs -> add(labels, vs, rs, table.get(DesiredState.key(first, rs.config()))));
    }

    /** What the table has for a service, in a map that is fast to search. */
    private Map<DestinationKey, DestinationState> destinations(ServiceKey key, int searches) {
        ServiceState found = state.table().actual().get(key);
        if (found == null) {
            return Map.of();
        }
        return searches > 1 ? new HashMap<>(found.destinations()) : found.destinations();
    }

    private void add(Labels virtualServer, VsState vs, RsState rs, @Nullable DestinationState found) {
        Labels labels = virtualServer.and(REAL_SERVER, rs.config().id().toString());
        RsRef ref = new RsRef(vs.config().id(), rs.config().id());
        realServers.add(new RealServerRow(
                labels,
                rs,
                changes(state.changes().realServers().get(ref)),
                found == null ? Double.NaN : found.config().weight()));
        for (int i = 0; i < rs.checks().size(); i++) {
            CheckState check = rs.checks().get(i);
            checks.add(new CheckRow(
                    check(labels, rs, i),
                    check,
                    changes(state.changes().checks().get(check.id())),
                    history.last(check.id())
                            .map(e -> e.duration().toNanos() / SECOND)
                            .orElse(Double.NaN),
                    stats.of(check.id())));
        }
    }

    /** Several checks with the same keyword are numbered: the first has no number, the second has index 2. */
    private static Labels check(Labels realServer, RsState rs, int place) {
        String kind = rs.checks().get(place).id().kind();
        int index = 1;
        for (int i = 0; i < place; i++) {
            index += rs.checks().get(i).id().kind().equals(kind) ? 1 : 0;
        }
        return index == 1
                ? realServer.and("check", kind)
                : realServer.and("check", kind, "index", String.valueOf(index));
    }

    private Changes changes(@Nullable Change change) {
        return change == null
                ? new Changes(started, 0, 0)
                : new Changes(wall.applyAsDouble(change.at()), change.ups(), change.downs());
    }

    private static Servers servers(VsState vs) {
        int up = 0;
        int down = 0;
        int drained = 0;
        int disabled = 0;
        int pending = 0;
        for (RsState rs : vs.realServers()) {
            switch (rs.override().mode()) {
                case ENABLED -> {
                    up += rs.alive() ? 1 : 0;
                    down += rs.alive() ? 0 : 1;
                }
                case DRAINED -> drained++;
                case DISABLED -> disabled++;
            }
            for (CheckState check : rs.checks()) {
                pending += check.health().hasRun() ? 0 : 1;
            }
        }
        return new Servers(up, down, drained, disabled, pending);
    }

    private Services services(List<ServiceKey> keys) {
        int missing = 0;
        int differences = 0;
        int draining = 0;
        long connections = 0;
        for (ServiceKey key : keys) {
            ServiceState found = state.table().actual().get(key);
            missing += found == null ? 1 : 0;
            differences += drift.getOrDefault(key, 0);
            var leaving = state.table().drainingDestinations().get(key);
            if (leaving != null) {
                draining += leaving.size();
                connections += found == null ? 0 : active(found, leaving.keySet());
            }
        }
        return new Services(missing, differences, draining, connections);
    }

    private static long active(ServiceState service, Iterable<DestinationKey> destinations) {
        long active = 0;
        for (DestinationKey key : destinations) {
            DestinationState found = service.destinations().get(key);
            active += found == null ? 0 : found.active();
        }
        return active;
    }

    private Sorry sorry(VsState vs, List<ServiceKey> keys) {
        if (vs.config().sorry().isEmpty()) {
            return new Sorry(false, false, false, new Changes(Double.NaN, 0, 0));
        }
        boolean usable = keys.stream().allMatch(k -> state.sorry().failure(k).isEmpty());
        List<Change> changes = keys.stream()
                .flatMap(k -> Optional.ofNullable(state.changes().sorry().get(k)).stream())
                .toList();
        double since = changes.stream()
                .mapToDouble(c -> wall.applyAsDouble(c.at()))
                .max()
                .orElse(Double.NaN);
        return new Sorry(
                true,
                !state.sorry().inUse(vs).isEmpty(),
                usable,
                new Changes(
                        since,
                        changes.stream().mapToLong(Change::ups).sum(),
                        changes.stream().mapToLong(Change::downs).sum()));
    }
}
