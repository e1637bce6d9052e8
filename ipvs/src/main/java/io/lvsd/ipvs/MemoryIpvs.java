package io.lvsd.ipvs;

import io.lvsd.ipvs.ffm.Errno;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ForwardingMethod;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsInfo;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.IpvsStats;
import io.lvsd.ipvs.model.IpvsTimeouts;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import io.lvsd.ipvs.model.SyncDaemon;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/**
 * A table in memory that answers as the kernel does, errors included, and sends nothing: a dry run. It passes the same
 * contract tests as the kernel's.
 */
public final class MemoryIpvs implements IpvsClient {
    private static final Set<String> SCHEDULERS =
            Set.of("rr", "wrr", "lc", "wlc", "lblc", "lblcr", "sh", "mh", "dh", "fo", "ovf", "sed", "nq");
    private static final int MAX_WEIGHT = Integer.MAX_VALUE;

    private static final IpvsInfo INFO = new IpvsInfo("1.2.1", 4096);

    private PSortedMap<ServiceKey, ServiceState> services = TreePMap.empty();
    private final List<SyncDaemon> daemons = new ArrayList<>();
    private IpvsTimeouts timeouts = new IpvsTimeouts(900, 120, 300);

    @Override
    public IpvsSnapshot read() {
        return new IpvsSnapshot(INFO, timeouts, daemons, services);
    }

    @Override
    public IpvsGlobals globals() {
        return new IpvsGlobals(INFO, timeouts, daemons);
    }

    @Override
    public List<ServiceKey> list() {
        return List.copyOf(services.keySet());
    }

    @Override
    public SortedMap<ServiceKey, ServiceState> read(Collection<ServiceKey> keys) {
        SortedMap<ServiceKey, ServiceState> found = new TreeMap<>();
        for (ServiceKey key : keys) {
            ServiceState service = services.get(key);
            if (service != null) {
                found.put(key, service);
            }
        }
        return found;
    }

    @Override
    public List<ApplyResult> apply(List<IpvsCommand> commands) {
        return commands.stream().map(this::apply).toList();
    }

    private ApplyResult apply(IpvsCommand command) {
        Errno error = switch (command) {
            case IpvsCommand.NewService(var service) -> newService(service);
            case IpvsCommand.SetService(var service) -> setService(service);
            case IpvsCommand.DelService(var key) -> deleteService(key);
            case IpvsCommand.NewDest(var key, var dest) -> newDestination(key, dest);
            case IpvsCommand.SetDest(var key, var dest) -> setDestination(key, dest);
            case IpvsCommand.DelDest(var key, var dest) -> {
                ServiceState service = services.get(key);
                if (service == null) {
                    yield Errno.ESRCH;
                }
                if (!service.destinations().containsKey(dest)) {
                    yield Errno.ENOENT;
                }
                services = services.plus(key, service.without(dest));
                yield null;
            }
            case IpvsCommand.NewDaemon(var daemon) -> {
                boolean runs = daemons.stream().anyMatch(d -> d.role() == daemon.role());
                yield runs || !daemons.add(daemon) ? Errno.EEXIST : null;
            }
            case IpvsCommand.DelDaemon(var daemon) ->
                daemons.removeIf(d -> d.role() == daemon.role()) ? null : Errno.ESRCH;
            case IpvsCommand.SetTimeouts(var wanted) -> {
                timeouts = new IpvsTimeouts(
                        wanted.tcp() == 0 ? timeouts.tcp() : wanted.tcp(),
                        wanted.tcpFin() == 0 ? timeouts.tcpFin() : wanted.tcpFin(),
                        wanted.udp() == 0 ? timeouts.udp() : wanted.udp());
                yield null;
            }
            case IpvsCommand.Zero(var key) -> {
                ServiceState service = services.get(key);
                if (service == null) {
                    yield Errno.ESRCH;
                }
                services = services.plus(key, zeroed(service));
                yield null;
            }
            case IpvsCommand.ZeroAll() -> {
                services.forEach((key, service) -> services = services.plus(key, zeroed(service)));
                yield null;
            }
        };
        return ApplyResult.of(command, error == null ? 0 : error.number(), "");
    }

    private @Nullable Errno deleteService(ServiceKey key) {
        if (!services.containsKey(key)) {
            return Errno.ESRCH;
        }
        services = services.minus(key);
        return null;
    }

    private @Nullable Errno newService(IpvsService service) {
        if (services.containsKey(service.key())) {
            return Errno.EEXIST;
        }
        Errno error = validate(service);
        if (error == null) {
            services = services.plus(service.key(), ServiceState.empty(service));
        }
        return error;
    }

    private @Nullable Errno setService(IpvsService service) {
        ServiceState known = services.get(service.key());
        if (known == null) {
            return Errno.ESRCH;
        }
        Errno error = validate(service);
        if (error == null) {
            services = services.plus(service.key(), known.withConfig(service));
        }
        return error;
    }

    private static @Nullable Errno validate(IpvsService service) {
        if (!SCHEDULERS.contains(service.scheduler())) {
            return Errno.ENOENT;
        }
        boolean badPrefix =
                service.key().family() == AddressFamily.INET6 && (service.netmask() < 1 || service.netmask() > 128);
        return badPrefix ? Errno.EINVAL : null;
    }

    private @Nullable Errno newDestination(ServiceKey key, IpvsDestination destination) {
        ServiceState service = services.get(key);
        if (service == null) {
            return Errno.ESRCH;
        }
        Errno error = validate(key, destination);
        if (error != null) {
            return error;
        }
        if (service.destinations().containsKey(destination.key())) {
            return Errno.EEXIST;
        }
        services = services.plus(key, service.with(destination));
        return null;
    }

    private @Nullable Errno setDestination(ServiceKey key, IpvsDestination destination) {
        ServiceState service = services.get(key);
        if (service == null) {
            return Errno.ESRCH;
        }
        Errno error = validate(key, destination);
        if (error != null) {
            return error;
        }
        if (!service.destinations().containsKey(destination.key())) {
            return Errno.ENOENT;
        }
        services = services.plus(key, service.with(destination));
        return null;
    }

    private static @Nullable Errno validate(ServiceKey key, IpvsDestination destination) {
        if (destination.weight() < 0 || destination.weight() > MAX_WEIGHT) {
            return Errno.ERANGE;
        }
        if (destination.lowerThreshold() > destination.upperThreshold()) {
            return Errno.ERANGE;
        }
        boolean foreignFamily = AddressFamily.of(destination.key().address()) != key.family();
        return foreignFamily && !destination.method().equals(ForwardingMethod.TUNNEL) ? Errno.EINVAL : null;
    }

    @Override
    public void close() {}

    private static ServiceState zeroed(ServiceState service) {
        SortedMap<DestinationKey, DestinationState> zero = new TreeMap<>();
        service.destinations()
                .forEach((key, d) -> zero.put(
                        key,
                        new DestinationState(d.config(), d.active(), d.inactive(), d.persistent(), IpvsStats.ZERO)));
        return new ServiceState(service.config(), IpvsStats.ZERO, zero);
    }
}
