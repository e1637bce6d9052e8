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
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A reload, or a start on a table that is there already, that is only thought through.
 *
 * @param plan the commands that it would send at once; what leaves while healthy goes to weight 0 now and is deleted later
 * @param taking real servers, service by service, that take connections now
 * @param takenOut those of them that would take none afterwards, those included that are retained for a while
 * @param refusal why it may be carried out only if forced; empty if it may
 */
public record ReloadDryRun(Plan plan, int taking, int takenOut, String refusal) {
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

    /**
     * Thinks a reload through.
     *
     * @param table as it is now
     * @param now monotonic nanoseconds
     */
    public static ReloadDryRun of(EngineState state, IpvsSnapshot table, DaemonConfig next, long now) {
        EngineState read =
                Engine.step(state.idle(), new Event.KernelRead(table, 0), now).state();
        Step step = Engine.step(read.idle(), new Event.Reloaded(next), now);
        Members taking = taking(state, table.services());
        return judged(plan(step), taking, retained(step.state(), taking), state.config(), next);
    }

    /** ServerStates that take connections now and are only retained until their replacement is usable. */
    private static Members retained(EngineState after, Members taking) {
        Members retained = new Members();
        for (VsState server : after.servers().values()) {
            for (ServiceKey key : Translation.keys(server.config())) {
                server.realServers().stream()
                        .filter(RsState::isRetained)
                        .map(rs -> DesiredState.key(key, rs.config()))
                        .forEach(d -> takeOut(key, d, taking, retained));
            }
        }
        return retained;
    }

    /** Thinks a start through: what is ours in the table may be another configuration's. */
    public static ReloadDryRun of(Event.Started start, long now) {
        Plan plan = plan(Engine.step(EngineState.EMPTY, start, now));
        Set<ServiceKey> ours = new HashSet<>(start.owned());
        Set<InetAddress> sorry = new HashSet<>();
        for (VirtualServerConfig server : start.config().virtualServers()) {
            ours.addAll(Translation.keys(server));
            server.sorry().ifPresent(s -> sorry.add(s.id().address()));
        }
        Members taking = new Members();
        start.table().services().forEach((key, service) -> {
            if (ours.contains(key) && !Translation.isPath(key)) {
                service.destinations().values().stream()
                        .map(DestinationState::config)
                        .filter(d -> d.usable() && !sorry.contains(d.key().address()))
                        .filter(d -> !start.host().isLocal(d.key().address()))
                        .forEach(d -> taking.add(key, d.key()));
            }
        });
        return judged(plan, taking, new Members(), DaemonConfig.EMPTY, start.config());
    }

    private static Plan plan(Step step) {
        return step.effects().stream()
                .filter(Effect.Apply.class::isInstance)
                .map(e -> ((Effect.Apply) e).plan().without(Translation::isPath))
                .findFirst()
                .orElse(Plan.EMPTY);
    }

    private static ReloadDryRun judged(
            Plan plan, Members taking, Members retained, DaemonConfig before, DaemonConfig next) {
        Members out = retained;
        plan.commands().forEach(command -> takeOut(command, taking, out));
        return new ReloadDryRun(plan, taking.count(), out.count(), refusal(taking, out, before, next));
    }

    private static String refusal(Members taking, Members out, DaemonConfig before, DaemonConfig next) {
        if (next.virtualServers().isEmpty() && !before.virtualServers().isEmpty()) {
            return "the file has no virtual server any more";
        }
        long most = next.lvsd().reloadGuard();
        if (isOver(out.count(), taking.count(), most)) {
            return over(out.count(), taking.count(), "", most);
        }
        for (VirtualServerConfig server : next.virtualServers()) {
            for (ServiceKey key : Translation.keys(server)) {
                if (isOver(out.count(key), taking.count(key), most)) {
                    return over(out.count(key), taking.count(key), " of " + server.id(), most);
                }
            }
        }
        return "";
    }

    private static boolean isOver(long out, long taking, long most) {
        return out * PERCENT > taking * most;
    }

    private static String over(int out, int taking, String where, long most) {
        return out + " of " + taking + " real servers" + where + " would be taken out, more than reload_guard's " + most
                + " %";
    }

    private static Members taking(EngineState state, Map<ServiceKey, ServiceState> table) {
        Members taking = new Members();
        for (VsState server : state.servers().values()) {
            for (ServiceKey key : Translation.keys(server.config())) {
                ServiceState service = table.get(key);
                for (RealServerConfig rs : server.config().realServers()) {
                    DestinationKey destination = DesiredState.key(key, rs);
                    DestinationState found =
                            service == null ? null : service.destinations().get(destination);
                    if (found != null && found.config().usable()) {
                        taking.add(key, destination);
                    }
                }
            }
        }
        return taking;
    }

    private static void takeOut(IpvsCommand command, Members taking, Members out) {
        switch (command) {
            case IpvsCommand.DelService(var key) ->
                taking.of().getOrDefault(key, Set.of()).forEach(d -> out.add(key, d));
            case IpvsCommand.DelDest(var key, var destination) -> takeOut(key, destination, taking, out);
            case IpvsCommand.SetDest(var key, var destination) -> {
                if (!destination.usable()) {
                    takeOut(key, destination.key(), taking, out);
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

    private static void takeOut(ServiceKey key, DestinationKey destination, Members taking, Members out) {
        if (taking.has(key, destination)) {
            out.add(key, destination);
        }
    }
}
