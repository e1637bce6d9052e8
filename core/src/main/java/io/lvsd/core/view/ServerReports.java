package io.lvsd.core.view;

import io.lvsd.conf.model.SorryServerConfig;
import io.lvsd.core.engine.Engine;
import io.lvsd.core.engine.EngineState;
import io.lvsd.core.engine.Failures.Failure;
import io.lvsd.core.engine.StateChanges.Change;
import io.lvsd.core.model.RsOverride.Mode;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.core.plan.DesiredState;
import io.lvsd.core.plan.Translation;
import io.lvsd.core.view.StatusReport.Condition;
import io.lvsd.core.view.StatusReport.Destination;
import io.lvsd.core.view.StatusReport.RealServer;
import io.lvsd.core.view.StatusReport.Service;
import io.lvsd.core.view.StatusReport.SorryServer;
import io.lvsd.core.view.StatusReport.VirtualServer;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Reports on virtual and real servers. Pure. */
final class ServerReports {
    private ServerReports() {}

    static VirtualServer virtualServer(StatusInput in, VsState vs) {
        EngineState state = in.state();
        List<Service> services = services(state, vs);
        Optional<SorryServer> sorry = vs.config().sorry().map(s -> sorry(in, vs, s));
        boolean suspended = Engine.isSuspended(state, vs.config());
        Change change = state.changes().virtualServers().get(vs.config().id());
        return new VirtualServer(
                vs.config().id().text(),
                vs.config().name(),
                vs.quorumUp() ? "up" : "down",
                condition(vs, services, sorry, suspended),
                since(in, change),
                changes(change),
                vs.liveWeight(),
                vs.config().quorum(),
                vs.config().hysteresis(),
                QuorumText.of(vs),
                vs.panics(),
                suspended,
                vs.maintenance().map(MaintenanceReports::of),
                sorry,
                services,
                vs.realServers().stream().map(rs -> realServer(in, vs, rs)).toList(),
                draining(in, vs));
    }

    private static Condition condition(
            VsState vs, List<Service> services, Optional<SorryServer> sorry, boolean suspended) {
        if (suspended) {
            return Condition.SUSPENDED;
        }
        if (services.stream().anyMatch(s -> s.failure().isPresent() && !s.inTable())) {
            return Condition.DOWN;
        }
        if (sorry.filter(SorryServer::inUse).isPresent()) {
            return vs.maintenance().isPresent() ? Condition.MAINTENANCE : Condition.SORRY_SERVER;
        }
        if (!vs.quorumUp()) {
            return Condition.DOWN;
        }
        boolean degraded =
                vs.realServers().stream().anyMatch(rs -> rs.override().mode() == Mode.ENABLED && !rs.alive());
        return degraded ? Condition.DEGRADED : Condition.OK;
    }

    static boolean isSorryInUse(StatusInput in, VsState vs) {
        return !in.state().sorry().inUse(vs).isEmpty();
    }

    static Instant since(StatusInput in, @Nullable Change change) {
        return change == null ? in.info().started() : in.now().wall(change.at());
    }

    static long changes(@Nullable Change change) {
        return change == null ? 0 : change.ups() + change.downs();
    }

    private static List<Service> services(EngineState state, VsState vs) {
        List<Service> services = new ArrayList<>();
        for (ServiceKey key : Translation.keys(vs.config())) {
            ServiceState found = state.table().actual().get(key);
            services.add(new Service(
                    key.toString(),
                    found != null,
                    found == null ? 0 : found.stats().connections(),
                    found == null ? 0 : found.stats().connectionRate(),
                    found == null ? 0 : found.stats().inBytes(),
                    found == null ? 0 : found.stats().outBytes(),
                    failure(state, key)));
        }
        return services;
    }

    private static Optional<String> failure(EngineState state, ServiceKey key) {
        return state.table().failures().active().values().stream()
                .filter(f -> f.event().equals("ipvs")
                        && f.service().filter(key::equals).isPresent())
                .map(Failure::reason)
                .findFirst();
    }

    private static SorryServer sorry(StatusInput in, VsState vs, SorryServerConfig config) {
        EngineState state = in.state();
        Map<ServiceKey, IpvsDestination> used = state.sorry().inUse(vs);
        Map<String, String> programmed = new TreeMap<>();
        used.forEach((key, destination) ->
                programmed.put(key.toString(), destination.key().toString()));
        List<Change> changes = Translation.keys(vs.config()).stream()
                .flatMap(key -> Optional.ofNullable(state.changes().sorry().get(key)).stream())
                .toList();
        return new SorryServer(
                config.id().toString(),
                !used.isEmpty(),
                programmed,
                changes.stream()
                        .max(Comparator.comparingLong(c -> c.at() - in.now().nanos()))
                        .map(c -> since(in, c)),
                changes.stream().mapToLong(Change::ups).sum(),
                used.isEmpty() ? OptionalLong.empty() : OptionalLong.of(connections(state, used)),
                Translation.keys(vs.config()).stream()
                        .map(state.sorry()::failure)
                        .filter(f -> !f.isEmpty())
                        .findFirst());
    }

    /** Of destinations that the last reading of the table has. */
    private static long connections(EngineState state, Map<ServiceKey, IpvsDestination> used) {
        return used.entrySet().stream()
                .flatMap(e -> Optional.ofNullable(state.table().actual().get(e.getKey()))
                        .map(service -> service.destinations().get(e.getValue().key()))
                        .stream())
                .mapToLong(destination -> destination.stats().connections())
                .sum();
    }

    static RealServer realServer(StatusInput in, VsState vs, RsState rs) {
        Change change = in.state()
                .changes()
                .realServers()
                .get(new RsRef(vs.config().id(), rs.config().id()));
        Optional<DestinationState> destination = destination(in.state(), vs, rs);
        return new RealServer(
                rs.config().id().toString(),
                rs.alive() ? "up" : "down",
                !rs.known(),
                since(in, change),
                changes(change),
                rs.weight(),
                rs.config().weight(),
                rs.isRetained(),
                rs.ramp().isPresent(),
                rs.override().mode().name().toLowerCase(Locale.ROOT),
                optional(rs.override().weight()),
                destination.isPresent(),
                number(destination, d -> d.config().weight()),
                number(destination, DestinationState::active),
                number(destination, DestinationState::inactive),
                number(destination, d -> d.stats().connections()),
                number(destination, d -> d.stats().inBytes()),
                number(destination, d -> d.stats().outBytes()),
                CheckReports.of(in, rs.checks()));
    }

    private static OptionalLong optional(Optional<Long> value) {
        return value.isPresent() ? OptionalLong.of(value.get()) : OptionalLong.empty();
    }

    private static OptionalLong number(Optional<DestinationState> from, ToLongFunction<DestinationState> what) {
        return from.isPresent() ? OptionalLong.of(what.applyAsLong(from.get())) : OptionalLong.empty();
    }

    /** The destination of a real server in the first service of its virtual server. */
    private static Optional<DestinationState> destination(EngineState state, VsState vs, RsState rs) {
        ServiceKey key = Translation.keys(vs.config()).getFirst();
        ServiceState service = state.table().actual().get(key);
        return service == null
                ? Optional.empty()
                : Optional.ofNullable(service.destinations().get(DesiredState.key(key, rs.config())));
    }

    private static String cause(StatusInput in, VsState vs, ServiceKey key, DestinationKey destination) {
        Optional<RsState> found = vs.realServers().stream()
                .filter(rs -> DesiredState.key(key, rs.config()).equals(destination))
                .findFirst();
        if (found.isPresent()) {
            boolean disabled = found.get().override().mode() == Mode.DISABLED;
            return disabled
                    ? "an operator disabled it"
                    : !isSorryInUse(in, vs)
                            ? "it is not wanted in the table"
                            : vs.maintenance().isPresent()
                                    ? "the virtual server is in maintenance"
                                    : "the sorry server is in use";
        }
        return in.state().sorry().isDestination(key, destination)
                ? "the sorry server is not in use"
                : "the configuration no longer has it";
    }

    private static List<Destination> draining(StatusInput in, VsState vs) {
        List<Destination> draining = new ArrayList<>();
        for (ServiceKey key : Translation.keys(vs.config())) {
            var ofService = in.state().table().drainingDestinations().get(key);
            if (ofService == null) {
                continue;
            }
            ServiceState service = in.state().table().actual().get(key);
            ofService.forEach((destination, progress) -> {
                DestinationState found =
                        service == null ? null : service.destinations().get(destination);
                draining.add(new Destination(
                        key.toString(),
                        destination.toString(),
                        cause(in, vs, key, destination),
                        in.now().wall(progress.since()),
                        found == null ? 0 : found.active(),
                        in.now().wall(progress.deadline())));
            });
        }
        return draining;
    }
}
