package io.lvsd.core.engine;

import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.RealServerConfig;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A reload that is only thought through.
 *
 * @param plan the commands that it would send at once; what leaves while healthy goes to weight 0 now and is deleted later
 * @param taking real servers, service by service, that take connections now
 * @param takenOut those of them that would take none afterwards
 */
public record Rehearsal(Plan plan, int taking, int takenOut) {
    private record Member(ServiceKey service, DestinationKey destination) {}

    /**
     * Thinks a reload through.
     *
     * @param table as it is now
     * @param now monotonic nanoseconds
     */
    public static Rehearsal of(EngineState state, IpvsSnapshot table, DaemonConfig next, long now) {
        EngineState read =
                Engine.step(state.idle(), new Event.KernelRead(table, 0), now).state();
        Plan plan = Engine.step(read.idle(), new Event.Reloaded(next), now).effects().stream()
                .filter(Effect.Apply.class::isInstance)
                .map(e -> ((Effect.Apply) e).plan().without(Translation::isPath))
                .findFirst()
                .orElse(Plan.EMPTY);
        Set<Member> taking = taking(state, table.services());
        Set<Member> out = new HashSet<>();
        for (IpvsCommand command : plan.commands()) {
            out.addAll(takenOutBy(command, taking));
        }
        return new Rehearsal(plan, taking.size(), out.size());
    }

    private static Set<Member> taking(EngineState state, Map<ServiceKey, ServiceState> table) {
        Set<Member> taking = new HashSet<>();
        for (VsState server : state.servers().values()) {
            for (ServiceKey key : Translation.keys(server.config())) {
                ServiceState service = table.get(key);
                for (RealServerConfig rs : server.config().realServers()) {
                    DestinationKey destination = DesiredState.key(key, rs);
                    DestinationState found =
                            service == null ? null : service.destinations().get(destination);
                    if (found != null && found.config().usable()) {
                        taking.add(new Member(key, destination));
                    }
                }
            }
        }
        return taking;
    }

    private static List<Member> takenOutBy(IpvsCommand command, Set<Member> taking) {
        return switch (command) {
            case IpvsCommand.DelService(var key) ->
                taking.stream().filter(m -> m.service().equals(key)).toList();
            case IpvsCommand.DelDest(var key, var destination) -> known(new Member(key, destination), taking);
            case IpvsCommand.SetDest(var key, var destination) ->
                destination.usable() ? List.of() : known(new Member(key, destination.key()), taking);
            case IpvsCommand.NewService _,
                    IpvsCommand.SetService _,
                    IpvsCommand.NewDest _,
                    IpvsCommand.NewDaemon _,
                    IpvsCommand.DelDaemon _,
                    IpvsCommand.SetTimeouts _,
                    IpvsCommand.Zero _,
                    IpvsCommand.ZeroAll _ -> List.of();
        };
    }

    private static List<Member> known(Member member, Set<Member> taking) {
        return taking.contains(member) ? List.of(member) : List.of();
    }
}
