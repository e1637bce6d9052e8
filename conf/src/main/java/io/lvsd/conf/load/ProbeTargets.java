package io.lvsd.conf.load;

import io.lvsd.conf.check.probe.CheckContext;
import io.lvsd.conf.check.probe.ProbeKeywords;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.conf.value.ProbePath;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/** What the checks of one real server connect to, and from where. */
final class ProbeTargets {
    private final CheckContext context;
    private final InetAddress address;
    private final int port;
    private final Optional<ProbePath> path;

    /** @param path through a virtual address; empty: directly to the real server */
    ProbeTargets(CheckContext context, InetAddress address, int port, Optional<ProbePath> path) {
        this.context = context;
        this.address = address;
        this.port = port;
        this.path = path;
    }

    /** Empty, with the reason reported, if the check is dropped. */
    Optional<ProbeAddress> target(Settings check, Origin origin) {
        int target = check.get(ProbeKeywords.CONNECT_PORT).map(Long::intValue).orElse(port);
        if (target == 0) {
            context.problems().error(origin, "no port to probe: the check is dropped", "add: connect_port N");
            return Optional.empty();
        }
        return target(check, origin, target);
    }

    /** @param targetPort 0 for none */
    Optional<ProbeAddress> target(Settings check, Origin origin, int targetPort) {
        InetAddress target = check.get(ProbeKeywords.CONNECT_IP).orElse(address);
        String bindInterface = check.get(ProbeKeywords.BIND_IF).orElse("");
        if (target.isLinkLocalAddress() && bindInterface.isEmpty()) {
            context.problems()
                    .error(
                            check.originOf(ProbeKeywords.CONNECT_IP, origin),
                            "a link-local address requires an interface: the check is dropped",
                            "add: bind_if INTERFACE");
            return Optional.empty();
        }
        ProbeAddress direct = timed(
                check,
                new ProbeAddress(
                        target,
                        targetPort,
                        source(check, target, origin),
                        check.get(ProbeKeywords.BIND_PORT).map(Long::intValue).orElse(0),
                        bindInterface,
                        check.get(ProbeKeywords.CHECK_FWMARK).orElse(0L),
                        timeout(check)));
        boolean hasPath = target.equals(address) && targetPort != 0;
        return Optional.of(path.filter(_ -> hasPath)
                .map(p -> via(p, direct, check, origin))
                .orElse(direct));
    }

    /** The agent's port of the real server. */
    ProbeAddress agent(Settings weightFrom, int agentPort) {
        return timed(weightFrom, new ProbeAddress(address, agentPort, Optional.empty(), 0, "", 0, timeout(weightFrom)));
    }

    private Optional<InetAddress> source(Settings check, InetAddress target, Origin origin) {
        Optional<InetAddress> source = check.get(ProbeKeywords.BINDTO);
        if (source.isPresent() && IpAddresses.isIpv4(source.get()) != IpAddresses.isIpv4(target)) {
            context.problems()
                    .error(
                            check.originOf(ProbeKeywords.BINDTO, origin),
                            "bindto and the target are of different address families, bindto is ignored");
            return Optional.empty();
        }
        return source;
    }

    private Duration timeout(Settings check) {
        return context.inherited(check, ProbeKeywords.CONNECT_TIMEOUT).orElse(CheckLevels.DEFAULT_TIMEOUT);
    }

    private ProbeAddress timed(Settings check, ProbeAddress target) {
        return context.inherited(check, ProbeKeywords.TOTAL_TIMEOUT)
                .map(target::within)
                .orElse(target);
    }

    /** Probes of the real server itself by TCP or UDP go through the virtual address. */
    private ProbeAddress via(ProbePath way, ProbeAddress direct, Settings check, Origin origin) {
        if (direct.mark() != 0) {
            context.problems()
                    .error(
                            check.originOf(ProbeKeywords.CHECK_FWMARK, origin),
                            "via_vip sets the firewall mark of probes, fwmark is ignored",
                            "remove one of them");
        }
        return new ProbeAddress(
                way.address(),
                direct.port(),
                direct.bindAddress(),
                direct.bindPort(),
                direct.bindInterface(),
                way.mark(),
                direct.deadline(),
                direct.total(),
                Optional.of(direct.address()));
    }
}
