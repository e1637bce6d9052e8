package io.lvsd.conf.load;

import io.lvsd.conf.keyword.Endpoint;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.ServerKeywords;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.language.Language;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.value.Forwarding;
import io.lvsd.conf.value.Forwarding.Method;
import io.lvsd.conf.value.IpFamily;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides the address family of a virtual server. An address has one. A firewall mark has that of ip_family or of the first
 * server that is not reached by a tunnel, whichever is written first; else that which all tunnels have; else IPv4. A group may
 * have both if every server is reached by a tunnel.
 */
final class FamilyRule {
    private final Forwarding forwarding;
    private final Settings settings;
    private final Problems problems;

    /** @param settings of the virtual server */
    FamilyRule(Forwarding forwarding, Settings settings, Problems problems) {
        this.forwarding = forwarding;
        this.settings = settings;
        this.problems = problems;
    }

    /** A real server, or the sorry server. */
    private record Peer(IpFamily family, Method method, Origin origin) {
        boolean isTunnel() {
            return method == Method.TUN;
        }
    }

    /** Empty, with the reason reported, if the virtual server is dropped. */
    Optional<Families> families(Served served, Statement block) {
        List<IpFamily> known = served.families();
        if (known.size() > 1) {
            return both(served, block);
        }
        if (known.isEmpty()) {
            return Optional.of(new Families(ofMark(block), false));
        }
        if (settings.get(ServerKeywords.IP_FAMILY)
                .filter(f -> f != known.getFirst())
                .isPresent()) {
            problems.error(
                    settings.originOf(ServerKeywords.IP_FAMILY, block.origin()),
                    "ip_family conflicts with the address, ignored");
        }
        return Optional.of(new Families(known.getFirst(), false));
    }

    private Optional<Families> both(Served served, Statement block) {
        if (served.hasOpenMark()) {
            problems.error(
                    block.origin(),
                    "the group has IPv4, IPv6 and a firewall mark without a family, the virtual server is dropped",
                    "use: fwmark N inet, or fwmark N inet6");
            return Optional.empty();
        }
        Optional<Peer> other = realServers().stream().filter(p -> !p.isTunnel()).findFirst();
        if (other.isPresent()) {
            problems.error(
                    block.origin(),
                    "the group mixes IPv4 and IPv6, which requires lvs_method TUN, and a real server has "
                            + other.get().method() + ", the virtual server is dropped",
                    "define one group for each family, or use lvs_method TUN for every real server");
            return Optional.empty();
        }
        if (settings.mentions(ServerKeywords.IP_FAMILY)) {
            problems.warning(
                    settings.originOf(ServerKeywords.IP_FAMILY, block.origin()),
                    "the group mixes IPv4 and IPv6, ip_family is ignored");
        }
        IpFamily main = settings.get(ServerKeywords.PERSISTENCE_GRANULARITY)
                .filter(g -> !g.ipv4())
                .map(_ -> IpFamily.INET6)
                .orElse(IpFamily.INET);
        return Optional.of(new Families(main, true));
    }

    private IpFamily ofMark(Statement block) {
        List<Peer> servers = realServers();
        Optional<IpFamily> written = settings.get(ServerKeywords.IP_FAMILY);
        Origin at = settings.originOf(ServerKeywords.IP_FAMILY, block.origin());
        Optional<Peer> first = servers.stream().filter(p -> !p.isTunnel()).findFirst();
        if (written.isPresent() && (first.isEmpty() || isBefore(at, first.get().origin()))) {
            return written.get();
        }
        if (first.isPresent()
                && written.isPresent()
                && written.get() != first.get().family()) {
            problems.error(at, "ip_family conflicts with the real server above, ignored");
        }
        List<Peer> all = new ArrayList<>(servers);
        sorry().ifPresent(all::add);
        return all.stream()
                .filter(p -> !p.isTunnel())
                .map(Peer::family)
                .findFirst()
                .orElseGet(() -> common(all));
    }

    private static IpFamily common(List<Peer> tunnels) {
        List<IpFamily> families = tunnels.stream().map(Peer::family).distinct().toList();
        return families.size() == 1 ? families.getFirst() : IpFamily.INET;
    }

    private static boolean isBefore(Origin one, Origin other) {
        return one.file().equals(other.file()) && one.line() < other.line();
    }

    /** Those whose address can be read. What is wrong with the others is reported elsewhere. */
    private List<Peer> realServers() {
        return settings.all(ServerKeywords.REAL_SERVER_BLOCK).stream()
                .flatMap(s -> peer(s).stream())
                .toList();
    }

    private Optional<Peer> peer(Statement server) {
        if (server.words().isEmpty()) {
            return Optional.empty();
        }
        Optional<InetAddress> address =
                IpAddresses.address(server.words().getFirst().text());
        Method method = Language.read(Scope.REAL_SERVER, ConfigBuilder.blockOf(server), new Problems())
                .get(ServerKeywords.RS_METHOD)
                .orElse(forwarding)
                .method();
        return address.map(a -> new Peer(IpFamily.of(a), method, server.origin()));
    }

    private Optional<Peer> sorry() {
        Optional<Endpoint> endpoint = settings.get(ServerKeywords.SORRY_SERVER);
        Method method = settings.get(ServerKeywords.SORRY_SERVER_METHOD)
                .orElse(forwarding)
                .method();
        return endpoint.map(e -> new Peer(IpFamily.of(e.address()), method, e.origin()));
    }
}
