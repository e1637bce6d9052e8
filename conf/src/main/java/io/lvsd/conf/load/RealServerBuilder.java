package io.lvsd.conf.load;

import io.lvsd.conf.keyword.AddressTypes;
import io.lvsd.conf.keyword.Endpoint;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Script;
import io.lvsd.conf.keyword.ServerKeywords;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.language.Language;
import io.lvsd.conf.model.CheckConfig;
import io.lvsd.conf.model.NotifyScripts;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.SorryServerConfig;
import io.lvsd.conf.model.Target;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.source.ProgramReference;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.value.Forwarding;
import io.lvsd.conf.value.Forwarding.Method;
import io.lvsd.conf.value.IpFamily;
import io.lvsd.conf.value.ProbePath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Real servers and the sorry server of one virtual server. */
final class RealServerBuilder {
    private final Settings lvsd;
    private final Definitions definitions;
    private final Settings virtualServer;
    private final Forwarding forwarding;
    private final Families families;
    private final int servicePort;
    private final Set<Integer> ports;
    private final boolean group;
    private final Optional<Target.Address> via;
    private final ProbePaths paths;
    private final LostChecks lost;
    private final ServerReuse reuse;
    private final Problems problems;

    /**
     * @param ports those of the service, which differ only between the entries of a group; 0 is none
     * @param via where probes go that travel the path of user traffic; empty: they go straight to the real server
     */
    RealServerBuilder(
            Settings lvsd,
            Definitions definitions,
            Settings virtualServer,
            Forwarding forwarding,
            Families families,
            Set<Integer> ports,
            boolean group,
            Optional<Target.Address> via,
            ProbePaths paths,
            LostChecks lost,
            ServerReuse reuse,
            Problems problems) {
        this.lvsd = lvsd;
        this.definitions = definitions;
        this.virtualServer = virtualServer;
        this.forwarding = forwarding;
        this.families = families;
        this.servicePort = ports.size() == 1 ? ports.iterator().next() : 0;
        this.ports = ports;
        this.group = group;
        this.via = via;
        this.paths = paths;
        this.lost = lost;
        this.reuse = reuse;
        this.problems = problems;
    }

    Optional<RealServer> build(Statement block) {
        Settings settings = Language.read(Scope.REAL_SERVER, ConfigBuilder.blockOf(block), problems);
        Optional<Endpoint> endpoint = AddressTypes.readEndpoint(block, problems);
        if (endpoint.isEmpty()) {
            return Optional.empty();
        }
        Forwarding own = settings.get(ServerKeywords.RS_METHOD).orElse(forwarding);
        if (!fits(endpoint.get(), own, "real server")) {
            return Optional.empty();
        }
        RsId id = new RsId(endpoint.get().address(), port(endpoint.get(), own));
        Optional<ProbePath> path = via.flatMap(v -> path(v, id, own, block.origin()));
        Optional<Script> up = settings.get(ServerKeywords.NOTIFY_UP);
        Optional<Script> down = settings.get(ServerKeywords.NOTIFY_DOWN);
        List<ProgramReference> programs = new ArrayList<>();
        up.ifPresent(s -> programs.add(Definitions.reference("notify_up of " + id, s)));
        down.ifPresent(s -> programs.add(Definitions.reference("notify_down of " + id, s)));
        RealServerConfig config = new RealServerConfig(
                id,
                settings.get(ServerKeywords.RS_SNMP_NAME),
                settings.get(ServerKeywords.SNMP_INDEX)
                        .map(n -> OptionalInt.of(n.intValue()))
                        .orElse(OptionalInt.empty()),
                settings.get(ServerKeywords.RS_WEIGHT)
                        .or(() -> virtualServer.get(ServerKeywords.VS_WEIGHT))
                        .orElse(1L),
                own,
                settings.get(ServerKeywords.UTHRESHOLD).orElse(0L),
                lowerThreshold(settings, block.origin()),
                settings.get(ServerKeywords.INHIBIT_ON_FAILURE)
                        .or(() -> virtualServer.get(ServerKeywords.INHIBIT_ON_FAILURE))
                        .orElse(false),
                settings.get(ServerKeywords.PROXY_PROTOCOL)
                        .or(() -> virtualServer.get(ServerKeywords.PROXY_PROTOCOL))
                        .or(() -> lvsd.get(ServerKeywords.PROXY_PROTOCOL))
                        .orElse(false),
                settings.get(ServerKeywords.SLOW_START)
                        .or(() -> virtualServer.get(ServerKeywords.SLOW_START))
                        .or(() -> lvsd.get(ServerKeywords.SLOW_START))
                        .orElse(Duration.ZERO),
                new NotifyScripts(
                        up.map(definitions::program),
                        down.map(definitions::program),
                        settings.get(ServerKeywords.SMTP_ALERT).orElse(definitions.mails(true))),
                path,
                reuse.shared(CheckLevels.defaults(List.of(settings, virtualServer, lvsd))),
                lost.completed(checks(settings, endpoint.get(), id, path, block.origin(), programs), block, id));
        return Optional.of(new RealServer(config, block.origin(), programs));
    }

    /** The kernel refuses a server whose lower threshold is above the upper one, or has no upper one. */
    private long lowerThreshold(Settings settings, Origin origin) {
        long lower = settings.get(ServerKeywords.LTHRESHOLD).orElse(0L);
        long upper = settings.get(ServerKeywords.UTHRESHOLD).orElse(0L);
        if (lower <= upper) {
            return lower;
        }
        problems.error(
                settings.originOf(ServerKeywords.LTHRESHOLD, origin),
                upper == 0
                        ? "lthreshold requires uthreshold, ignored"
                        : "lthreshold " + lower + " is greater than uthreshold " + upper + ", ignored",
                "set uthreshold to " + lower + " or more");
        return 0;
    }

    /** The family must be the service's, unless a tunnel carries it. */
    private boolean fits(Endpoint endpoint, Forwarding own, String what) {
        boolean same = IpFamily.of(endpoint.address()) == families.main() && !families.both();
        if (same || own.method() == Method.TUN) {
            return true;
        }
        problems.error(
                endpoint.origin(),
                families.both()
                        ? what + " cannot serve both IPv4 and IPv6, skipped"
                        : what + " and virtual server are of different address families, the " + what + " is skipped",
                "only lvs_method TUN can mix families");
        return false;
    }

    /** No port: the service's. Another port than the service's: only NAT can do that. */
    private int port(Endpoint endpoint, Forwarding own) {
        int written = endpoint.port();
        boolean keeps = own.method() != Method.NAT && written != 0;
        if (group) {
            if (keeps && ports.stream().anyMatch(p -> p != written)) {
                problems.reportedByKeepalived(
                        endpoint.origin(),
                        own.method() + " cannot change the port: the group has entries with other ports than "
                                + written,
                        "remove the port, or use lvs_method NAT");
            }
            return written;
        }
        if (keeps && written != servicePort) {
            problems.reportedByKeepalived(
                    endpoint.origin(),
                    own.method() + " cannot change the port: " + servicePort + " is used instead of " + written,
                    "use lvs_method NAT");
        }
        return own.method() != Method.NAT || written == 0 ? servicePort : written;
    }

    private Optional<ProbePath> path(Target.Address virtual, RsId id, Forwarding own, Origin origin) {
        String reason = "";
        if (own.method() == Method.NAT) {
            reason = "NAT";
        } else if (IpFamily.of(id.address()) != IpFamily.of(virtual.address())) {
            reason = "a tunnel between address families";
        }
        if (!reason.isEmpty()) {
            problems.warning(origin, "via_vip has no effect with " + reason + ": probes are sent directly to " + id);
            return Optional.empty();
        }
        Optional<ProbePath> path = paths.path(virtual.address(), virtual.port(), id);
        if (path.isEmpty()) {
            problems.error(origin, "via_vip supports at most 32,768 real servers: probes are sent directly to " + id);
        }
        return path;
    }

    private List<CheckConfig> checks(
            Settings settings,
            Endpoint endpoint,
            RsId id,
            Optional<ProbePath> path,
            Origin origin,
            List<ProgramReference> programs) {
        CheckBuilder builder = new CheckBuilder(
                settings,
                virtualServer,
                lvsd,
                definitions,
                endpoint.address(),
                endpoint.port() != 0 ? endpoint.port() : id.port(),
                id,
                path,
                problems);
        List<CheckConfig> checks = builder.all();
        programs.addAll(builder.programs());
        if (checks.stream().map(CheckConfig::spec).distinct().count() < checks.size()) {
            problems.warning(origin, "real server " + id + " has two identical checks");
        }
        return checks;
    }

    /** In keepalived.conf, a keyword about the sorry server must follow it; in HOCON, the order has no effect. */
    private <T> Optional<T> ofSorryServer(Settings settings, Keyword<T> keyword) {
        boolean given = settings.mentions(ServerKeywords.SORRY_SERVER);
        Optional<T> value = definitions.isOrdered()
                ? settings.getAfter(keyword, ServerKeywords.SORRY_SERVER)
                : settings.get(keyword).filter(_ -> given);
        if (value.isEmpty() && settings.get(keyword).isPresent()) {
            problems.error(
                    settings.originOf(keyword, Origin.ofFile("")),
                    "'" + keyword.name() + "' " + (given ? "must follow" : "requires") + " 'sorry_server', ignored",
                    given ? "move it below sorry_server" : "add: sorry_server ADDRESS [PORT]");
        }
        return value;
    }

    Optional<SorryServerConfig> sorry(Settings settings, List<RealServerConfig> servers) {
        Optional<Forwarding> method = ofSorryServer(settings, ServerKeywords.SORRY_SERVER_METHOD);
        boolean inhibited =
                ofSorryServer(settings, ServerKeywords.SORRY_SERVER_INHIBIT).orElse(false);
        return settings.get(ServerKeywords.SORRY_SERVER).flatMap(endpoint -> {
            Forwarding own = method.orElse(forwarding);
            if (!fits(endpoint, own, "sorry server")) {
                return Optional.empty();
            }
            boolean local = endpoint.address().isLoopbackAddress();
            int port = local && endpoint.port() != 0 ? endpoint.port() : port(endpoint, own);
            RsId id = new RsId(endpoint.address(), port);
            boolean inhibit = servers.stream()
                    .filter(rs -> rs.id().equals(id))
                    .findFirst()
                    .map(RealServerConfig::inhibitOnFailure)
                    .orElse(inhibited);
            return Optional.of(new SorryServerConfig(id, own, inhibit));
        });
    }
}
