package io.lvsd.conf.convert;

import static io.lvsd.conf.keyword.BlockBuilder.address;
import static io.lvsd.conf.keyword.BlockBuilder.lower;
import static io.lvsd.conf.keyword.BlockBuilder.word;
import static io.lvsd.conf.keyword.BlockBuilder.words;

import io.lvsd.conf.ConfigLoader.Tree;
import io.lvsd.conf.convert.Converter.Converted;
import io.lvsd.conf.keyword.BlockBuilder;
import io.lvsd.conf.keyword.HttpServerKeywords;
import io.lvsd.conf.keyword.LogKeywords;
import io.lvsd.conf.keyword.LvsdKeywords;
import io.lvsd.conf.keyword.MaintenanceKeywords;
import io.lvsd.conf.keyword.MetricsKeywords;
import io.lvsd.conf.keyword.RootKeywords;
import io.lvsd.conf.keyword.Secrets;
import io.lvsd.conf.keyword.ServerKeywords;
import io.lvsd.conf.keyword.SnmpKeywords;
import io.lvsd.conf.keyword.SorryKeywords;
import io.lvsd.conf.model.CheckDefaults;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.GroupConfig;
import io.lvsd.conf.model.GroupConfig.Member;
import io.lvsd.conf.model.HttpConfig;
import io.lvsd.conf.model.LogConfig;
import io.lvsd.conf.model.LvsdConfig;
import io.lvsd.conf.model.MetricsConfig;
import io.lvsd.conf.model.NotifyConfig;
import io.lvsd.conf.model.NotifyConfig.Webhook;
import io.lvsd.conf.model.Persistence;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.SorryPageConfig;
import io.lvsd.conf.model.SorryServerConfig;
import io.lvsd.conf.model.Target;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.syntax.Word;
import io.lvsd.conf.value.Forwarding;
import io.lvsd.conf.value.Forwarding.Method;
import io.lvsd.conf.value.IpFamily;
import io.lvsd.conf.value.MaintenanceConfig;
import java.net.InetAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The effective configuration, including inherited and default values. Loaded again, it is the same. Ignored keywords are
 * left out.
 */
public final class EffectiveConfig {
    private final Secrets secrets;

    private EffectiveConfig(Secrets secrets) {
        this.secrets = secrets;
    }

    /** As a file in a syntax, secrets redacted. What the syntax cannot quote is lost. */
    public static Converted redacted(DaemonConfig config, ConfigFormat format) {
        return write(config, format, new Secrets(false));
    }

    /** As a file in a syntax, with secrets. What the syntax cannot quote is lost. */
    public static Converted withSecrets(DaemonConfig config, ConfigFormat format) {
        return write(config, format, new Secrets(true));
    }

    private static Converted write(DaemonConfig config, ConfigFormat format, Secrets secrets) {
        List<Statement> statements = new EffectiveConfig(secrets).all(config);
        return Converter.unchecked(new Tree(format, statements), format);
    }

    private List<Statement> all(DaemonConfig config) {
        List<Statement> all = new ArrayList<>(List.of(lvsd(config.lvsd(), config.notices())));
        config.namespaces()
                .daemon()
                .ifPresent(n -> all.addAll(
                        new BlockBuilder().put(RootKeywords.NET_NAMESPACE, n).statements()));
        config.namespaces()
                .table()
                .ifPresent(n -> all.addAll(new BlockBuilder()
                        .put(RootKeywords.NET_NAMESPACE_IPVS, n)
                        .statements()));
        BlockBuilder global = new GlobalBlock(config).block();
        if (!global.statements().isEmpty()) {
            all.add(new Statement(word(RootKeywords.GLOBAL_DEFS_BLOCK.name()), List.of(), global.statements()));
        }
        all.addAll(CheckBlocks.definitions(config));
        config.groups().forEach(group -> all.add(group(group)));
        config.virtualServers()
                .forEach(server -> all.add(virtualServer(server, config.lvsd().sorryPage())));
        return all;
    }

    // ---- lvsd

    private Statement lvsd(LvsdConfig config, NotifyConfig notices) {
        BlockBuilder block = new BlockBuilder()
                .put(LvsdKeywords.DRIVER, lower(config.driver()))
                .put(LvsdKeywords.STOP, lower(config.stop()))
                .put(LvsdKeywords.REPAIR, lower(config.repair()));
        config.trustVerdicts().ifPresent(t -> block.put(LvsdKeywords.TRUST_VERDICTS, t));
        block.put(LvsdKeywords.RELOAD_GUARD, config.reloadGuard());
        block.put(LvsdKeywords.SCRIPT_TIMEOUT, notices.scriptTimeout());
        config.failureProfile().ifPresent(p -> block.put(LvsdKeywords.FAILURE_PROFILE, p.word()));
        config.acceptLocal().forEach(i -> block.put(LvsdKeywords.ACCEPT_LOCAL, i));
        config.snmp().ifPresent(snmp -> block.put(SnmpKeywords.BLOCK, new SnmpBlock(secrets).of(snmp)));
        config.http().ifPresent(http -> block.put(HttpServerKeywords.BLOCK, http(http)));
        block.put(SorryKeywords.SORRY_LISTEN, config.sorryPort())
                .put(SorryKeywords.BLOCK, SorryBlock.of(config.sorryPage(), config.sorryAddresses()));
        block.put(LogKeywords.BLOCK, log(config.log()));
        block.put(MetricsKeywords.BLOCK, metrics(config.metrics()));
        for (Webhook webhook : notices.webhooks()) {
            BlockBuilder inside = new BlockBuilder().put(LvsdKeywords.WEBHOOK_URL, shown(webhook.url()));
            webhook.secretFile().ifPresent(f -> inside.put(LvsdKeywords.WEBHOOK_SECRET, f));
            block.put(LvsdKeywords.WEBHOOK_BLOCK, inside.put(LvsdKeywords.WEBHOOK_RETRY, webhook.retry()));
        }
        return new Statement(word(RootKeywords.LVSD_BLOCK.name()), List.of(), block.statements());
    }

    /** The path and the query often contain a token. */
    private String shown(URI url) {
        return secrets.shown() || url.getRawPath().length() < 2 && url.getRawQuery() == null
                ? url.toString()
                : url.getScheme() + "://" + url.getRawAuthority() + "/" + Secrets.REDACTED;
    }

    private static BlockBuilder log(LogConfig log) {
        return new BlockBuilder()
                .put(LogKeywords.FORMAT, lower(log.format()))
                .put(LogKeywords.TARGET, lower(log.target()))
                .put(LogKeywords.LEVEL, lower(log.level()))
                .put(LogKeywords.FACILITY, lower(log.facility()));
    }

    private BlockBuilder metrics(MetricsConfig metrics) {
        BlockBuilder block = new BlockBuilder()
                .put(MetricsKeywords.IPVS, metrics.ipvs())
                .put(MetricsKeywords.PER_CHECK_HISTOGRAM, metrics.perCheckHistogram())
                .put(MetricsKeywords.MAX_SERIES, metrics.maxSeries());
        metrics.statsd()
                .ifPresent(s -> block.put(
                        MetricsKeywords.STATSD_BLOCK,
                        new BlockBuilder()
                                .put(MetricsKeywords.STATSD_ADDRESS, IpAddresses.text(s.address(), s.port()))
                                .put(MetricsKeywords.STATSD_INTERVAL, s.interval())
                                .put(MetricsKeywords.STATSD_FLAVOR, lower(s.flavor()))));
        metrics.otlp().ifPresent(o -> {
            BlockBuilder inside = new BlockBuilder()
                    .put(MetricsKeywords.OTLP_URL, shown(o.url()))
                    .put(MetricsKeywords.OTLP_INTERVAL, o.interval());
            o.tokenFile().ifPresent(f -> inside.put(MetricsKeywords.OTLP_TOKEN, f));
            block.put(MetricsKeywords.OTLP_BLOCK, inside);
        });
        return block;
    }

    private static BlockBuilder http(HttpConfig http) {
        BlockBuilder block = new BlockBuilder();
        http.listen().forEach(a -> block.put(HttpServerKeywords.LISTEN, IpAddresses.text(a.getAddress(), a.getPort())));
        http.hosts().forEach(h -> block.put(HttpServerKeywords.HOST, h));
        http.tokenFile().ifPresent(f -> block.put(HttpServerKeywords.TOKEN_FILE, f));
        http.tls()
                .ifPresent(tls -> block.put(HttpServerKeywords.CERTIFICATE, tls.certificate())
                        .put(HttpServerKeywords.KEY, tls.key()));
        return block;
    }

    // ---- virtual servers

    private Statement virtualServer(VirtualServerConfig server, SorryPageConfig page) {
        String id = server.id().text();
        List<Word> head;
        if (id.startsWith("group:")) {
            head = words("group", id.substring("group:".length()).replaceFirst("(/(tcp|udp|sctp))?(/inet6)?$", ""));
        } else {
            head = switch (server.targets().getFirst()) {
                case Target.Address(var address, int port) -> words(address(address, port));
                case Target.Fwmark(long mark, var _) -> words("fwmark", mark);
            };
        }
        return new Statement(
                word(RootKeywords.VIRTUAL_SERVER_BLOCK.name()),
                head,
                block(server, page).statements());
    }

    private static Statement group(GroupConfig group) {
        List<Statement> lines = new ArrayList<>();
        for (Member member : group.members()) {
            List<Word> line = switch (member) {
                case Member.Addresses(var first, var last, int port) -> range(first, last, port);
                case Member.Fwmark(long mark) -> words("fwmark", mark);
            };
            lines.add(new Statement(line.getFirst(), line.subList(1, line.size()), null));
        }
        return new Statement(word(RootKeywords.GROUP_BLOCK.name()), words(group.name()), lines);
    }

    private static List<Word> range(InetAddress first, InetAddress last, int port) {
        String text = IpAddresses.text(first) + (first.equals(last) ? "" : "-" + IpAddresses.text(last));
        return port == 0 ? words(text) : words(text, port);
    }

    /** @param page of virtual servers without a block for it */
    private BlockBuilder block(VirtualServerConfig server, SorryPageConfig page) {
        BlockBuilder block = new BlockBuilder();
        server.name().ifPresent(n -> block.put(ServerKeywords.SNMP_NAME, n));
        server.snmpIndex().ifPresent(i -> block.put(ServerKeywords.SNMP_INDEX, i));
        boolean marks = server.targets().stream().noneMatch(Target.Address.class::isInstance);
        block.putIf(marks, ServerKeywords.IP_FAMILY, lower(server.family()));
        server.protocol().ifPresent(p -> block.put(ServerKeywords.PROTOCOL, p));
        long flags = server.schedulerFlags();
        block.put(ServerKeywords.SCHEDULER, server.scheduler())
                .putIf((flags & 0x08) != 0, ServerKeywords.FLAG_1, true)
                .putIf((flags & 0x10) != 0, ServerKeywords.FLAG_2, true)
                .putIf((flags & 0x20) != 0, ServerKeywords.FLAG_3, true)
                .putIf(server.onePacket(), ServerKeywords.OPS, true)
                .put(
                        ServerKeywords.VS_METHOD,
                        method(server.realServers().getFirst().forwarding()));
        server.persistence().ifPresent(p -> persistence(block, p, server.family()));
        block.put(ServerKeywords.QUORUM, server.quorum())
                .put(ServerKeywords.HYSTERESIS, server.hysteresis())
                .put(ServerKeywords.VS_WEIGHT, server.weight())
                .put(ServerKeywords.INHIBIT_ON_FAILURE, server.inhibitOnFailure());
        CheckBlocks.defaults(block, server.checkDefaults(), Optional.empty());
        block.put(ServerKeywords.REMOVAL_GRACE, server.removalGrace())
                .put(ServerKeywords.PANIC_THRESHOLD, server.panicThreshold())
                .put(ServerKeywords.OMEGA, server.omega())
                .putIf(server.haSuspend(), ServerKeywords.HA_SUSPEND, true)
                .put(ServerKeywords.SMTP_ALERT, server.notices().mail())
                .put(ServerKeywords.VIA_VIP, server.viaVip())
                .putIf(
                        server.sorryPort().fixed(),
                        SorryKeywords.SORRY_LISTEN,
                        server.sorryPort().number())
                .put(ServerKeywords.SORRY_MODE, lower(server.sorryMode()));
        if (!server.sorryPage().equals(page)) {
            block.put(SorryKeywords.BLOCK, SorryBlock.of(server.sorryPage(), List.of()));
        }
        GlobalBlock.program(block, ServerKeywords.QUORUM_UP, server.notices().up());
        GlobalBlock.program(block, ServerKeywords.QUORUM_DOWN, server.notices().down());
        server.sorry().ifPresent(s -> sorry(block, s));
        server.maintenance().ifPresent(m -> block.put(MaintenanceKeywords.BLOCK, maintenance(m)));
        server.realServers()
                .forEach(rs -> block.put(
                        ServerKeywords.REAL_SERVER_BLOCK,
                        realServer(rs, server.checkDefaults()),
                        address(rs.id().address(), rs.id().port())));
        return block;
    }

    private static Object[] method(Forwarding forwarding) {
        if (forwarding.method() != Method.TUN) {
            return new Object[] {forwarding.method()};
        }
        List<Object> words = new ArrayList<>(List.of(Method.TUN, "type", lower(forwarding.encapsulation())));
        if (forwarding.encapsulation() == Forwarding.Encapsulation.GUE) {
            words.addAll(List.of("port", forwarding.port()));
        }
        words.add(lower(forwarding.checksum()));
        return words.toArray();
    }

    private static void persistence(BlockBuilder block, Persistence persistence, IpFamily family) {
        long mask = persistence.granularity();
        Object granularity = family == IpFamily.INET
                ? IpAddresses.ofBytes(
                        ByteBuffer.allocate(Integer.BYTES).putInt((int) mask).array())
                : mask;
        block.put(ServerKeywords.PERSISTENCE_TIMEOUT, persistence.timeoutSeconds())
                .put(ServerKeywords.PERSISTENCE_GRANULARITY, granularity)
                .putIf(!persistence.engine().isEmpty(), ServerKeywords.PERSISTENCE_ENGINE, persistence.engine());
    }

    private static void sorry(BlockBuilder block, SorryServerConfig sorry) {
        block.put(
                        ServerKeywords.SORRY_SERVER,
                        address(sorry.id().address(), sorry.id().port()))
                .put(ServerKeywords.SORRY_SERVER_INHIBIT, sorry.inhibit())
                .put(ServerKeywords.SORRY_SERVER_METHOD, method(sorry.forwarding()));
    }

    private static BlockBuilder maintenance(MaintenanceConfig maintenance) {
        BlockBuilder block = new BlockBuilder();
        block.putIf(!maintenance.message().isEmpty(), MaintenanceKeywords.MESSAGE, maintenance.message());
        maintenance.until().ifPresent(until -> block.put(MaintenanceKeywords.UNTIL, until));
        maintenance.allow().forEach(network -> block.put(MaintenanceKeywords.ALLOW, network));
        maintenance
                .drain()
                .ifPresent(drain -> drain.limit()
                        .ifPresentOrElse(
                                limit -> block.put(MaintenanceKeywords.DRAIN, limit),
                                () -> block.put(MaintenanceKeywords.DRAIN)));
        return block;
    }

    private BlockBuilder realServer(RealServerConfig server, CheckDefaults inherited) {
        BlockBuilder block = new BlockBuilder();
        server.name().ifPresent(n -> block.put(ServerKeywords.RS_SNMP_NAME, n));
        server.snmpIndex().ifPresent(i -> block.put(ServerKeywords.SNMP_INDEX, i));
        CheckBlocks.defaults(block, server.checkDefaults(), Optional.of(inherited));
        block.put(ServerKeywords.RS_WEIGHT, server.weight())
                .put(ServerKeywords.RS_METHOD, method(server.forwarding()))
                .put(ServerKeywords.UTHRESHOLD, server.upperThreshold())
                .put(ServerKeywords.LTHRESHOLD, server.lowerThreshold())
                .put(ServerKeywords.INHIBIT_ON_FAILURE, server.inhibitOnFailure())
                .put(ServerKeywords.PROXY_PROTOCOL, server.proxyProtocol())
                .put(ServerKeywords.SLOW_START, server.slowStart())
                .put(ServerKeywords.SMTP_ALERT, server.notices().mail());
        GlobalBlock.program(block, ServerKeywords.NOTIFY_UP, server.notices().up());
        GlobalBlock.program(block, ServerKeywords.NOTIFY_DOWN, server.notices().down());
        CheckBlocks checks = new CheckBlocks(secrets);
        server.checks().forEach(check -> checks.add(block, check));
        checks.weightFrom(block, server.checks());
        return block;
    }
}
