package io.lvsd.core.plan;

import io.lvsd.conf.model.Persistence;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.Target;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.value.Forwarding;
import io.lvsd.conf.value.IpFamily;
import io.lvsd.conf.value.ProbePath;
import io.lvsd.conf.value.TransportProtocol;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.ForwardingMethod;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.Protocol;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.Tunnel;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Virtual servers and real servers of the configuration as IPVS services and destinations. */
public final class Translation {
    private Translation() {}

    /** The services of a virtual server, in the order of its targets. */
    public static List<ServiceKey> keys(VirtualServerConfig server) {
        List<Target> targets = server.targets();
        return targets.size() == 1
                ? List.of(key(targets.getFirst(), server))
                : targets.stream().map(t -> key(t, server)).toList();
    }

    /** The services that probes through a virtual address need, each with its one real server. */
    public static Map<ServiceKey, RealServerConfig> paths(VirtualServerConfig server) {
        Map<ServiceKey, RealServerConfig> paths = new LinkedHashMap<>();
        server.realServers().forEach(rs -> rs.path().ifPresent(p -> paths.put(path(p.address(), p.mark()), rs)));
        return paths;
    }

    /** The service that handles a marked probe to a virtual address. */
    public static ServiceKey path(InetAddress virtual, long mark) {
        return new ServiceKey.FwmarkKey(family(IpFamily.of(virtual)), mark);
    }

    /** Whether a service only carries probes. */
    public static boolean isPath(ServiceKey key) {
        return key instanceof ServiceKey.FwmarkKey(var _, long mark) && ProbePath.isMark(mark);
    }

    public static ServiceKey key(Target target, VirtualServerConfig server) {
        return switch (target) {
            case Target.Address(var address, int port) ->
                new ServiceKey.AddressKey(protocol(server.protocol().orElse(TransportProtocol.TCP)), address, port);
            case Target.Fwmark(long mark, IpFamily family) -> new ServiceKey.FwmarkKey(family(family), mark);
        };
    }

    private static Protocol protocol(TransportProtocol protocol) {
        return switch (protocol) {
            case TCP -> Protocol.TCP;
            case UDP -> Protocol.UDP;
            case SCTP -> Protocol.SCTP;
        };
    }

    private static AddressFamily family(IpFamily family) {
        return switch (family) {
            case INET -> AddressFamily.INET;
            case INET6 -> AddressFamily.INET6;
        };
    }

    static IpvsService service(ServiceKey key, VirtualServerConfig server) {
        long flags = server.schedulerFlags() | (server.onePacket() ? IpvsService.ONE_PACKET : 0);
        long whole = IpvsService.wholeAddress(key.family());
        return server.persistence()
                .map((Persistence p) -> new IpvsService(
                        key,
                        server.scheduler(),
                        flags | IpvsService.PERSISTENT,
                        p.timeoutSeconds(),
                        key.family() == family(server.family()) ? p.granularity() : whole,
                        p.engine()))
                .orElseGet(() -> new IpvsService(key, server.scheduler(), flags, 0, whole, ""));
    }

    /** NAT uses the port of the real server, the other methods that of the service; a firewall mark has none. */
    static DestinationKey destination(ServiceKey service, RsId server, Forwarding forwarding) {
        int servicePort = service instanceof ServiceKey.AddressKey(var _, var _, int port) ? port : 0;
        boolean own = forwarding.method() == Forwarding.Method.NAT && server.port() != 0;
        return new DestinationKey(server.address(), own ? server.port() : servicePort);
    }

    static ForwardingMethod method(Forwarding forwarding) {
        return switch (forwarding.method()) {
            case NAT -> ForwardingMethod.MASQ;
            case DR -> ForwardingMethod.DROUTE;
            case TUN -> ForwardingMethod.TUNNEL;
        };
    }

    static Tunnel tunnel(Forwarding forwarding) {
        int type = switch (forwarding.encapsulation()) {
            case IPIP -> Tunnel.IPIP;
            case GUE -> Tunnel.GUE;
            case GRE -> Tunnel.GRE;
        };
        int flags = switch (forwarding.checksum()) {
            case NOCSUM -> Tunnel.NOCSUM;
            case CSUM -> Tunnel.CSUM;
            case REMCSUM -> Tunnel.REMCSUM;
        };
        return new Tunnel(type, forwarding.port(), flags);
    }
}
