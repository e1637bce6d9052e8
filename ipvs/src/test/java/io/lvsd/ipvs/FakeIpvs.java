package io.lvsd.ipvs;

import io.lvsd.ipvs.ffm.Errno;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** A table for tests: keeps the contract, records every command, and fails those that a test selects. */
public final class FakeIpvs implements IpvsClient {
    private final MemoryIpvs table = new MemoryIpvs();
    private final List<IpvsCommand> seen = new ArrayList<>();
    private final Map<List<Object>, Long> active = new HashMap<>();
    private Predicate<IpvsCommand> refused = _ -> false;
    private Runnable afterEach = () -> {};

    /** From now on the kernel refuses these with EINVAL. */
    public void refuse(Predicate<IpvsCommand> commands) {
        refused = commands;
    }

    /** Called after every single command. */
    public void afterEach(Runnable observer) {
        afterEach = observer;
    }

    /** Every command so far, carried out or not. */
    public List<IpvsCommand> seen() {
        return List.copyOf(seen);
    }

    public void forget() {
        seen.clear();
    }

    /** From now on a destination has so many active connections, whenever it is there. */
    public void connect(ServiceKey service, DestinationKey destination, long count) {
        active.put(List.of(service, destination), count);
    }

    @Override
    public IpvsSnapshot read() {
        IpvsSnapshot read = table.read();
        SortedMap<ServiceKey, ServiceState> services = new TreeMap<>();
        read.services().forEach((key, service) -> services.put(key, connected(key, service)));
        return new IpvsSnapshot(read.info(), read.timeouts(), read.daemons(), services);
    }

    @Override
    public IpvsGlobals globals() {
        return table.globals();
    }

    @Override
    public List<ServiceKey> list() {
        return table.list();
    }

    @Override
    public SortedMap<ServiceKey, ServiceState> read(Collection<ServiceKey> keys) {
        SortedMap<ServiceKey, ServiceState> services = table.read(keys);
        services.replaceAll(this::connected);
        return services;
    }

    private ServiceState connected(ServiceKey key, ServiceState service) {
        SortedMap<DestinationKey, DestinationState> destinations = new TreeMap<>();
        service.destinations()
                .forEach((at, d) -> destinations.put(
                        at,
                        new DestinationState(
                                d.config(),
                                active.getOrDefault(List.of(key, at), 0L),
                                d.inactive(),
                                d.persistent(),
                                d.stats())));
        return new ServiceState(service.config(), service.stats(), destinations);
    }

    @Override
    public List<ApplyResult> apply(List<IpvsCommand> commands) {
        List<ApplyResult> results = new ArrayList<>();
        for (IpvsCommand command : commands) {
            seen.add(command);
            results.add(
                    refused.test(command)
                            ? new ApplyResult.Rejected(Errno.EINVAL.number(), "")
                            : table.apply(List.of(command)).getFirst());
            afterEach.run();
        }
        return results;
    }

    @Override
    public void close() {
        table.close();
    }
}
