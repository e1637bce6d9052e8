package io.lvsd.core.engine;

import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.core.plan.DesiredState;
import io.lvsd.core.plan.Plan;
import io.lvsd.core.plan.Translation;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * The dry run of a reload, or of a start on a table that is not empty: the engine computes the step, and nothing is carried
 * out. The dry run of a reload considers only the virtual servers that differ.
 *
 * @param plan the commands that it would send now; a healthy destination that is removed gets weight 0 now and is deleted later
 * @param removed real servers, counted in each service, that receive connections now and would receive none afterwards, retained
 *     ones included; without those that make way for planned maintenance
 * @param refusal why it is only carried out if forced; empty if nothing refuses it
 */
public record ReloadDryRun(Plan plan, int removed, String refusal) {
    private static final long PERCENT = 100;

    /** Destinations, by their service. */
    private record Members(Map<ServiceKey, Set<DestinationKey>> of) {
        Members() {
            this(new HashMap<>());
        }

        void add(ServiceKey service, DestinationKey destination) {
            of.computeIfAbsent(service, _ -> new HashSet<>()).add(destination);
        }

        boolean has(ServiceKey service, DestinationKey destination) {
            return of.getOrDefault(service, Set.of()).contains(destination);
        }

        int count(ServiceKey service) {
            return of.getOrDefault(service, Set.of()).size();
        }

        int count() {
            return of.values().stream().mapToInt(Set::size).sum();
        }
    }

    /** The services of the virtual servers that a reload adds, changes or removes: those of which the dry run needs the state. */
    public static Set<ServiceKey> services(EngineState state, DaemonConfig next) {
        return services(ConfigDifference.between(state.config(), next));
    }

    private static Set<ServiceKey> services(ConfigDifference difference) {
        Set<ServiceKey> services = new HashSet<>();
        difference.former().forEach(server -> services.addAll(Translation.keys(server)));
        difference.next().forEach(server -> services.addAll(Translation.keys(server)));
        return services;
    }

    /**
     * The dry run of a reload.
     *
     * @param table the services of {@link #services} as they are now; one without an entry is not in the table
     * @param now monotonic nanoseconds
     */
    public static ReloadDryRun of(EngineState state, Map<ServiceKey, ServiceState> table, DaemonConfig next, long now) {
        ConfigDifference difference = ConfigDifference.between(state.config(), next);
        EngineState read = state.idle().read(services(difference), table);
        Step step = Engine.step(read, new Event.Reloaded(next), now);
        Members serving = new Members();
        for (VirtualServerConfig server : difference.former()) {
            serving(server, table, serving);
        }
        leaveForMaintenance(step.state(), difference.next(), serving);
        return evaluated(
                plan(step),
                serving,
                retained(step.state(), difference.next(), serving),
                () -> serving(state),
                !state.config().virtualServers().isEmpty(),
                next,
                difference.next());
    }

    /** How many real servers receive connections, counted in each service. */
    public static int serving(EngineState state) {
        Members serving = new Members();
        state.config()
                .virtualServers()
                .forEach(server -> serving(server, state.table().actual(), serving));
        return serving.count();
    }

    /** Configured real servers that are up and make way for planned maintenance are not counted. */
    private static void leaveForMaintenance(EngineState after, List<VirtualServerConfig> changed, Members serving) {
        for (VirtualServerConfig config : changed) {
            VsState server = Objects.requireNonNull(after.servers().get(config.id()));
            if (server.maintenance().isPresent()) {
                for (ServiceKey key : Translation.keys(config)) {
                    server.realServers().stream()
                            .filter(rs -> rs.serving() && !rs.isRetained())
                            .forEach(rs -> serving.of()
                                    .getOrDefault(key, new HashSet<>())
                                    .remove(DesiredState.key(key, rs.config())));
                }
            }
        }
    }

    /** Real servers that receive connections now and would only be retained until their replacement is usable. */
    private static Members retained(EngineState after, List<VirtualServerConfig> changed, Members serving) {
        Members retained = new Members();
        for (VirtualServerConfig config : changed) {
            VsState server = Objects.requireNonNull(after.servers().get(config.id()));
            for (ServiceKey key : Translation.keys(config)) {
                server.realServers().stream()
                        .filter(RsState::isRetained)
                        .map(rs -> DesiredState.key(key, rs.config()))
                        .forEach(d -> remove(key, d, serving, retained));
            }
        }
        return retained;
    }

    /**
     * The dry run of a start on a table from another run or configuration. Empty if nothing refuses the start; without a
     * destination of ours that receives connections, this is known without the step.
     */
    public static Optional<ReloadDryRun> refused(Event.Started start, long now) {
        Members serving = serving(start);
        if (serving.of().isEmpty()) {
            return Optional.empty();
        }
        Step step = Engine.step(EngineState.EMPTY, start, now);
        leaveForMaintenance(step.state(), start.config().virtualServers(), serving);
        ReloadDryRun dryRun = evaluated(
                plan(step),
                serving,
                new Members(),
                serving::count,
                // The last run had them: its services are in the table.
                true,
                start.config(),
                start.config().virtualServers());
        return Optional.of(dryRun).filter(d -> !d.refusal().isEmpty());
    }

    /** Destinations that receive connections, in the services of this configuration and in those of the last run. */
    private static Members serving(Event.Started start) {
        Members serving = new Members();
        if (start.table().services().isEmpty()) {
            return serving;
        }
        Set<ServiceKey> ours = new HashSet<>(start.owned());
        Set<InetAddress> sorry = new HashSet<>();
        for (VirtualServerConfig server : start.config().virtualServers()) {
            ours.addAll(Translation.keys(server));
            server.sorry().ifPresent(s -> sorry.add(s.id().address()));
        }
        start.table().services().forEach((key, service) -> {
            if (ours.contains(key) && !Translation.isPath(key)) {
                service.destinations().values().stream()
                        .map(DestinationState::config)
                        .filter(d -> d.usable() && !sorry.contains(d.key().address()))
                        .filter(d -> !start.host().isLocal(d.key().address()))
                        .forEach(d -> serving.add(key, d.key()));
            }
        });
        return serving;
    }

    private static Plan plan(Step step) {
        return step.effects().stream()
                .filter(Effect.Apply.class::isInstance)
                .map(e -> ((Effect.Apply) e).plan().without(Translation::isPath))
                .findFirst()
                .orElse(Plan.EMPTY);
    }

    /**
     * Whether the guard refuses it.
     *
     * @param serving destinations of the changed virtual servers that receive connections now
     * @param all how many receive connections in all virtual servers; only called if the answer depends on it
     * @param hadServers whether the former configuration had virtual servers: a file without any may be one that is being written
     * @param changed virtual servers that are added or changed
     */
    private static ReloadDryRun evaluated(
            Plan plan,
            Members serving,
            Members retained,
            IntSupplier all,
            boolean hadServers,
            DaemonConfig next,
            List<VirtualServerConfig> changed) {
        Members out = retained;
        plan.commands().forEach(command -> remove(command, serving, out));
        boolean emptied = hadServers && next.virtualServers().isEmpty();
        return new ReloadDryRun(
                plan,
                out.count(),
                emptied
                        ? "the configuration no longer has a virtual server"
                        : refusal(serving, out, all, next.lvsd().reloadGuard(), changed));
    }

    private static String refusal(
            Members serving, Members out, IntSupplier all, long most, List<VirtualServerConfig> changed) {
        if (isOver(out.count(), serving.count(), most) && isOver(out.count(), all.getAsInt(), most)) {
            return over(out.count(), all.getAsInt(), "", most);
        }
        for (VirtualServerConfig server : changed) {
            for (ServiceKey key : Translation.keys(server)) {
                if (isOver(out.count(key), serving.count(key), most)) {
                    return over(out.count(key), serving.count(key), " of " + server.id(), most);
                }
            }
        }
        return "";
    }

    private static boolean isOver(long out, long serving, long most) {
        return out * PERCENT > serving * most;
    }

    private static String over(int out, int serving, String where, long most) {
        return out + " of " + serving + " real servers" + where + " would be removed, more than reload_guard allows ("
                + most + " %)";
    }

    private static void serving(VirtualServerConfig server, Map<ServiceKey, ServiceState> table, Members serving) {
        for (ServiceKey key : Translation.keys(server)) {
            ServiceState service = table.get(key);
            if (service != null) {
                for (RealServerConfig rs : server.realServers()) {
                    DestinationKey destination = DesiredState.key(key, rs);
                    DestinationState found = service.destinations().get(destination);
                    if (found != null && found.config().usable()) {
                        serving.add(key, destination);
                    }
                }
            }
        }
    }

    private static void remove(IpvsCommand command, Members serving, Members out) {
        switch (command) {
            case IpvsCommand.DelService(var key) ->
                serving.of().getOrDefault(key, Set.of()).forEach(d -> out.add(key, d));
            case IpvsCommand.DelDest(var key, var destination) -> remove(key, destination, serving, out);
            case IpvsCommand.SetDest(var key, var destination) -> {
                if (!destination.usable()) {
                    remove(key, destination.key(), serving, out);
                }
            }
            case IpvsCommand.NewService _,
                    IpvsCommand.SetService _,
                    IpvsCommand.NewDest _,
                    IpvsCommand.NewDaemon _,
                    IpvsCommand.DelDaemon _,
                    IpvsCommand.SetTimeouts _,
                    IpvsCommand.Zero _,
                    IpvsCommand.ZeroAll _ -> {}
        }
    }

    private static void remove(ServiceKey key, DestinationKey destination, Members serving, Members out) {
        if (serving.has(key, destination)) {
            out.add(key, destination);
        }
    }
}
