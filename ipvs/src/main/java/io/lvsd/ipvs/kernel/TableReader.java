package io.lvsd.ipvs.kernel;

import io.lvsd.ipvs.codec.IpvsCodec;
import io.lvsd.ipvs.codec.IpvsUapi;
import io.lvsd.ipvs.codec.ServiceDecoder;
import io.lvsd.ipvs.ffm.Errno;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.IpvsStats;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import io.lvsd.ipvs.netlink.AttrReader;
import io.lvsd.ipvs.netlink.GenlClient;
import io.lvsd.ipvs.netlink.GenlClient.Outcome;
import io.lvsd.ipvs.netlink.NetlinkException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/**
 * Reads services with their destinations, and remembers them: what is unchanged since the last reading is the same object, up
 * to the map of all services. Dumps are decoded in place. After an exception the reader cannot be used any more. Used by one
 * thread.
 */
final class TableReader {
    private static final byte[] ALL = new byte[0];
    /** The map is built again instead of changed if more than one of this number of services changed. */
    private static final int FEW = 4;

    private final Map<ServiceKey, KnownService> known = new HashMap<>();
    private final DestinationsReader destinations = new DestinationsReader();
    private final ServicesReader listing = new ServicesReader();
    /** The services of the last complete reading, in its order. */
    private List<KnownService> order = List.of();

    private PSortedMap<ServiceKey, ServiceState> services = TreePMap.empty();

    /** One message about a service; {@code known} is null if it is new. */
    private record Listed(
            IpvsService config, IpvsStats stats, @Nullable KnownService known) {}

    private final class ServicesReader implements GenlClient.Messages {
        private final ServiceDecoder decoder = new ServiceDecoder();
        private final List<Listed> read = new ArrayList<>();
        /** The next place in {@link #order}. */
        private int expected;
        /** The service that is requested, if it is known. */
        private @Nullable KnownService requested;

        @Override
        public void begin() {
            read.clear();
            expected = 0;
        }

        @Override
        public void message(AttrReader attributes) {
            decoder.decode(attributes);
            KnownService then = find();
            ServiceState state = then == null ? null : then.state();
            read.add(new Listed(
                    decoder.config(state == null ? null : state.config()),
                    decoder.stats(state == null ? IpvsStats.ZERO : state.stats()),
                    then));
        }

        /** As it was: at this place, or at the next if one was removed, or anywhere. */
        private @Nullable KnownService find() {
            KnownService one = requested;
            if (one != null && decoder.isAbout(one.key())) {
                return one;
            }
            int end = Math.min(expected + 2, order.size());
            for (int i = expected; i < end; i++) {
                if (decoder.isAbout(order.get(i).key())) {
                    expected = i + 1;
                    return order.get(i);
                }
            }
            return known.isEmpty() ? null : known.get(decoder.key());
        }
    }

    /** All services. */
    PSortedMap<ServiceKey, ServiceState> read(GenlClient ipvs) {
        List<KnownService> changed = new ArrayList<>();
        List<KnownService> present = new ArrayList<>();
        for (Listed service : dump(ipvs)) {
            present.add(update(ipvs, service, changed));
        }
        order = present;
        Set<ServiceKey> gone = Set.of();
        if (known.size() != present.size()) {
            gone = new HashSet<>(known.keySet());
            known.clear();
            present.forEach(s -> known.put(s.key(), s));
            gone.removeAll(known.keySet());
        }
        publish(changed, gone);
        return services;
    }

    /** Some services; one that is not in the table has no entry. */
    SortedMap<ServiceKey, ServiceState> read(GenlClient ipvs, Collection<ServiceKey> keys) {
        List<KnownService> changed = new ArrayList<>();
        Set<ServiceKey> gone = new HashSet<>();
        SortedMap<ServiceKey, ServiceState> found = new TreeMap<>();
        for (ServiceKey key : keys) {
            Listed service = get(ipvs, key);
            if (service == null) {
                gone.add(key);
            } else {
                found.put(key, update(ipvs, service, changed).state());
            }
        }
        if (known.keySet().removeAll(gone)) {
            order = order.stream().filter(s -> !gone.contains(s.key())).toList();
        }
        publish(changed, gone);
        return found;
    }

    /** The keys of all services, in the order of the kernel. */
    List<ServiceKey> list(GenlClient ipvs) {
        return dump(ipvs).stream().map(s -> s.config().key()).toList();
    }

    private List<Listed> dump(GenlClient ipvs) {
        listing.requested = null;
        ipvs.dump(IpvsUapi.IPVS_CMD_GET_SERVICE, ALL, ServiceDecoder.NAME, listing);
        return listing.read;
    }

    private @Nullable Listed get(GenlClient ipvs, ServiceKey key) {
        KnownService then = known.get(key);
        byte[] request = then == null ? IpvsCodec.serviceKey(key) : then.request();
        listing.requested = then;
        Outcome outcome = ipvs.get(IpvsUapi.IPVS_CMD_GET_SERVICE, request, ServiceDecoder.NAME, listing);
        if (outcome.errno() == Errno.ESRCH.number()) {
            return null;
        }
        String operation = "GET_SERVICE " + key;
        if (!outcome.ok()) {
            throw NetlinkException.of(operation, outcome.errno());
        }
        if (listing.read.isEmpty()) {
            throw new NetlinkException(operation + ": acknowledged without an answer");
        }
        return listing.read.getFirst();
    }

    /** Reads the destinations of a service. */
    private KnownService update(GenlClient ipvs, Listed service, List<KnownService> changed) {
        KnownService then = service.known();
        KnownService now = then == null ? new KnownService(service.config()) : then;
        destinations.read(ipvs, now);
        boolean differs = now.update(service.config(), service.stats(), destinations);
        if (then == null) {
            known.put(now.key(), now);
        }
        if (differs || then == null) {
            changed.add(now);
        }
        return now;
    }

    private void publish(List<KnownService> changed, Set<ServiceKey> gone) {
        if (changed.size() * FEW > known.size()) {
            SortedMap<ServiceKey, ServiceState> all = new TreeMap<>();
            known.forEach((key, service) -> all.put(key, service.state()));
            services = TreePMap.fromSortedMap(all);
            return;
        }
        services = gone.isEmpty() ? services : services.minusAll(gone);
        for (KnownService service : changed) {
            services = services.plus(service.key(), service.state());
        }
    }
}
