package io.lvsd.conf.load;

import io.lvsd.conf.check.WeightFrom;
import io.lvsd.conf.keyword.Endpoint;
import io.lvsd.conf.keyword.MaintenanceKeywords;
import io.lvsd.conf.keyword.NumberTypes;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Script;
import io.lvsd.conf.keyword.ServerKeywords;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.keyword.SorryKeywords;
import io.lvsd.conf.language.Language;
import io.lvsd.conf.model.CheckDefaults;
import io.lvsd.conf.model.ConfigOrigins;
import io.lvsd.conf.model.LvsdConfig;
import io.lvsd.conf.model.NotifyScripts;
import io.lvsd.conf.model.Persistence;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.SorryPort;
import io.lvsd.conf.model.SorryServerConfig;
import io.lvsd.conf.model.Target;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.source.ProgramReference;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.value.Forwarding;
import io.lvsd.conf.value.IpFamily;
import io.lvsd.conf.value.SorryMode;
import io.lvsd.conf.value.TransportProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** One {@code virtual_server} block: its defaults, its real servers, and the rules that apply to them. */
final class VirtualServerBuilder {
    private static final Duration DEFAULT_GRACE = Duration.ofSeconds(30);
    private static final long DEFAULT_PERSISTENCE = 360;

    private final Settings lvsd;
    private final SorryPageReader pages;
    private final Definitions definitions;
    private final Map<String, GroupReader.Group> groups;
    private final ProbePaths paths;
    private final LostChecks lost;
    private final ServerReuse reuse;
    private final Problems problems;

    VirtualServerBuilder(
            Settings lvsd,
            SorryPageReader pages,
            Definitions definitions,
            Map<String, GroupReader.Group> groups,
            ProbePaths paths,
            LostChecks lost,
            ServerReuse reuse,
            Problems problems) {
        this.lvsd = lvsd;
        this.pages = pages;
        this.definitions = definitions;
        this.groups = groups;
        this.paths = paths;
        this.lost = lost;
        this.reuse = reuse;
        this.problems = problems;
    }

    /** The virtual server; empty, with the reason reported, if the whole block is dropped. */
    Optional<VirtualServer> build(Statement block) {
        Settings settings = Language.read(Scope.VIRTUAL_SERVER, ConfigBuilder.blockOf(block), problems);
        return new Served.Reader(groups, problems).read(block).flatMap(named -> build(block, named, settings));
    }

    private Optional<VirtualServer> build(Statement block, Served named, Settings settings) {
        Origin origin = block.origin();
        Forwarding forwarding = settings.get(ServerKeywords.VS_METHOD).orElse(Forwarding.NAT);
        Optional<Families> families = new FamilyRule(forwarding, settings, problems).families(named, block);
        if (families.isEmpty()) {
            return Optional.empty();
        }
        IpFamily family = families.get().main();
        List<Target> targets = named.targets(family);
        Optional<TransportProtocol> protocol = protocol(targets, settings, origin);
        RealServerBuilder builder = new RealServerBuilder(
                lvsd,
                definitions,
                settings,
                forwarding,
                families.get(),
                ports(targets),
                named instanceof Served.Group,
                virtualAddress(settings, targets, origin),
                paths,
                lost,
                reuse,
                problems);
        settings.get(WeightFrom.BLOCK)
                .ifPresent(s -> Language.read(Scope.WEIGHT_FROM, ConfigBuilder.blockOf(s), problems));
        CheckDefaults defaults = reuse.shared(CheckLevels.defaults(List.of(settings, lvsd)));
        List<RealServer> built = distinct(settings.all(ServerKeywords.REAL_SERVER_BLOCK), builder);
        List<RealServerConfig> servers = built.stream().map(RealServer::config).toList();
        if (servers.isEmpty()) {
            problems.error(
                    origin, "virtual server without a valid real_server, dropped", "add: real_server ADDRESS PORT { }");
            return Optional.empty();
        }
        reportMissingMethod(settings, origin);
        long total = servers.stream().mapToLong(RealServerConfig::weight).sum();
        long quorum = quorum(settings, total, origin);
        long hysteresis = hysteresis(settings, quorum, total, origin);
        Optional<SorryServerConfig> sorry = builder.sorry(settings, servers);
        String scheduler = scheduler(settings, origin);
        VsId id = named.id(families.get(), protocol);
        Optional<Script> up = settings.get(ServerKeywords.QUORUM_UP);
        Optional<Script> down = settings.get(ServerKeywords.QUORUM_DOWN);
        VirtualServerConfig config = new VirtualServerConfig(
                id,
                settings.get(ServerKeywords.SNMP_NAME),
                snmpIndex(settings),
                targets,
                family,
                protocol,
                scheduler,
                schedulerFlags(settings, scheduler),
                onePacket(settings, protocol),
                persistence(settings, targets, family, origin),
                quorum,
                hysteresis,
                settings.get(ServerKeywords.REMOVAL_GRACE)
                        .or(() -> lvsd.get(ServerKeywords.REMOVAL_GRACE))
                        .orElse(DEFAULT_GRACE),
                defaults.delayLoop(),
                sorry,
                settings.get(ServerKeywords.PANIC_THRESHOLD)
                        .or(() -> lvsd.get(ServerKeywords.PANIC_THRESHOLD))
                        .orElse(0L),
                new NotifyScripts(
                        up.map(definitions::program),
                        down.map(definitions::program),
                        settings.get(ServerKeywords.SMTP_ALERT).orElse(definitions.mails(false))),
                settings.isOn(ServerKeywords.OMEGA),
                haSuspend(settings, targets, origin),
                settings.isOn(ServerKeywords.VIA_VIP),
                sorryPort(settings),
                pages.of(settings.get(SorryKeywords.BLOCK)),
                settings.get(ServerKeywords.SORRY_MODE)
                        .or(() -> lvsd.get(ServerKeywords.SORRY_MODE))
                        .orElse(SorryMode.REPLACE),
                settings.get(MaintenanceKeywords.BLOCK)
                        .flatMap(b -> MaintenanceReader.read(b, sorry.isPresent(), problems)),
                settings.get(ServerKeywords.VS_WEIGHT).orElse(1L),
                settings.isOn(ServerKeywords.INHIBIT_ON_FAILURE),
                defaults,
                servers);
        ConfigOrigins.Server origins = new ConfigOrigins.Server(
                origin,
                built.stream().map(RealServer::origin).toList(),
                sorry.flatMap(_ -> settings.get(ServerKeywords.SORRY_SERVER)).map(Endpoint::origin),
                settings.get(SorryKeywords.SORRY_LISTEN)
                        .map(_ -> settings.originOf(SorryKeywords.SORRY_LISTEN, origin)));
        List<ProgramReference> programs = new ArrayList<>();
        up.ifPresent(script -> programs.add(Definitions.reference("quorum_up of " + id, script)));
        down.ifPresent(script -> programs.add(Definitions.reference("quorum_down of " + id, script)));
        built.forEach(rs -> programs.addAll(rs.programs()));
        return Optional.of(new VirtualServer(config, origins, programs));
    }

    private static OptionalInt snmpIndex(Settings settings) {
        return settings.get(ServerKeywords.SNMP_INDEX)
                .map(n -> OptionalInt.of(n.intValue()))
                .orElse(OptionalInt.empty());
    }

    private SorryPort sorryPort(Settings settings) {
        Optional<Long> own = settings.get(SorryKeywords.SORRY_LISTEN);
        return new SorryPort(
                own.or(() -> lvsd.get(SorryKeywords.SORRY_LISTEN))
                        .map(Long::intValue)
                        .orElse(LvsdConfig.DEFAULT.sorryPort()),
                own.isPresent());
    }

    private boolean haSuspend(Settings settings, List<Target> targets, Origin origin) {
        boolean wanted = settings.isOn(ServerKeywords.HA_SUSPEND);
        if (wanted && !targets.stream().allMatch(Target.Address.class::isInstance)) {
            problems.error(
                    settings.originOf(ServerKeywords.HA_SUSPEND, origin),
                    "ha_suspend requires addresses, not firewall marks, ignored");
            return false;
        }
        return wanted;
    }

    /** Where probes go that travel the path of user traffic: the first address of a group, which one does not matter. */
    private Optional<Target.Address> virtualAddress(Settings settings, List<Target> targets, Origin origin) {
        if (!settings.isOn(ServerKeywords.VIA_VIP)) {
            return Optional.empty();
        }
        Optional<Target.Address> address = targets.stream()
                .filter(Target.Address.class::isInstance)
                .map(Target.Address.class::cast)
                .findFirst();
        if (address.isEmpty()) {
            problems.error(
                    settings.originOf(ServerKeywords.VIA_VIP, origin),
                    "via_vip requires a virtual address, not a firewall mark, ignored",
                    "remove it, or add a virtual address");
        }
        return address;
    }

    private static boolean hasAddress(List<Target> targets) {
        return targets.stream().anyMatch(Target.Address.class::isInstance);
    }

    /** The ports of the addresses; 0 is none, and that of a firewall mark alone. */
    private static Set<Integer> ports(List<Target> targets) {
        Set<Integer> ports = new HashSet<>();
        for (Target target : targets) {
            if (target instanceof Target.Address(var _, int port)) {
                ports.add(port);
            }
        }
        return ports.isEmpty() ? Set.of(0) : ports;
    }

    /**
     * The default is needed, and reported, only where a server has no method of its own. It was not needed, or is not missing, for
     * servers that are as they were.
     */
    private void reportMissingMethod(Settings settings, Origin origin) {
        boolean needed = settings.all(ServerKeywords.REAL_SERVER_BLOCK).stream()
                        .filter(rs -> !reuse.isKnown(rs))
                        .anyMatch(rs -> ConfigBuilder.blockOf(rs).stream()
                                .noneMatch(s -> s.name().equals(ServerKeywords.RS_METHOD.name())))
                || settings.mentions(ServerKeywords.SORRY_SERVER)
                        && !settings.mentions(ServerKeywords.SORRY_SERVER_METHOD);
        if (needed && !settings.mentions(ServerKeywords.VS_METHOD)) {
            problems.reportedByKeepalived(origin, "missing lvs_method, NAT is used", "add: lvs_method NAT");
        }
    }

    private Optional<TransportProtocol> protocol(List<Target> targets, Settings settings, Origin origin) {
        if (!hasAddress(targets)) {
            if (settings.mentions(ServerKeywords.PROTOCOL)) {
                problems.reportedByKeepalived(
                        settings.originOf(ServerKeywords.PROTOCOL, origin),
                        "'protocol' does not apply to a firewall mark, ignored",
                        "remove the line");
            }
            return Optional.empty();
        }
        if (!settings.mentions(ServerKeywords.PROTOCOL)) {
            problems.reportedByKeepalived(
                    origin, "missing protocol, UDP is used", "add: protocol TCP, or protocol UDP");
        }
        return Optional.of(settings.get(ServerKeywords.PROTOCOL).orElse(TransportProtocol.UDP));
    }

    private String scheduler(Settings settings, Origin origin) {
        if (!settings.mentions(ServerKeywords.SCHEDULER)) {
            problems.reportedByKeepalived(origin, "missing lvs_sched, wlc is used", "add: lvs_sched wlc");
        }
        String scheduler = settings.get(ServerKeywords.SCHEDULER).orElse("wlc");
        if (settings.mentions(ServerKeywords.HASHED) && !List.of("sh", "mh").contains(scheduler)) {
            problems.reportedByKeepalived(
                    settings.originOf(ServerKeywords.HASHED, origin),
                    "'hashed' requires lvs_sched sh or mh, ignored",
                    "remove the line");
        }
        return scheduler;
    }

    private long schedulerFlags(Settings settings, String scheduler) {
        long flags = (settings.isOn(ServerKeywords.FLAG_1) ? 0x08 : 0)
                | (settings.isOn(ServerKeywords.FLAG_2) ? 0x10 : 0)
                | (settings.isOn(ServerKeywords.FLAG_3) ? 0x20 : 0);
        flags |= named(settings, ServerKeywords.SH_FALLBACK, "sh", scheduler)
                        || named(settings, ServerKeywords.MH_FALLBACK, "mh", scheduler)
                ? 0x08
                : 0;
        flags |= named(settings, ServerKeywords.SH_PORT, "sh", scheduler)
                        || named(settings, ServerKeywords.MH_PORT, "mh", scheduler)
                ? 0x10
                : 0;
        return flags;
    }

    private boolean named(
            Settings settings, io.lvsd.conf.keyword.Keyword<Boolean> flag, String needs, String scheduler) {
        if (!settings.isOn(flag)) {
            return false;
        }
        boolean good = scheduler.equals(needs)
                && settings.getAfter(flag, ServerKeywords.SCHEDULER).orElse(false);
        if (!good) {
            problems.error(
                    settings.originOf(flag, Origin.ofFile("")),
                    "'" + flag.name() + "' must follow 'lvs_sched " + needs + "', ignored",
                    "move it below lvs_sched " + needs);
        }
        return good;
    }

    private boolean onePacket(Settings settings, Optional<TransportProtocol> protocol) {
        boolean wanted = settings.isOn(ServerKeywords.OPS);
        if (wanted && protocol.isPresent() && protocol.get() != TransportProtocol.UDP) {
            problems.error(settings.originOf(ServerKeywords.OPS, Origin.ofFile("")), "'ops' requires UDP, ignored");
            return false;
        }
        return wanted;
    }

    private Optional<Persistence> persistence(Settings settings, List<Target> targets, IpFamily family, Origin origin) {
        boolean anyPort = targets.stream().anyMatch(t -> t instanceof Target.Address(var _, int port) && port == 0);
        boolean granular = settings.get(ServerKeywords.PERSISTENCE_GRANULARITY).isPresent();
        if (anyPort && !granular && !settings.mentions(ServerKeywords.PERSISTENCE_TIMEOUT)) {
            problems.reportedByKeepalived(
                    origin,
                    "a service without a port requires persistence: persistence_timeout " + DEFAULT_PERSISTENCE
                            + " is used",
                    "add: persistence_timeout " + DEFAULT_PERSISTENCE);
        }
        Optional<Long> timeout = settings.get(ServerKeywords.PERSISTENCE_TIMEOUT)
                .or(() -> anyPort || granular ? Optional.of(DEFAULT_PERSISTENCE) : Optional.empty());
        return timeout.map(seconds -> new Persistence(
                seconds,
                granularity(settings, family),
                settings.get(ServerKeywords.PERSISTENCE_ENGINE).orElse("")));
    }

    private long granularity(Settings settings, IpFamily family) {
        boolean v4 = family == IpFamily.INET;
        long whole = v4 ? NumberTypes.U32_MAX : 128;
        return settings.get(ServerKeywords.PERSISTENCE_GRANULARITY)
                .map(g -> {
                    if (g.ipv4() != v4) {
                        problems.error(
                                settings.originOf(ServerKeywords.PERSISTENCE_GRANULARITY, Origin.ofFile("")),
                                "persistence_granularity is of a different address family, ignored",
                                v4 ? "use a mask such as 255.255.255.0" : "use a prefix length from 1 to 128");
                        return whole;
                    }
                    return g.value();
                })
                .orElse(whole);
    }

    private long quorum(Settings settings, long total, Origin origin) {
        long written = settings.get(ServerKeywords.QUORUM).orElse(1L);
        if (written <= total) {
            return written;
        }
        Origin at = settings.originOf(ServerKeywords.QUORUM, origin);
        if (total == 0) {
            problems.reportedByKeepalived(
                    at,
                    "all real servers have weight 0: the quorum is lost until one has a larger weight",
                    "set weight 1");
            return 1;
        }
        problems.reportedByKeepalived(
                at,
                "quorum " + written + " is greater than the total weight of the real servers, " + total + " is used",
                "expected 1 to " + total);
        return total;
    }

    private long hysteresis(Settings settings, long quorum, long total, Origin origin) {
        long written = settings.get(ServerKeywords.HYSTERESIS).orElse(0L);
        Origin at = settings.originOf(ServerKeywords.HYSTERESIS, origin);
        long used = written;
        if (written >= quorum) {
            used = quorum - 1;
            problems.reportedByKeepalived(
                    at,
                    "hysteresis " + written + " is not less than the quorum, " + used + " is used",
                    "expected 0 to " + used);
        }
        if (total > 0 && quorum + used > total) {
            problems.warning(
                    at,
                    "quorum + hysteresis is " + (quorum + used) + ", the total weight of the real servers " + total
                            + ": a lost quorum cannot be regained");
        }
        return used;
    }

    private List<RealServer> distinct(List<Statement> blocks, RealServerBuilder builder) {
        List<RealServer> servers = new ArrayList<>();
        Set<RsId> seen = new HashSet<>();
        SnmpIndexes indexes = new SnmpIndexes("real server", problems);
        for (Statement block : blocks) {
            reuse.realServer(block, problems).or(() -> builder.build(block)).ifPresent(server -> {
                RsId id = server.config().id();
                if (seen.add(id)) {
                    boolean own = indexes.isOwn(server.config().snmpIndex(), id, block.origin());
                    servers.add(own ? server : server.with(server.config().withoutSnmpIndex()));
                } else {
                    problems.error(block.origin(), "duplicate real server " + id + ", the first one is used");
                }
            });
        }
        return servers;
    }
}
