package io.lvsd.conf.convert;

import static io.lvsd.conf.convert.Block.address;
import static io.lvsd.conf.convert.Block.lower;
import static io.lvsd.conf.convert.Block.words;
import static io.lvsd.conf.convert.Converter.word;

import io.lvsd.conf.ConfigLoader.Tree;
import io.lvsd.conf.convert.Converter.Converted;
import io.lvsd.conf.keyword.CheckKeywords;
import io.lvsd.conf.keyword.GlobalKeywords;
import io.lvsd.conf.keyword.Keywords;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.LvsdConfig;
import io.lvsd.conf.model.LvsdConfig.SorryPageConfig;
import io.lvsd.conf.model.NotifyConfig;
import io.lvsd.conf.model.NotifyConfig.Webhook;
import io.lvsd.conf.model.Persistence;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.SorryServerConfig;
import io.lvsd.conf.model.Target;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.syntax.Word;
import io.lvsd.conf.value.Community;
import io.lvsd.conf.value.Forwarding;
import io.lvsd.conf.value.Forwarding.Method;
import io.lvsd.conf.value.IpFamily;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A configuration with everything written out that holds, inherited or by default: loaded again, it is the same. Keywords
 * that this version does not act on are not in it.
 */
public final class EffectiveConfig {
    static final String REDACTED = "REDACTED";

    private final boolean secrets;
    private final Set<String> groups = new HashSet<>();

    private EffectiveConfig(boolean secrets) {
        this.secrets = secrets;
    }

    /** As a file in a syntax, secrets redacted. What the syntax cannot quote is lost. */
    public static Converted redacted(DaemonConfig config, ConfigFormat format) {
        return write(config, format, false);
    }

    /** As a file in a syntax, with secrets. What the syntax cannot quote is lost. */
    public static Converted withSecrets(DaemonConfig config, ConfigFormat format) {
        return write(config, format, true);
    }

    private static Converted write(DaemonConfig config, ConfigFormat format, boolean secrets) {
        List<Statement> statements = new EffectiveConfig(secrets).all(config);
        return Converter.unchecked(new Tree(format, statements), format);
    }

    private List<Statement> all(DaemonConfig config) {
        List<Statement> all = new ArrayList<>(List.of(lvsd(config.lvsd(), config.notices())));
        config.namespaces()
                .daemon()
                .ifPresent(n -> all.addAll(
                        new Block().put(GlobalKeywords.NET_NAMESPACE, n).statements()));
        config.namespaces()
                .table()
                .ifPresent(n -> all.addAll(
                        new Block().put(GlobalKeywords.NET_NAMESPACE_IPVS, n).statements()));
        Block global = new GlobalBlock(config).block();
        if (!global.statements().isEmpty()) {
            all.add(new Statement(word(Keywords.GLOBAL_DEFS_BLOCK.name()), List.of(), global.statements()));
        }
        CheckBlocks checks = new CheckBlocks(secrets);
        all.addAll(checks.definitions(config));
        for (VirtualServerConfig server : config.virtualServers()) {
            all.addAll(virtualServer(server));
        }
        return all;
    }

    // ---- lvsd

    private Statement lvsd(LvsdConfig config, NotifyConfig notices) {
        Block block = new Block()
                .put(Keywords.DRIVER, lower(config.driver()))
                .put(Keywords.STOP, lower(config.stop()))
                .put(Keywords.REPAIR, lower(config.repair()));
        config.trustVerdicts().ifPresent(t -> block.put(Keywords.TRUST_VERDICTS, t));
        block.put(Keywords.RELOAD_GUARD, config.reloadGuard());
        block.put(Keywords.SCRIPT_TIMEOUT, notices.scriptTimeout());
        config.failureProfile().ifPresent(p -> block.put(Keywords.FAILURE_PROFILE, p.word()));
        config.acceptLocal().forEach(i -> block.put(Keywords.ACCEPT_LOCAL, i));
        config.snmp().ifPresent(snmp -> {
            Block inside =
                    new Block().put(Keywords.SNMP_LISTEN, "udp:" + IpAddresses.text(snmp.address(), snmp.port()));
            snmp.communities().forEach(c -> inside.put(Keywords.SNMP_COMMUNITY, secret(c.name()), network(c)));
            block.put(Keywords.SNMP_BLOCK, inside);
        });
        config.http()
                .ifPresent(http -> block.put(
                        Keywords.HTTP_BLOCK,
                        new Block().put(Keywords.HTTP_LISTEN, IpAddresses.text(http.address(), http.port()))));
        block.put(Keywords.SORRY_PAGE_BLOCK, sorryPage(config.sorryPage()));
        for (Webhook webhook : notices.webhooks()) {
            Block inside = new Block().put(Keywords.WEBHOOK_URL, shown(webhook.url()));
            webhook.secretFile().ifPresent(f -> inside.put(Keywords.WEBHOOK_SECRET, f));
            block.put(Keywords.WEBHOOK_BLOCK, inside.put(Keywords.WEBHOOK_RETRY, webhook.retry()));
        }
        return new Statement(word(Keywords.LVSD_BLOCK.name()), List.of(), block.statements());
    }

    private String secret(String text) {
        return secrets ? text : REDACTED;
    }

    /** What follows the host is often a token. */
    private String shown(URI url) {
        return secrets || url.getRawPath().length() < 2 && url.getRawQuery() == null
                ? url.toString()
                : url.getScheme() + "://" + url.getRawAuthority() + "/" + REDACTED;
    }

    private static String network(Community community) {
        return IpAddresses.text(community.network()) + "/" + community.prefix();
    }

    private static Block sorryPage(SorryPageConfig page) {
        Block block = new Block();
        page.root().ifPresent(root -> block.put(Keywords.PAGE_ROOT, root));
        return block.put(Keywords.PAGE_STATUS, page.status())
                .put(Keywords.PAGE_REASON, page.reason())
                .put(Keywords.PAGE_RETRY_AFTER, page.retryAfterSeconds());
    }

    // ---- virtual servers

    private List<Statement> virtualServer(VirtualServerConfig server) {
        List<Statement> all = new ArrayList<>();
        String id = server.id().text();
        List<Word> head;
        if (id.startsWith("group:")) {
            String name = id.substring("group:".length()).replaceFirst("(/(tcp|udp|sctp))?(/inet6)?$", "");
            if (groups.add(name)) {
                all.add(group(name, server.targets()));
            }
            head = words("group", name);
        } else {
            head = switch (server.targets().getFirst()) {
                case Target.Address(var address, int port) -> words(address(address, port));
                case Target.Fwmark(long mark, var _) -> words("fwmark", mark);
            };
        }
        all.add(new Statement(
                word(Keywords.VIRTUAL_SERVER_BLOCK.name()), head, block(server).statements()));
        return all;
    }

    private static Statement group(String name, List<Target> targets) {
        List<Statement> lines = new ArrayList<>();
        for (Target target : targets) {
            List<Word> line = switch (target) {
                case Target.Address(var address, int port) -> words(address(address, port));
                case Target.Fwmark(long mark, var _) -> words("fwmark", mark);
            };
            lines.add(new Statement(line.getFirst(), line.subList(1, line.size()), null));
        }
        return new Statement(word(Keywords.GROUP_BLOCK.name()), words(name), lines);
    }

    private Block block(VirtualServerConfig server) {
        Block block = new Block();
        server.name().ifPresent(n -> block.put(Keywords.SNMP_NAME, n));
        boolean marks = server.targets().stream().noneMatch(Target.Address.class::isInstance);
        block.putIf(marks, Keywords.IP_FAMILY, lower(server.family()));
        server.protocol().ifPresent(p -> block.put(Keywords.PROTOCOL, p));
        long flags = server.schedulerFlags();
        block.put(Keywords.SCHEDULER, server.scheduler())
                .putIf((flags & 0x08) != 0, Keywords.FLAG_1, true)
                .putIf((flags & 0x10) != 0, Keywords.FLAG_2, true)
                .putIf((flags & 0x20) != 0, Keywords.FLAG_3, true)
                .putIf(server.onePacket(), Keywords.OPS, true)
                .put(Keywords.VS_METHOD, method(server.realServers().getFirst().forwarding()));
        server.persistence().ifPresent(p -> persistence(block, p, server.family()));
        block.put(Keywords.QUORUM, server.quorum())
                .put(Keywords.HYSTERESIS, server.hysteresis())
                .put(Keywords.DELAY_LOOP, server.delayLoop())
                .put(Keywords.REMOVAL_GRACE, server.removalGrace())
                .put(Keywords.PANIC_THRESHOLD, server.panicThreshold())
                .put(CheckKeywords.OMEGA, server.omega())
                .putIf(server.haSuspend(), CheckKeywords.HA_SUSPEND, true)
                .put(CheckKeywords.SMTP_ALERT, server.notices().mail())
                .put(Keywords.VIA_VIP, server.viaVip())
                .put(Keywords.SORRY_LISTEN, server.sorryPort());
        GlobalBlock.program(block, CheckKeywords.QUORUM_UP, server.notices().up());
        GlobalBlock.program(block, CheckKeywords.QUORUM_DOWN, server.notices().down());
        server.sorry().ifPresent(s -> sorry(block, s));
        server.realServers()
                .forEach(rs -> block.put(
                        Keywords.REAL_SERVER_BLOCK,
                        realServer(rs),
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

    private static void persistence(Block block, Persistence persistence, IpFamily family) {
        long mask = persistence.granularity();
        Object granularity = family == IpFamily.INET
                ? IpAddresses.ofBytes(
                        ByteBuffer.allocate(Integer.BYTES).putInt((int) mask).array())
                : mask;
        block.put(Keywords.PERSISTENCE_TIMEOUT, persistence.timeoutSeconds())
                .put(Keywords.PERSISTENCE_GRANULARITY, granularity)
                .putIf(!persistence.engine().isEmpty(), Keywords.PERSISTENCE_ENGINE, persistence.engine());
    }

    private static void sorry(Block block, SorryServerConfig sorry) {
        block.put(
                        Keywords.SORRY_SERVER,
                        address(sorry.id().address(), sorry.id().port()))
                .put(Keywords.SORRY_SERVER_INHIBIT, sorry.inhibit())
                .put(Keywords.SORRY_SERVER_METHOD, method(sorry.forwarding()));
    }

    private Block realServer(RealServerConfig server) {
        Block block = new Block()
                .put(Keywords.RS_WEIGHT, server.weight())
                .put(Keywords.RS_METHOD, method(server.forwarding()))
                .put(Keywords.UTHRESHOLD, server.upperThreshold())
                .put(Keywords.LTHRESHOLD, server.lowerThreshold())
                .put(Keywords.INHIBIT_ON_FAILURE, server.inhibitOnFailure())
                .put(Keywords.PROXY_PROTOCOL, server.proxyProtocol())
                .put(Keywords.SLOW_START, server.slowStart())
                .put(CheckKeywords.SMTP_ALERT, server.notices().mail());
        GlobalBlock.program(block, CheckKeywords.NOTIFY_UP, server.notices().up());
        GlobalBlock.program(block, CheckKeywords.NOTIFY_DOWN, server.notices().down());
        CheckBlocks checks = new CheckBlocks(secrets);
        server.checks().forEach(check -> checks.add(block, check));
        checks.weightFrom(block, server.checks());
        return block;
    }
}
