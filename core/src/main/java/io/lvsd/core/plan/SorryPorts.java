package io.lvsd.core.plan;

import io.lvsd.conf.model.SorryPort;
import io.lvsd.conf.model.Target;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.conf.value.IpFamily;
import io.lvsd.conf.value.TransportProtocol;
import io.lvsd.ipvs.model.Addresses;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * On which ports the built-in sorry server listens for each virtual server. Two virtual servers never share a listener, as page,
 * counters and maintenance of the one would apply to the clients of the other. Of several virtual servers with one address,
 * ordered by protocol and port, the first one gets the configured port, and each other one the next port that is free there.
 * Does not depend on the order of the file, nor on this host. Immutable.
 */
public final class SorryPorts {
    /** DNS: the only UDP port that the built-in sorry server serves. */
    public static final int DNS = 53;

    private static final int LAST = 65_535;
    /** After the last port, ports are searched from here. */
    private static final int FIRST = 1_024;

    public static final SorryPorts NONE = of(List.of());

    private final List<Need> needs;
    private final Map<Use, Integer> ports = new HashMap<>();
    private final Map<Claim, VsId> owners = new HashMap<>();
    private final Set<Integer> numbers = new HashSet<>();

    // used while ports are assigned
    private final Map<Claim, Set<VsId>> services = new HashMap<>();
    private final Map<Claim, Integer> searched = new HashMap<>();

    /**
     * Where listeners are.
     *
     * @param address empty: the address of this host that serves firewall marks of the family
     */
    private record Place(Optional<InetAddress> address, IpFamily family) {
        static final Comparator<Place> ORDER =
                Comparator.comparing(p -> p.address().orElse(null), Comparator.nullsLast(Addresses.ORDER));
    }

    private record Claim(Place place, int port) {}

    private record Use(VsId server, Place place) {}

    /** What decides on the ports of a virtual server. */
    private record Need(
            VsId id,
            Optional<TransportProtocol> protocol,
            List<Target> targets,
            Optional<InetAddress> sorry,
            SorryPort port,
            List<Integer> pagePorts) {
        static Need of(VirtualServerConfig server) {
            return new Need(
                    server.id(),
                    server.protocol(),
                    server.targets(),
                    server.sorry().map(s -> s.id().address()),
                    server.sorryPort(),
                    server.sorryPage().ports());
        }

        List<Place> places() {
            return targets.stream()
                    .map(t -> place(t, sorry.orElseThrow()))
                    .distinct()
                    .toList();
        }

        /** The smallest port of its services at a place; that of a firewall mark is the mark. */
        long firstPort(Place place) {
            return targets.stream()
                    .filter(t -> place(t, sorry.orElseThrow()).equals(place))
                    .mapToLong(t -> switch (t) {
                        case Target.Address(var _, int p) -> p;
                        case Target.Fwmark(long mark, var _) -> mark;
                    })
                    .min()
                    .orElse(0);
        }
    }

    private SorryPorts(List<Need> needs) {
        this.needs = needs;
    }

    /** Of all virtual servers of a configuration. */
    public static SorryPorts of(List<VirtualServerConfig> servers) {
        SorryPorts ports = new SorryPorts(servers.stream().map(Need::of).toList());
        ports.assign();
        return ports;
    }

    /** The ports of another configuration; the same object if nothing that decides on them differs. */
    public SorryPorts with(List<VirtualServerConfig> servers) {
        List<Need> others = servers.stream().map(Need::of).toList();
        if (others.equals(needs)) {
            return this;
        }
        SorryPorts ports = new SorryPorts(others);
        ports.assign();
        return ports;
    }

    // ---- results

    /** The port on which the built-in sorry server serves a target of a virtual server that has a sorry server. */
    public int port(VirtualServerConfig server, Target target) {
        return server.sorry()
                .map(s -> ports.get(new Use(server.id(), place(target, s.id().address()))))
                .orElse(server.sorryPort().number());
    }

    /** Whether no virtual server but this one may listen on an address and port. */
    public boolean isFree(InetSocketAddress listener, VsId server) {
        InetAddress address = listener.getAddress();
        IpFamily family = IpFamily.of(address);
        return isOwnOrNone(new Place(Optional.of(address), family), listener.getPort(), server)
                && isOwnOrNone(new Place(Optional.empty(), family), listener.getPort(), server);
    }

    private boolean isOwnOrNone(Place place, int port, VsId server) {
        VsId owner = owners.get(new Claim(place, port));
        return owner == null || owner.equals(server);
    }

    /** The virtual servers whose ports differ from those of another configuration. */
    public Set<VsId> movedFrom(SorryPorts former) {
        Set<VsId> moved = new HashSet<>();
        if (former.ports.equals(ports)) {
            return moved;
        }
        ports.forEach((use, port) -> {
            if (!Objects.equals(former.ports.get(use), port)) {
                moved.add(use.server());
            }
        });
        return moved;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SorryPorts o && ports.equals(o.ports) && owners.equals(o.owners);
    }

    @Override
    public int hashCode() {
        return ports.hashCode();
    }

    // ---- assignment

    private static Place place(Target target, InetAddress sorry) {
        if (!sorry.isLoopbackAddress()) {
            return new Place(Optional.of(sorry), IpFamily.of(sorry));
        }
        return switch (target) {
            case Target.Address(var address, int _) -> new Place(Optional.of(address), IpFamily.of(address));
            case Target.Fwmark(long _, var family) -> new Place(Optional.empty(), family);
        };
    }

    private void assign() {
        List<Need> sorry = needs.stream().filter(n -> n.sorry().isPresent()).toList();
        needs.forEach(this::enterServices);
        sorry.stream().filter(n -> n.port().fixed()).forEach(this::claimFixed);
        sorry.forEach(this::claimPagePorts);
        record Request(Need need, Place place) {}
        List<Request> requests = new ArrayList<>();
        for (Need need : sorry) {
            need.places().forEach(place -> requests.add(new Request(need, place)));
        }
        requests.sort(Comparator.comparing(Request::place, Place.ORDER)
                .thenComparing(r -> r.need().protocol().map(Enum::ordinal).orElse(0))
                .thenComparingLong(r -> r.need().firstPort(r.place()))
                .thenComparing(r -> r.need().id().text()));
        requests.forEach(r -> assign(r.need(), r.place()));
        services.clear();
        searched.clear();
    }

    private void enterServices(Need need) {
        for (Target target : need.targets()) {
            if (target instanceof Target.Address(var address, int port)) {
                Place place = new Place(Optional.of(address), IpFamily.of(address));
                services.computeIfAbsent(new Claim(place, port), _ -> new HashSet<>())
                        .add(need.id());
            }
        }
    }

    private void claimFixed(Need need) {
        for (Place place : need.places()) {
            if (claim(need, place, need.port().number())) {
                ports.put(new Use(need.id(), place), need.port().number());
            }
        }
    }

    private void claimPagePorts(Need need) {
        for (Target target : need.targets()) {
            if (target instanceof Target.Address(var _, int port) && port == 0) {
                Place place = place(target, need.sorry().orElseThrow());
                List<Integer> all =
                        need.protocol().filter(p -> p == TransportProtocol.TCP).isPresent()
                                ? need.pagePorts()
                                : List.of(DNS);
                all.forEach(p -> claim(need, place, p));
            }
        }
    }

    private boolean claim(Need need, Place place, int port) {
        numbers.add(port);
        VsId owner = owners.putIfAbsent(new Claim(place, port), need.id());
        return owner == null || owner.equals(need.id());
    }

    private void assign(Need need, Place place) {
        if (ports.containsKey(new Use(need.id(), place))) {
            return;
        }
        int base = need.port().number();
        Claim start = new Claim(place, base);
        int port = searched.getOrDefault(start, base);
        for (int tried = 0; tried <= LAST && !isUsable(need, place, port); tried++) {
            port = port == LAST ? FIRST : port + 1;
        }
        claim(need, place, port);
        searched.put(start, port);
        ports.put(new Use(need.id(), place), port);
    }

    private boolean isUsable(Need need, Place place, int port) {
        if (place.address().isEmpty()) {
            // It may be any address of this host.
            return !numbers.contains(port);
        }
        @Nullable Set<VsId> used = services.get(new Claim(place, port));
        boolean others = used != null && used.stream().anyMatch(id -> !id.equals(need.id()));
        return !others
                && !owners.containsKey(new Claim(place, port))
                && !owners.containsKey(new Claim(new Place(Optional.empty(), place.family()), port));
    }
}
