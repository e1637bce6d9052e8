package io.lvsd.conf.convert;

import io.lvsd.conf.check.AgentCheck;
import io.lvsd.conf.check.BfdCheck;
import io.lvsd.conf.check.DnsCheck;
import io.lvsd.conf.check.FileCheck;
import io.lvsd.conf.check.GrpcCheck;
import io.lvsd.conf.check.HttpCheck;
import io.lvsd.conf.check.MiscCheck;
import io.lvsd.conf.check.PingCheck;
import io.lvsd.conf.check.ServiceCheck;
import io.lvsd.conf.check.SmtpCheck;
import io.lvsd.conf.check.TcpCheck;
import io.lvsd.conf.check.UdpCheck;
import io.lvsd.conf.check.UnusableCheck;
import io.lvsd.conf.check.http.HttpVersion;
import io.lvsd.conf.check.http.Regex;
import io.lvsd.conf.check.http.StatusRange;
import io.lvsd.conf.check.http.Url;
import io.lvsd.conf.check.http.WeightPart;
import io.lvsd.conf.keyword.CheckKeywords;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Keywords;
import io.lvsd.conf.model.CheckConfig;
import io.lvsd.conf.model.CheckConfig.Smoothing;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.Timing;
import io.lvsd.conf.syntax.ScriptWords;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.value.BfdInstance;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.conf.value.Tls;
import io.lvsd.conf.value.TrackFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The blocks of checks, and of what they refer to, with everything written out. */
final class CheckBlocks {
    private final boolean secrets;

    CheckBlocks(boolean secrets) {
        this.secrets = secrets;
    }

    // ---- what checks refer to

    /** What stands before the virtual servers. */
    List<Statement> definitions(DaemonConfig config) {
        Map<String, TrackFile> files = new LinkedHashMap<>();
        Map<String, BfdInstance> sessions = new LinkedHashMap<>();
        config.virtualServers().stream()
                .flatMap(vs -> vs.realServers().stream())
                .flatMap(rs -> rs.checks().stream())
                .map(CheckConfig::spec)
                .forEach(spec -> {
                    if (spec instanceof FileCheck file) {
                        files.put(file.file().name(), file.file());
                    } else if (spec instanceof BfdCheck bfd) {
                        sessions.put(bfd.instance().name(), bfd.instance());
                    }
                });
        Block all = new Block();
        files.values().forEach(f -> all.put(CheckKeywords.TRACK_FILE_BLOCK, trackFile(f), f.name()));
        sessions.values().forEach(s -> all.put(CheckKeywords.BFD_INSTANCE_BLOCK, bfd(s), s.name()));
        return all.statements();
    }

    private static Block trackFile(TrackFile file) {
        Block block = new Block()
                .put(CheckKeywords.TRACKED, file.file())
                .put(CheckKeywords.TRACK_WEIGHT, file.weight(), reverse(file.reverse()));
        if (file.init().isPresent()) {
            List<Object> words = new ArrayList<>(List.of(file.init().getAsInt()));
            if (file.overwrite()) {
                words.add("overwrite");
            }
            block.put(CheckKeywords.INIT_FILE, words.toArray());
        }
        return block;
    }

    private static String reverse(boolean on) {
        return on ? "reverse" : "noreverse";
    }

    private static Block bfd(BfdInstance session) {
        Block block = new Block().put(CheckKeywords.NEIGHBOR_IP, session.neighbour());
        session.source().ifPresent(s -> block.put(CheckKeywords.SOURCE_IP, s));
        return block.put(CheckKeywords.MIN_RX, Block.milliseconds(session.minReceive()))
                .put(CheckKeywords.MIN_TX, Block.milliseconds(session.minSend()))
                .put(CheckKeywords.IDLE_TX, Block.milliseconds(session.idleSend()))
                .put(CheckKeywords.MULTIPLIER, session.multiplier())
                .put(CheckKeywords.PASSIVE, session.passive());
    }

    // ---- checks

    /** Adds a check to the block of its real server. */
    void add(Block server, CheckConfig check) {
        switch (check.spec()) {
            case TcpCheck tcp -> server.put(Keywords.TCP_CHECK_BLOCK, remote(check, tcp.target()));
            case HttpCheck http ->
                server.put(
                        http.tls().isPresent() ? Keywords.SSL_GET_BLOCK : Keywords.HTTP_GET_BLOCK, http(check, http));
            case SmtpCheck smtp ->
                server.put(
                        CheckKeywords.SMTP_CHECK_BLOCK,
                        remote(check, smtp.target()).put(CheckKeywords.HELO_NAME, smtp.heloName()));
            case DnsCheck dns ->
                server.put(
                        CheckKeywords.DNS_CHECK_BLOCK,
                        remote(check, dns.target())
                                .put(CheckKeywords.DNS_TYPE, dns.type())
                                .put(CheckKeywords.DNS_NAME, dns.name() + "."));
            case UdpCheck udp -> server.put(CheckKeywords.UDP_CHECK_BLOCK, udp(check, udp));
            case PingCheck ping -> server.put(CheckKeywords.PING_CHECK_BLOCK, remote(check, ping.target()));
            case GrpcCheck grpc -> server.put(CheckKeywords.GRPC_CHECK_BLOCK, grpc(check, grpc));
            case ServiceCheck service -> server.put(CheckKeywords.SERVICE_CHECK_BLOCK, service(check, service));
            case MiscCheck misc -> server.put(CheckKeywords.MISC_CHECK_BLOCK, misc(check, misc));
            case FileCheck file ->
                server.put(
                        CheckKeywords.FILE_CHECK_BLOCK,
                        new Block()
                                .put(CheckKeywords.FILE_NAME, file.file().name())
                                .put(CheckKeywords.FILE_WEIGHT, file.weight(), reverse(file.reverse())));
            case BfdCheck bfd ->
                server.put(
                        CheckKeywords.BFD_CHECK_BLOCK,
                        new Block()
                                .put(CheckKeywords.BFD_NAME, bfd.instance().name())
                                .put(Keywords.ALPHA, check.alpha()));
            case UnusableCheck lost -> server.leaveOut(lost.kind());
            case AgentCheck _ -> {}
        }
    }

    /** Where the server says what weight it wants, gathered from the checks that it became. */
    void weightFrom(Block server, List<CheckConfig> checks) {
        Block from = new Block();
        Optional<Smoothing> smoothing =
                checks.stream().flatMap(c -> c.smoothing().stream()).findFirst();
        checks.stream()
                .map(CheckConfig::spec)
                .filter(AgentCheck.class::isInstance)
                .map(AgentCheck.class::cast)
                .findFirst()
                .ifPresent(agent -> from.put(CheckKeywords.AGENT, agent.target().port())
                        .put(Keywords.CONNECT_TIMEOUT, agent.target().deadline())
                        .put(Keywords.TOTAL_TIMEOUT, agent.target().total())
                        .putIf(!agent.send().isEmpty(), CheckKeywords.AGENT_SEND, secret(agent.send())));
        checks.stream()
                .map(CheckConfig::spec)
                .filter(HttpCheck.class::isInstance)
                .flatMap(q -> ((HttpCheck) q).urls().stream())
                .flatMap(u -> u.weight().stream())
                .findFirst()
                .ifPresent(part -> {
                    switch (part) {
                        case WeightPart.Header(var name) -> from.put(CheckKeywords.WEIGHT_HEADER, name);
                        case WeightPart.Json(var pointer) -> from.put(CheckKeywords.WEIGHT_JSON, pointer);
                    }
                });
        checks.stream()
                .filter(c -> c.spec() instanceof AgentCheck)
                .findFirst()
                .ifPresent(c -> from.put(Keywords.DELAY_LOOP, c.timing().delayLoop()));
        smoothing.ifPresent(s -> server.put(
                CheckKeywords.WEIGHT_FROM_BLOCK,
                from.put(CheckKeywords.SMOOTHING, s.step())
                        .put(CheckKeywords.FLOOR, s.floor())
                        .put(CheckKeywords.CEILING, s.ceiling())));
    }

    private static Block remote(CheckConfig check, ProbeAddress where) {
        Block block = new Block()
                .put(Keywords.CONNECT_IP, where.realServer().orElse(where.address()))
                .putIf(where.port() != 0, Keywords.CONNECT_PORT, where.port());
        where.bindAddress().ifPresent(b -> block.put(Keywords.BINDTO, b));
        block.putIf(where.bindPort() != 0, Keywords.BIND_PORT, where.bindPort())
                .putIf(!where.bindInterface().isEmpty(), Keywords.BIND_IF, where.bindInterface())
                .putIf(where.mark() != 0 && where.realServer().isEmpty(), Keywords.CHECK_FWMARK, where.mark())
                .put(Keywords.CONNECT_TIMEOUT, where.deadline())
                .put(Keywords.TOTAL_TIMEOUT, where.total());
        return timed(block, check);
    }

    private static Block timed(Block block, CheckConfig check) {
        Timing timing = check.timing();
        block.put(Keywords.DELAY_LOOP, timing.delayLoop())
                .put(Keywords.CHECK_RETRY, timing.retry())
                .put(Keywords.DELAY_BEFORE_RETRY, timing.delayBeforeRetry());
        timing.warmup().ifPresent(w -> block.put(Keywords.WARMUP, w));
        block.putIf(timing.rise() != 1, CheckKeywords.RISE, timing.rise());
        timing.fastInterval().ifPresent(f -> block.put(CheckKeywords.FAST_INTERVAL, f));
        return block.put(Keywords.ALPHA, check.alpha()).put(Keywords.LOG_ALL_FAILURES, check.logAllFailures());
    }

    private Block tls(Block block, Tls tls) {
        tls.serverName().ifPresent(n -> block.put(Keywords.SNI_NAME, n));
        block.putIf(tls.byUrl(), Keywords.ENABLE_SNI, true)
                .put(CheckKeywords.TLS_MIN, tls.lowest())
                .putIf(
                        !tls.ciphers().isEmpty(),
                        CheckKeywords.TLS_CIPHERS,
                        tls.ciphers().toArray());
        block.put(CheckKeywords.TLS_VERIFY, tls.verify());
        tls.ca().ifPresent(f -> block.put(CheckKeywords.TLS_CA, f));
        tls.pins().forEach(p -> block.put(CheckKeywords.TLS_PIN, p));
        tls.client()
                .ifPresent(c -> block.put(CheckKeywords.TLS_CERTIFICATE, c.chain())
                        .put(CheckKeywords.TLS_KEY, c.key())
                        .putIf(!c.password().isEmpty(), CheckKeywords.TLS_PASSWORD, secret(c.password())));
        return block;
    }

    private Block http(CheckConfig check, HttpCheck http) {
        Block block = remote(check, http.target())
                .put(Keywords.HTTP_PROTOCOL, version(http.version()))
                .put(Keywords.FAST_RECOVERY, http.fastRecovery());
        http.tls().ifPresent(t -> tls(block, t).put(CheckKeywords.TLS_COMPLIANT, t.closeNotify()));
        http.urls().forEach(url -> block.put(Keywords.URL_BLOCK, url(url)));
        return block;
    }

    private Block url(Url url) {
        Block block = new Block()
                .put(Keywords.PATH, url.path())
                .put(Keywords.VIRTUALHOST, url.host())
                .putIf(!url.method().equals("GET"), CheckKeywords.METHOD, url.method());
        url.headers().forEach(h -> block.put(CheckKeywords.HEADER, secretHeader(h)));
        url.body().ifPresent(b -> block.put(CheckKeywords.BODY, secret(b)));
        block.putIf(url.compressed(), CheckKeywords.COMPRESSION, true)
                .putIf(url.redirects() > 0, CheckKeywords.REDIRECTS, url.redirects())
                .put(
                        Keywords.STATUS_CODE,
                        url.statusCodes().stream().map(CheckBlocks::range).toArray());
        url.digest().ifPresent(d -> block.put(Keywords.DIGEST, d));
        url.regex().ifPresent(r -> regex(block, r));
        url.json().forEach(j -> block.put(CheckKeywords.JSON, j.pointer(), j.value()));
        return block;
    }

    private String secret(String text) {
        return secrets ? text : EffectiveConfig.REDACTED;
    }

    /** Headers that say who somebody is are secrets. */
    private String secretHeader(String header) {
        int colon = header.indexOf(':');
        String name = header.substring(0, colon);
        boolean secret = name.equalsIgnoreCase("authorization")
                || name.equalsIgnoreCase("cookie")
                || name.toLowerCase(java.util.Locale.ROOT).matches(".*(token|key|secret).*");
        return secret && !secrets ? name + ": " + EffectiveConfig.REDACTED : header;
    }

    private static void regex(Block block, Regex regex) {
        block.put(CheckKeywords.REGEX, regex.expression());
        block.putIf(
                        !regex.options().isEmpty(),
                        CheckKeywords.REGEX_OPTIONS,
                        regex.options().toArray())
                .putIf(!regex.wanted(), CheckKeywords.REGEX_NO_MATCH, true)
                .putIf(regex.minOffset() > 0, CheckKeywords.REGEX_MIN_OFFSET, regex.minOffset())
                .putIf(regex.maxOffset() > 0, CheckKeywords.REGEX_MAX_OFFSET, regex.maxOffset());
    }

    private static String version(HttpVersion version) {
        return switch (version) {
            case V1_0 -> "1.0";
            case V1_0_CLOSE -> "1.0C";
            case V1_1 -> "1.1";
            case V2 -> "2";
        };
    }

    private static Object range(StatusRange range) {
        return range.low() == range.high() ? range.low() : range.low() + "-" + range.high();
    }

    private static Block udp(CheckConfig check, UdpCheck udp) {
        Block block = remote(check, udp.target()).put(CheckKeywords.PAYLOAD, udp.payload());
        udp.reply().ifPresent(r -> {
            Object[] words = r.isEmpty() ? new Object[0] : new Object[] {r};
            block.put(CheckKeywords.REQUIRE_REPLY, words);
        });
        return block.put(CheckKeywords.MIN_REPLY_LENGTH, udp.minLength())
                .put(CheckKeywords.MAX_REPLY_LENGTH, udp.maxLength());
    }

    private Block grpc(CheckConfig check, GrpcCheck grpc) {
        Block block = remote(check, grpc.target());
        grpc.tls().ifPresent(t -> tls(block.put(CheckKeywords.TLS, true), t));
        return block.putIf(!grpc.service().isEmpty(), CheckKeywords.GRPC_SERVICE, grpc.service());
    }

    private Block service(CheckConfig check, ServiceCheck service) {
        Block block = remote(check, service.target())
                .put(CheckKeywords.SERVICE_TYPE, service.type().word());
        service.tls().ifPresent(t -> tls(block.put(CheckKeywords.TLS, true), t));
        optional(block, CheckKeywords.SERVICE_USER, service.user());
        optional(block, CheckKeywords.SERVICE_DATABASE, service.database());
        optional(block, CheckKeywords.SERVICE_SECRET, service.secret().map(this::secret));
        return block;
    }

    private static void optional(Block block, Keyword<String> keyword, Optional<String> value) {
        value.ifPresent(v -> block.put(keyword, v));
    }

    private static Block misc(CheckConfig check, MiscCheck misc) {
        Block block = new Block()
                .put(CheckKeywords.MISC_PATH, ScriptWords.commandLine(misc.argv()))
                .putIf(
                        !misc.timeout().equals(check.timing().delayLoop()),
                        CheckKeywords.MISC_TIMEOUT,
                        misc.timeout().toSeconds())
                .put(CheckKeywords.MISC_DYNAMIC, misc.dynamic());
        misc.user()
                .ifPresent(u ->
                        block.put(CheckKeywords.MISC_USER, GlobalBlock.user(u).toArray()));
        return timed(block, check);
    }
}
