package io.lvsd.conf.load;

import io.lvsd.conf.check.WeightFrom;
import io.lvsd.conf.keyword.HttpServerKeywords;
import io.lvsd.conf.keyword.LogKeywords;
import io.lvsd.conf.keyword.LvsdKeywords;
import io.lvsd.conf.keyword.MetricsKeywords;
import io.lvsd.conf.keyword.RootKeywords;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.keyword.SnmpKeywords;
import io.lvsd.conf.keyword.SorryKeywords;
import io.lvsd.conf.language.Language;
import io.lvsd.conf.model.ConfigOrigins;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.LogConfig;
import io.lvsd.conf.model.LvsdConfig;
import io.lvsd.conf.model.MetricsConfig;
import io.lvsd.conf.model.Namespaces;
import io.lvsd.conf.model.Target;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.ProblemChanges;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.source.ProgramReference;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.value.FailureProfile;
import io.lvsd.conf.value.TransportProtocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The whole file: its blocks in order, and what must be unique among them. */
public final class ConfigBuilder {
    private final Problems problems;
    private final LvsdConfig defaults;
    private final boolean ordered;
    private final ServerReuse reuse;

    /** @param format of the file; some defaults differ */
    public ConfigBuilder(Problems problems, ConfigFormat format) {
        this(problems, format, new ServerReuse(FormerServers.NONE));
    }

    /** As {@link #ConfigBuilder(Problems, ConfigFormat)}, with virtual servers that may be used again. */
    public ConfigBuilder(Problems problems, ConfigFormat format, ServerReuse reuse) {
        this.reuse = reuse;
        this.problems = problems;
        this.ordered = format == ConfigFormat.KEEPALIVED;
        problems.syntax(format);
        this.defaults = format == ConfigFormat.HOCON ? LvsdConfig.HOCON_DEFAULT : LvsdConfig.DEFAULT;
    }

    /**
     * A configuration, with what its records do not contain.
     *
     * @param programs that it runs, in the order in which their problems are reported
     */
    public record Built(DaemonConfig config, ConfigOrigins origins, List<ProgramReference> programs) {
        public Built {
            programs = List.copyOf(programs);
        }
    }

    /** Builds the configuration of a file's statements. Problems are reported. */
    public Built build(List<Statement> statements) {
        Settings root = Language.read(Scope.ROOT, statements, problems);
        Definitions definitions = new Definitions(root, ordered, problems);
        Settings own = Language.read(
                Scope.LVSD,
                root.all(RootKeywords.LVSD_BLOCK).stream()
                        .flatMap(s -> blockOf(s).stream())
                        .toList(),
                problems);
        own.get(WeightFrom.BLOCK).ifPresent(block -> Language.read(Scope.WEIGHT_FROM, blockOf(block), problems));
        SorryPageReader pages = new SorryPageReader(own.get(SorryKeywords.BLOCK), problems);
        LvsdConfig lvsd = lvsd(own, definitions.global(), pages);
        Map<String, GroupReader.Group> groups = groups(root.all(RootKeywords.GROUP_BLOCK));
        List<VirtualServer> servers = new ArrayList<>();
        ProbePaths paths = new ProbePaths();
        LostChecks lost = new LostChecks(statements, problems);
        for (Statement statement : root.all(RootKeywords.VIRTUAL_SERVER_BLOCK)) {
            reuse.server(
                            statement,
                            problems,
                            () -> new VirtualServerBuilder(
                                            own, pages, definitions, groups, paths, lost, reuse, problems)
                                    .build(statement))
                    .ifPresent(servers::add);
        }
        lvsd.failureProfile().ifPresent(profile -> servers.forEach(vs -> validate(profile, vs)));
        Namespaces namespaces =
                new Namespaces(root.get(RootKeywords.NET_NAMESPACE), root.get(RootKeywords.NET_NAMESPACE_IPVS));
        if (namespaces.table().isPresent() && !namespaces.table().equals(namespaces.daemon())) {
            servers.forEach(this::validateNamespaces);
        }
        boolean besideVrrp = statements.stream().anyMatch(s -> s.name().equals("vrrp_instance"));
        GlobalBuilder global = new GlobalBuilder(definitions, besideVrrp, problems);
        List<VirtualServer> kept = new SorryPortConflicts(problems).without(withOwnIndexes(distinct(servers)));
        DaemonConfig config = new DaemonConfig(
                lvsd,
                kept.stream().map(VirtualServer::config).toList(),
                groups.values().stream()
                        .map(GroupReader.Group::config)
                        .filter(group -> !group.members().isEmpty())
                        .toList(),
                namespaces,
                global.kernel(),
                global.notices(own),
                global.operation(),
                definitions.scriptSecurity());
        return new Built(
                config,
                new ConfigOrigins(
                        config.virtualServers(),
                        kept.stream().map(VirtualServer::origins).toList(),
                        global.syncDaemonOrigin()),
                Stream.concat(global.programs().stream(), kept.stream().flatMap(vs -> vs.programs().stream()))
                        .toList());
    }

    /** Reports virtual servers for which a failure profile is unsuitable. */
    private void validate(FailureProfile profile, VirtualServer built) {
        VirtualServerConfig server = built.config();
        if (profile == FailureProfile.DRAIN_SAFE && server.persistence().isPresent()) {
            problems.warning(
                    built.origin(),
                    "failure_profile drain-safe and persistence: clients return to a server with weight 0 until their"
                            + " persistence_timeout ends",
                    "use fast-fail, or a short persistence_timeout");
        }
        boolean once = server.protocol().filter(p -> p == TransportProtocol.UDP).isPresent() || server.onePacket();
        if (profile == FailureProfile.DRAIN_SAFE && once) {
            problems.warning(
                    built.origin(),
                    "failure_profile drain-safe and UDP: datagrams of a known client are dropped after its server was"
                            + " removed",
                    "use fast-fail");
        }
    }

    /** Reports what is not supported if probes and the table are in different namespaces. */
    private void validateNamespaces(VirtualServer server) {
        if (server.config().realServers().stream().anyMatch(rs -> rs.path().isPresent())) {
            problems.error(
                    server.origin(),
                    "via_vip requires probes and the IPVS table in the same namespace: net_namespace_ipvs differs from"
                            + " net_namespace",
                    "set net_namespace to the same name, or remove via_vip");
        }
    }

    static List<Statement> blockOf(Statement statement) {
        List<Statement> block = statement.block();
        return block == null ? List.of() : block;
    }

    /** The lines of a block without keywords, except invalid ones. */
    static List<Statement> linesOf(Statement statement) {
        return blockOf(statement).stream().filter(s -> !s.dropped()).toList();
    }

    private LvsdConfig lvsd(Settings own, Settings global, SorryPageReader pages) {
        return new LvsdConfig(
                own.get(LvsdKeywords.DRIVER).orElse(defaults.driver()),
                own.get(LvsdKeywords.STOP).orElse(defaults.stop()),
                own.get(LvsdKeywords.REPAIR).orElse(defaults.repair()),
                own.get(LvsdKeywords.TRUST_VERDICTS),
                own.get(LvsdKeywords.RELOAD_GUARD).orElse(defaults.reloadGuard()),
                own.get(LvsdKeywords.FAILURE_PROFILE),
                own.all(LvsdKeywords.ACCEPT_LOCAL).stream().distinct().toList(),
                SnmpReader.read(own.get(SnmpKeywords.BLOCK), global, problems),
                own.get(HttpServerKeywords.BLOCK).flatMap(b -> HttpServerReader.read(b, problems)),
                own.get(SorryKeywords.SORRY_LISTEN).map(Long::intValue).orElse(defaults.sorryPort()),
                pages.common(),
                pages.listen(),
                own.get(LogKeywords.BLOCK).map(this::log).orElse(LogConfig.DEFAULT),
                own.get(MetricsKeywords.BLOCK)
                        .map(b -> MetricsReader.read(b, problems))
                        .orElse(MetricsConfig.DEFAULT));
    }

    private LogConfig log(Statement block) {
        Settings settings = Language.read(Scope.LOG, blockOf(block), problems);
        LogConfig usual = LogConfig.DEFAULT;
        return new LogConfig(
                settings.get(LogKeywords.FORMAT).orElse(usual.format()),
                settings.get(LogKeywords.TARGET).orElse(usual.target()),
                settings.get(LogKeywords.LEVEL).orElse(usual.level()),
                settings.get(LogKeywords.FACILITY).orElse(usual.facility()));
    }

    private Map<String, GroupReader.Group> groups(List<Statement> blocks) {
        Map<String, GroupReader.Group> groups = new LinkedHashMap<>();
        for (Statement block : blocks) {
            String name = block.words().getFirst().text();
            if (groups.containsKey(name)) {
                problems.error(
                        block.words().getFirst().origin(), "duplicate group '" + name + "', the first one is used");
            } else {
                groups.put(name, new GroupReader(problems).read(block));
            }
        }
        return groups;
    }

    /** Drops what has the identity, or reaches a target, of an earlier virtual server. */
    private List<VirtualServer> distinct(List<VirtualServer> servers) {
        if (reuse.isDistinct()) {
            return servers;
        }
        Map<VsId, Origin> seen = new HashMap<>();
        Set<String> targets = new HashSet<>();
        List<VirtualServer> kept = new ArrayList<>();
        for (VirtualServer built : servers) {
            VirtualServerConfig server = built.config();
            Origin first = seen.putIfAbsent(server.id(), built.origin());
            if (first != null) {
                problems.error(
                        built.origin(),
                        "duplicate virtual server " + server.id() + ", the first one is used",
                        "the first one is at " + first + ": merge the real servers into it");
                continue;
            }
            List<String> keys =
                    server.targets().stream().map(t -> key(t, server)).toList();
            Optional<String> taken = keys.stream().filter(targets::contains).findFirst();
            if (taken.isPresent()) {
                problems.error(
                        built.origin(),
                        taken.get() + " belongs to an earlier virtual server, " + server.id() + " is dropped");
                continue;
            }
            targets.addAll(keys);
            kept.add(built);
        }
        if (kept.size() == servers.size()) {
            reuse.distinct();
        }
        return kept;
    }

    /** Without SNMP row numbers that an earlier virtual server has. */
    private List<VirtualServer> withOwnIndexes(List<VirtualServer> servers) {
        SnmpIndexes indexes = new SnmpIndexes("virtual server", problems);
        return servers.stream()
                .map(vs -> indexes.isOwn(vs.config().snmpIndex(), vs.config().id(), vs.origin())
                        ? vs
                        : vs.with(vs.config().withoutSnmpIndex()))
                .toList();
    }

    private static String key(Target target, VirtualServerConfig server) {
        return target
                + server.protocol()
                        .map(p -> "/" + p.lowerCase())
                        .filter(_ -> target instanceof Target.Address)
                        .orElse("");
    }

    /** The errors of {@code now} that {@code before} does not have: they decide whether a reload is refused. */
    public static List<ConfigProblem> newErrors(List<ConfigProblem> before, List<ConfigProblem> now) {
        return ProblemChanges.between(before, now).errors();
    }
}
