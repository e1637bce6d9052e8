package io.lvsd.core.plan;

import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.SorryServerConfig;
import io.lvsd.conf.model.Target;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.Forwarding;
import io.lvsd.conf.value.Forwarding.Method;
import io.lvsd.conf.value.IpFamily;
import io.lvsd.conf.value.TransportProtocol;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.ForwardingMethod;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.ServiceKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Where a sorry server's traffic really has to go. The kernel drops what is translated to loopback, so {@code sorry_server
 * 127.0.0.1 80} means "this director, port 80" and is programmed as something that the kernel delivers (measured on 6.1).
 */
public final class SorryRoutes {
    private SorryRoutes() {}

    /** A destination of weight 1, and what must serve its connections. */
    public record Route(IpvsDestination destination, SorryBackend backend) {}

    /** The route of one service of a virtual server that has a sorry server. */
    public static Route route(Target target, VirtualServerConfig server, SorryServerConfig sorry, HostFacts host) {
        ServiceKey service = Translation.key(target, server);
        RsId id = sorry.id();
        if (!host.isLocal(id.address())) {
            return new Route(asWritten(service, sorry), new SorryBackend.Remote());
        }
        boolean tcp = server.protocol().map(p -> p == TransportProtocol.TCP).orElse(true);
        int servicePort = target instanceof Target.Address(var _, int port) ? port : -1;
        if (servicePort == 0) {
            return new Route(
                    asWritten(service, sorry),
                    new SorryBackend.Unavailable(
                            "a service for all ports keeps the client's port: no page can answer"));
        }
        Optional<InetAddress> here = deliverable(target, sorry, host);
        if (here.isEmpty()) {
            return new Route(
                    asWritten(service, sorry),
                    new SorryBackend.Unavailable("this host has no address that clients can be sent to"));
        }
        int port = id.port() == 0 ? Math.max(servicePort, 1) : id.port();
        return tcp
                ? local(service, server, sorry, here.get(), port, servicePort, host)
                : translated(here.get(), port, new SorryBackend.Remote());
    }

    private static Route local(
            ServiceKey service,
            VirtualServerConfig server,
            SorryServerConfig sorry,
            InetAddress here,
            int port,
            int servicePort,
            HostFacts host) {
        boolean everywhere = host.listensEverywhere(port);
        if (everywhere || host.listens(here, port)) {
            Method method = sorry.forwarding().method();
            SorryBackend existing =
                    new SorryBackend.Existing(new InetSocketAddress(everywhere ? loopback(here) : here, port));
            boolean delivered = method != Method.NAT && port == servicePort;
            return delivered ? new Route(asWritten(service, sorry), existing) : translated(here, port, existing);
        }
        InetSocketAddress listen =
                new InetSocketAddress(here, server.sorryPort().number());
        boolean onLoopback = sorry.id().address().isLoopbackAddress()
                && host.listens(sorry.id().address(), port);
        SorryBackend backend = onLoopback
                ? new SorryBackend.Relay(
                        listen, new InetSocketAddress(sorry.id().address(), port))
                : new SorryBackend.Page(listen);
        return translated(here, server.sorryPort().number(), backend);
    }

    /** An address that packets for this service may be translated to: the sorry server's own, the VIP, or any of the host. */
    private static Optional<InetAddress> deliverable(Target target, SorryServerConfig sorry, HostFacts host) {
        InetAddress written = sorry.id().address();
        if (!written.isLoopbackAddress()) {
            return Optional.of(written);
        }
        return switch (target) {
            case Target.Address(var address, int _) -> Optional.of(address);
            case Target.Fwmark(long _, IpFamily family) ->
                host.addresses().stream()
                        .filter(a -> IpFamily.of(a) == family && !a.isLoopbackAddress() && !a.isLinkLocalAddress())
                        .min(io.lvsd.ipvs.model.Addresses.ORDER);
        };
    }

    private static InetAddress loopback(InetAddress like) {
        byte[] bytes = like.getAddress().length == 4 ? new byte[] {127, 0, 0, 1} : new byte[16];
        bytes[bytes.length - 1] = 1;
        return IpAddresses.ofBytes(bytes);
    }

    private static Route translated(InetAddress address, int port, SorryBackend backend) {
        return new Route(IpvsDestination.of(new DestinationKey(address, port), ForwardingMethod.MASQ, 1), backend);
    }

    /** The destination of a sorry server as it is configured. */
    public static DestinationKey configured(ServiceKey service, SorryServerConfig sorry) {
        return asWritten(service, sorry).key();
    }

    private static IpvsDestination asWritten(ServiceKey service, SorryServerConfig sorry) {
        Forwarding forwarding = sorry.forwarding();
        return new IpvsDestination(
                Translation.destination(service, sorry.id(), forwarding),
                Translation.method(forwarding),
                1,
                0,
                0,
                Translation.tunnel(forwarding));
    }
}
