package io.lvsd.core.plan;

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
import io.lvsd.sorryserver.setup.Content;
import io.lvsd.sorryserver.setup.ListenerSetup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * Where a sorry server's traffic really has to go. The kernel drops what is translated to loopback, so {@code sorry_server
 * 127.0.0.1 80} means "this director, port 80" and is programmed as something that the kernel delivers (measured on 6.1).
 */
public final class SorryRoutes {
    private SorryRoutes() {}

    /** A destination of weight 1, and what must serve its connections. */
    public record Route(IpvsDestination destination, SorryBackend backend) {}

    /**
     * The route of one service of a virtual server that has a sorry server.
     *
     * @param notice of a maintenance
     */
    public static Route route(
            Target target,
            VirtualServerConfig server,
            SorryServerConfig sorry,
            SorryPorts ports,
            HostFacts host,
            SorryNotice notice) {
        ServiceKey service = Translation.key(target, server);
        if (!host.isLocal(sorry.id().address())) {
            return new Route(asWritten(service, sorry), new SorryBackend.Remote());
        }
        Optional<InetAddress> here = deliverable(target, sorry, host);
        if (here.isEmpty()) {
            return new Route(
                    asWritten(service, sorry),
                    new SorryBackend.Unavailable("this host has no address that clients can be sent to"));
        }
        Service local = new Service(
                service,
                target instanceof Target.Address(var _, int port) ? port : -1,
                server,
                sorry,
                here.get(),
                ports.port(server, target),
                notice);
        return switch (server.protocol().orElse(TransportProtocol.TCP)) {
            case TCP -> local.servicePort() == 0 ? everyPort(local, host) : onePort(local, host);
            case UDP -> udp(local, host);
            case SCTP -> untested(local);
        };
    }

    /**
     * A service whose sorry server is on this host.
     *
     * @param servicePort 0: every port; -1: a firewall mark
     * @param here the address that its packets can be translated to
     * @param listen the port of the built-in sorry server
     */
    private record Service(
            ServiceKey key,
            int servicePort,
            VirtualServerConfig server,
            SorryServerConfig sorry,
            InetAddress here,
            int listen,
            SorryNotice notice) {
        /** The configured port, or that of the service. */
        int port() {
            return sorry.id().port() == 0
                    ? Math.max(servicePort, 1)
                    : sorry.id().port();
        }

        /** A listener of the page. */
        ListenerSetup page(int port) {
            return setup(port, SorryContent.of(server.sorryPage(), notice));
        }

        ListenerSetup setup(int port, Content content) {
            return new ListenerSetup(
                    new InetSocketAddress(here, port), server.id().text(), content);
        }
    }

    private static Route onePort(Service service, HostFacts host) {
        SorryServerConfig sorry = service.sorry();
        InetAddress here = service.here();
        int port = service.port();
        if (service.notice().needsPage()) {
            return translated(here, service.listen(), new SorryBackend.Page(List.of(service.page(service.listen()))));
        }
        boolean everywhere = host.listensEverywhere(port);
        if (everywhere || host.listens(here, port)) {
            Method method = sorry.forwarding().method();
            SorryBackend existing =
                    new SorryBackend.Existing(new InetSocketAddress(everywhere ? loopback(here) : here, port));
            boolean delivered = method != Method.NAT && port == service.servicePort();
            return delivered ? new Route(asWritten(service.key(), sorry), existing) : translated(here, port, existing);
        }
        boolean onLoopback = sorry.id().address().isLoopbackAddress()
                && host.listens(sorry.id().address(), port);
        InetSocketAddress target = new InetSocketAddress(sorry.id().address(), port);
        SorryBackend backend = onLoopback
                ? new SorryBackend.Relay(service.setup(service.listen(), new Content.Relay(target)), target)
                : new SorryBackend.Page(List.of(service.page(service.listen())));
        return translated(here, service.listen(), backend);
    }

    /**
     * The kernel keeps the client's port, whatever the destination's. So the page listens on each of the configured ports, except
     * those where another program listens, which then answers.
     */
    private static Route everyPort(Service service, HostFacts host) {
        InetAddress here = service.here();
        List<Integer> ports = service.server().sorryPage().ports();
        List<Integer> existing = ports.stream()
                .filter(p -> host.listensEverywhere(p) || host.listens(here, p))
                .toList();
        List<ListenerSetup> setups = ports.stream()
                .filter(p -> !existing.contains(p))
                .map(service::page)
                .toList();
        if (!setups.isEmpty()) {
            return translated(here, 0, new SorryBackend.Page(setups));
        }
        if (!existing.isEmpty()) {
            int port = existing.getFirst();
            InetAddress test = host.listensEverywhere(port) ? loopback(here) : here;
            return translated(here, 0, new SorryBackend.Existing(new InetSocketAddress(test, port)));
        }
        return new Route(
                asWritten(service.key(), service.sorry()),
                new SorryBackend.Unavailable("a service for all ports requires ports of the page: set 'ports' in"
                        + " sorry_page to ports that no other virtual server uses"));
    }

    /** DNS gets SERVFAIL, unless a DNS server listens here. Listeners for other UDP ports are not known, and not tested. */
    private static Route udp(Service service, HostFacts host) {
        boolean everyPort = service.servicePort() == 0;
        if (!everyPort && service.servicePort() != SorryPorts.DNS
                || !everyPort && service.port() != SorryPorts.DNS
                || host.hasDns(service.here())) {
            return untested(service);
        }
        int listen = everyPort ? SorryPorts.DNS : service.listen();
        return translated(
                service.here(),
                everyPort ? 0 : listen,
                new SorryBackend.Page(List.of(service.setup(listen, new Content.DnsFailure()))));
    }

    private static Route untested(Service service) {
        int port = service.servicePort() == 0 ? 0 : service.port();
        return translated(service.here(), port, new SorryBackend.Remote());
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
