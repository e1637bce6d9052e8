package io.lvsd.core.plan;

import io.lvsd.ipvs.ApplyResult;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.ServiceKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Commands in two stages. The second one, with removals, is sent only after the first was acknowledged, and without those
 * removals that would leave a service empty because its replacement was rejected.
 *
 * @param adds services, destinations and changes that keep them usable
 * @param removals weight 0, deletions
 * @param usable of each service that the first stage changes: the destinations that receive connections after all commands
 */
public record Plan(List<IpvsCommand> adds, List<IpvsCommand> removals, Map<ServiceKey, Set<DestinationKey>> usable) {
    public static final Plan EMPTY = new Plan(List.of(), List.of(), Map.of());

    public Plan {
        adds = List.copyOf(adds);
        removals = List.copyOf(removals);
        usable = Map.copyOf(usable);
    }

    public boolean isEmpty() {
        return adds.isEmpty() && removals.isEmpty();
    }

    /** The number of all commands. */
    public int size() {
        return adds.size() + removals.size();
    }

    /** All commands in the order in which they are sent. */
    public List<IpvsCommand> commands() {
        List<IpvsCommand> all = new ArrayList<>(adds);
        all.addAll(removals);
        return all;
    }

    /** With the commands for global settings. */
    public Plan and(IpvsGlobalState.GlobalPlan globals) {
        if (globals.adds().isEmpty() && globals.removals().isEmpty()) {
            return this;
        }
        List<IpvsCommand> allAdds = new ArrayList<>(globals.adds());
        allAdds.addAll(adds);
        List<IpvsCommand> allRemovals = new ArrayList<>(removals);
        allRemovals.addAll(globals.removals());
        return new Plan(allAdds, allRemovals, usable);
    }

    /** Without the commands for some services. */
    public Plan without(Predicate<ServiceKey> hidden) {
        Predicate<IpvsCommand> shown = c -> c.subject().filter(hidden).isEmpty();
        return new Plan(
                adds.stream().filter(shown).toList(),
                removals.stream().filter(shown).toList(),
                usable);
    }

    /** The second stage, given the results of the first. */
    public List<IpvsCommand> removalsAfter(List<ApplyResult> results) {
        Map<ServiceKey, Set<DestinationKey>> missing = new HashMap<>();
        Set<ServiceKey> missingServices = new HashSet<>();
        for (int i = 0; i < adds.size(); i++) {
            if (!results.get(i).applied()) {
                noteFailure(adds.get(i), missing, missingServices);
            }
        }
        return removals.stream()
                .filter(c -> c.subject().isEmpty() || isSafe(c.subject().get(), missing, missingServices))
                .toList();
    }

    private static void noteFailure(
            IpvsCommand command, Map<ServiceKey, Set<DestinationKey>> missing, Set<ServiceKey> services) {
        switch (command) {
            case IpvsCommand.NewDest(var service, var d) ->
                missing.computeIfAbsent(service, _ -> new HashSet<>()).add(d.key());
            case IpvsCommand.SetDest(var service, var d) ->
                missing.computeIfAbsent(service, _ -> new HashSet<>()).add(d.key());
            case IpvsCommand.NewService(var service) -> services.add(service.key());
            case IpvsCommand.SetService _,
                    IpvsCommand.DelService _,
                    IpvsCommand.DelDest _,
                    IpvsCommand.NewDaemon _,
                    IpvsCommand.DelDaemon _,
                    IpvsCommand.SetTimeouts _,
                    IpvsCommand.Zero _,
                    IpvsCommand.ZeroAll _ -> {}
        }
    }

    /** Whether a service is still usable without the destinations that could not be added. */
    private boolean isSafe(
            ServiceKey service, Map<ServiceKey, Set<DestinationKey>> missing, Set<ServiceKey> missingServices) {
        Set<DestinationKey> wanted = usable.getOrDefault(service, Set.of());
        if (wanted.isEmpty()) {
            return true;
        }
        return !missingServices.contains(service)
                && !missing.getOrDefault(service, Set.of()).containsAll(wanted);
    }
}
