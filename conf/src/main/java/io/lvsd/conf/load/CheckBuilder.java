package io.lvsd.conf.load;

import io.lvsd.conf.check.AgentCheck;
import io.lvsd.conf.check.BfdCheck;
import io.lvsd.conf.check.CheckSpec;
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
import io.lvsd.conf.check.http.WeightPart;
import io.lvsd.conf.check.service.ServiceType;
import io.lvsd.conf.keyword.CheckKeywords;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Keywords;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.model.CheckConfig;
import io.lvsd.conf.model.CheckConfig.Smoothing;
import io.lvsd.conf.model.Timing;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import io.lvsd.conf.syntax.Statement;
import io.lvsd.conf.value.BfdInstance;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.conf.value.ProbePath;
import io.lvsd.conf.value.Tls;
import io.lvsd.conf.value.TrackFile;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The checks of one real server. A value comes from the check, else the real server, the virtual server, the lvsd block. */
final class CheckBuilder {
    private static final Duration DEFAULT_DELAY_LOOP = Duration.ofSeconds(60);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration SECOND = Duration.ofSeconds(1);
    /** Of a check that is not asked for. */
    private static final Timing WATCHED = new Timing(DEFAULT_DELAY_LOOP, 0, SECOND, Optional.empty());

    private static final int DNS_RETRY = 3;
    private static final int MAX_REPLY = 255;
    private static final String HELO = "smtpchecker.keepalived.org";
    /** 32 bytes, as long as keepalived's. */
    private static final String PAYLOAD =
            HexFormat.of().formatHex("lvsd health check lvsd health ch".getBytes(StandardCharsets.US_ASCII));

    private final Settings realServer;
    /** Where a value is looked for that a check does not say, the nearest first. */
    private final List<Settings> levels;

    private final Definitions definitions;
    private final InetAddress address;
    private final int port;
    private final Optional<ProbePath> path;
    private final TlsBuilder tls;
    private final Problems problems;

    CheckBuilder(
            Settings realServer,
            Settings virtualServer,
            Settings lvsd,
            Definitions definitions,
            InetAddress address,
            int port,
            Optional<ProbePath> path,
            Problems problems) {
        this.realServer = realServer;
        this.levels = List.of(realServer, virtualServer, lvsd);
        this.definitions = definitions;
        this.address = address;
        this.port = port;
        this.path = path;
        this.tls = new TlsBuilder(definitions, levels, problems);
        this.problems = problems;
    }

    /** Every check, kind by kind. */
    List<CheckConfig> all() {
        List<CheckConfig> checks = new ArrayList<>();
        Optional<Settings> weightFrom = weightFrom();
        HttpCheckBuilder http = new HttpCheckBuilder(this, tls, weightFrom.flatMap(CheckBuilder::weightPart), problems);
        for (Statement s : realServer.all(Keywords.TCP_CHECK_BLOCK)) {
            Settings check = read(Scope.TCP_CHECK, s);
            where(check, s.origin())
                    .map(w -> check(check, new TcpCheck(w), 1, SECOND))
                    .ifPresent(checks::add);
        }
        realServer.all(Keywords.HTTP_GET_BLOCK).forEach(s -> http.http(s, false).ifPresent(checks::add));
        realServer.all(Keywords.SSL_GET_BLOCK).forEach(s -> http.http(s, true).ifPresent(checks::add));
        realServer.all(CheckKeywords.SMTP_CHECK_BLOCK).forEach(s -> smtp(s, checks));
        realServer.all(CheckKeywords.DNS_CHECK_BLOCK).forEach(s -> dns(s).ifPresent(checks::add));
        realServer.all(CheckKeywords.UDP_CHECK_BLOCK).forEach(s -> udp(s).ifPresent(checks::add));
        for (Statement s : realServer.all(CheckKeywords.PING_CHECK_BLOCK)) {
            Settings check = read(Scope.PING_CHECK, s);
            where(check, s.origin(), 0)
                    .map(w -> check(check, new PingCheck(w), 1, SECOND))
                    .ifPresent(checks::add);
        }
        realServer.all(CheckKeywords.GRPC_CHECK_BLOCK).forEach(s -> grpc(s).ifPresent(checks::add));
        realServer
                .all(CheckKeywords.SERVICE_CHECK_BLOCK)
                .forEach(s -> service(s).ifPresent(checks::add));
        realServer.all(CheckKeywords.MISC_CHECK_BLOCK).forEach(s -> misc(s).ifPresent(checks::add));
        realServer.all(CheckKeywords.FILE_CHECK_BLOCK).forEach(s -> file(s).ifPresent(checks::add));
        realServer.all(CheckKeywords.BFD_CHECK_BLOCK).forEach(s -> bfd(s).ifPresent(checks::add));
        weightFrom.ifPresent(w -> agent(w, checks));
        return checks;
    }

    /** Those of the levels above were judged where they stand. */
    private Optional<Settings> weightFrom() {
        boolean own = realServer.mentions(CheckKeywords.WEIGHT_FROM_BLOCK);
        return above(CheckKeywords.WEIGHT_FROM_BLOCK)
                .map(s -> Settings.read(Scope.WEIGHT_FROM, ConfigBuilder.blockOf(s), own ? problems : new Problems()));
    }

    private Settings read(Scope scope, Statement block) {
        return Settings.read(scope, ConfigBuilder.blockOf(block), problems);
    }

    <T> Optional<T> inherited(Settings check, Keyword<T> keyword) {
        return check.get(keyword).or(() -> above(keyword));
    }

    private <T> Optional<T> above(Keyword<T> keyword) {
        return levels.stream().flatMap(l -> l.get(keyword).stream()).findFirst();
    }

    /** A check that runs again and again, with its timing. */
    CheckConfig check(Settings settings, CheckSpec spec, long retry, Duration retryDelay) {
        return new CheckConfig(spec, timing(settings, retry, retryDelay), alpha(settings), logs(settings));
    }

    CheckConfig smoothed(CheckConfig check) {
        Smoothing smoothing = weightFrom().map(CheckBuilder::smoothing).orElse(Smoothing.NONE);
        return new CheckConfig(
                check.spec(),
                check.timing(),
                check.alpha(),
                check.logAllFailures(),
                Optional.of(smoothing),
                check.origin());
    }

    private static Smoothing smoothing(Settings from) {
        return new Smoothing(
                from.get(CheckKeywords.SMOOTHING).orElse(100L).intValue(),
                from.get(CheckKeywords.FLOOR).orElse(0L).intValue(),
                from.get(CheckKeywords.CEILING).orElse(100L).intValue());
    }

    // ---- what checks share

    Optional<ProbeAddress> where(Settings check, Origin origin) {
        int target = check.get(Keywords.CONNECT_PORT).map(Long::intValue).orElse(port);
        if (target == 0) {
            problems.error(origin, "nothing says which port to probe: the check is dropped", "add: connect_port N");
            return Optional.empty();
        }
        return where(check, origin, target);
    }

    private Optional<ProbeAddress> where(Settings check, Origin origin, int targetPort) {
        InetAddress target = check.get(Keywords.CONNECT_IP).orElse(address);
        String bindInterface = check.get(Keywords.BIND_IF).orElse("");
        if (target.isLinkLocalAddress() && bindInterface.isEmpty()) {
            problems.error(
                    check.originOf(Keywords.CONNECT_IP, origin),
                    "a link-local address needs an interface: the check is dropped",
                    "add: bind_if INTERFACE");
            return Optional.empty();
        }
        Optional<InetAddress> bind = check.get(Keywords.BINDTO);
        if (bind.isPresent() && IpAddresses.isIpv4(bind.get()) != IpAddresses.isIpv4(target)) {
            problems.error(
                    check.originOf(Keywords.BINDTO, origin),
                    "bindto is of another address family than the target; it is ignored");
            bind = Optional.empty();
        }
        ProbeAddress straight = timed(
                check,
                new ProbeAddress(
                        target,
                        targetPort,
                        bind,
                        check.get(Keywords.BIND_PORT).map(Long::intValue).orElse(0),
                        bindInterface,
                        check.get(Keywords.CHECK_FWMARK).orElse(0L),
                        inherited(check, Keywords.CONNECT_TIMEOUT).orElse(DEFAULT_TIMEOUT)));
        boolean travels = target.equals(address) && targetPort != 0;
        return Optional.of(path.filter(_ -> travels)
                .map(p -> through(p, straight, check, origin))
                .orElse(straight));
    }

    private ProbeAddress timed(Settings check, ProbeAddress where) {
        return inherited(check, Keywords.TOTAL_TIMEOUT).map(where::within).orElse(where);
    }

    /** What asks the real server itself by TCP or UDP goes through the virtual address. */
    private ProbeAddress through(ProbePath way, ProbeAddress straight, Settings check, Origin origin) {
        if (straight.mark() != 0) {
            problems.error(
                    check.originOf(Keywords.CHECK_FWMARK, origin),
                    "via_vip gives the probes a mark of its own; fwmark is ignored",
                    "remove one of them");
        }
        return new ProbeAddress(
                way.address(),
                straight.port(),
                straight.bindAddress(),
                straight.bindPort(),
                straight.bindInterface(),
                way.mark(),
                straight.deadline(),
                straight.total(),
                Optional.of(straight.address()));
    }

    private Duration delayLoop(Settings check) {
        return inherited(check, Keywords.DELAY_LOOP).orElse(DEFAULT_DELAY_LOOP);
    }

    private Timing timing(Settings check, long retry, Duration retryDelay) {
        return new Timing(
                delayLoop(check),
                retries(check).orElse(retry),
                inherited(check, Keywords.DELAY_BEFORE_RETRY).orElse(retryDelay),
                inherited(check, Keywords.WARMUP),
                inherited(check, CheckKeywords.RISE).orElse(1L).intValue(),
                inherited(check, CheckKeywords.FAST_INTERVAL));
    }

    /** A fall of n is n - 1 retries; at each level it goes before them. */
    private Optional<Long> retries(Settings check) {
        return check.get(CheckKeywords.FALL)
                .map(n -> n - 1)
                .or(() -> check.get(Keywords.CHECK_RETRY))
                .or(() -> check.get(Keywords.NB_GET_RETRY))
                .or(() -> levels.stream()
                        .flatMap(
                                l -> l.get(CheckKeywords.FALL).map(n -> n - 1).or(() -> l.get(Keywords.RETRY)).stream())
                        .findFirst());
    }

    private boolean alpha(Settings check) {
        return inherited(check, Keywords.ALPHA).orElse(false);
    }

    private boolean logs(Settings check) {
        return check.get(Keywords.LOG_ALL_FAILURES).orElse(definitions.logAllFailures());
    }

    private Optional<Tls> tlsIfAsked(Settings check) {
        return check.isOn(CheckKeywords.TLS)
                ? Optional.of(tls.tls(check, inherited(check, Keywords.VIRTUALHOST), false))
                : Optional.empty();
    }

    // ---- keepalived's

    private void smtp(Statement block, List<CheckConfig> checks) {
        Settings check = read(Scope.SMTP_CHECK, block);
        String helo = check.get(CheckKeywords.HELO_NAME).orElse(HELO);
        where(check, block.origin())
                .map(w -> check(check, new SmtpCheck(w, helo), 1, SECOND))
                .ifPresent(checks::add);
        for (Statement host : check.all(CheckKeywords.SMTP_HOST_BLOCK)) {
            problems.warning(host.origin(), "'host' is deprecated", "write a second SMTP_CHECK with connect_ip");
            Settings own = read(Scope.SMTP_HOST, host);
            Settings other = own.over(check);
            where(own, host.origin())
                    .map(w -> check(other, new SmtpCheck(w, helo), 1, SECOND))
                    .ifPresent(checks::add);
        }
    }

    private Optional<CheckConfig> dns(Statement block) {
        Settings check = read(Scope.DNS_CHECK, block);
        return where(check, block.origin())
                .map(w -> check(
                        check,
                        new DnsCheck(
                                w,
                                check.get(CheckKeywords.DNS_TYPE).orElse("SOA"),
                                check.get(CheckKeywords.DNS_NAME).orElse("")),
                        DNS_RETRY,
                        delayLoop(check)));
    }

    private Optional<CheckConfig> udp(Statement block) {
        Settings check = read(Scope.UDP_CHECK, block);
        int min = check.get(CheckKeywords.MIN_REPLY_LENGTH).orElse(0L).intValue();
        int max = check.get(CheckKeywords.MAX_REPLY_LENGTH).map(Long::intValue).orElse(Math.max(min, MAX_REPLY));
        if (min > max) {
            problems.error(
                    check.originOf(CheckKeywords.MIN_REPLY_LENGTH, block.origin()),
                    "min_reply_length " + min + " is more than max_reply_length " + max + ": no answer could pass",
                    "");
        }
        return where(check, block.origin())
                .map(w -> check(
                        check,
                        new UdpCheck(
                                w,
                                check.get(CheckKeywords.PAYLOAD).orElse(PAYLOAD),
                                check.get(CheckKeywords.REQUIRE_REPLY),
                                min,
                                max),
                        1,
                        SECOND));
    }

    private Optional<CheckConfig> misc(Statement block) {
        Settings check = read(Scope.MISC_CHECK, block);
        return Definitions.required(check, CheckKeywords.MISC_PATH, block, problems)
                .map(script -> check(
                                check,
                                new MiscCheck(
                                        script.argv(),
                                        check.get(CheckKeywords.MISC_TIMEOUT)
                                                .filter(s -> s > 0)
                                                .map(Duration::ofSeconds)
                                                .orElse(delayLoop(check)),
                                        check.isOn(CheckKeywords.MISC_DYNAMIC),
                                        definitions.scriptUser(check.get(CheckKeywords.MISC_USER))),
                                0,
                                SECOND)
                        .at(script.origin()));
    }

    private Optional<CheckConfig> file(Statement block) {
        Settings check = read(Scope.FILE_CHECK, block);
        Optional<String> name = Definitions.required(check, CheckKeywords.FILE_NAME, block, problems);
        Optional<TrackFile> file = name.flatMap(definitions::file);
        if (name.isPresent() && file.isEmpty()) {
            problems.error(
                    check.originOf(CheckKeywords.FILE_NAME, block.origin()),
                    "track_file '" + name.get() + "' is not defined: the check is dropped",
                    "define it: track_file " + name.get() + " { file PATH }");
        }
        Optional<List<String>> own = check.get(CheckKeywords.FILE_WEIGHT);
        return file.map(f -> watched(
                new FileCheck(
                        f,
                        own.map(w -> Long.parseLong(w.getFirst())).orElse(f.weight()),
                        own.filter(w -> w.size() > 1)
                                .map(w -> w.contains("reverse"))
                                .orElse(f.reverse())),
                false));
    }

    private Optional<CheckConfig> bfd(Statement block) {
        Settings check = read(Scope.BFD_CHECK, block);
        Optional<String> name = Definitions.required(check, CheckKeywords.BFD_NAME, block, problems);
        Optional<BfdInstance> session = name.flatMap(definitions::session);
        if (name.isPresent() && session.isEmpty()) {
            problems.error(
                    check.originOf(CheckKeywords.BFD_NAME, block.origin()),
                    "bfd_instance '" + name.get() + "' is not defined: the check is dropped",
                    "define it: bfd_instance " + name.get() + " { neighbor_ip ADDRESS }");
        }
        return session.map(s -> watched(new BfdCheck(s), alpha(check)));
    }

    /** A check that nobody asks for: it speaks up by itself. */
    private CheckConfig watched(CheckSpec spec, boolean alpha) {
        return new CheckConfig(spec, WATCHED, alpha, false);
    }

    // ---- lvsd's own

    private Optional<CheckConfig> grpc(Statement block) {
        Settings check = read(Scope.GRPC_CHECK, block);
        return where(check, block.origin())
                .map(w -> check(
                        check,
                        new GrpcCheck(
                                w,
                                tlsIfAsked(check),
                                check.get(CheckKeywords.GRPC_SERVICE).orElse("")),
                        1,
                        SECOND));
    }

    private Optional<CheckConfig> service(Statement block) {
        Settings check = read(Scope.SERVICE_CHECK, block);
        Optional<ServiceType> type = Definitions.required(check, CheckKeywords.SERVICE_TYPE, block, problems)
                .map(word -> Objects.requireNonNull(ServiceType.of(word)));
        if (type.isEmpty()) {
            return Optional.empty();
        }
        if (type.get() == ServiceType.RADIUS && !check.mentions(CheckKeywords.SERVICE_SECRET)) {
            problems.error(
                    block.origin(),
                    "a RADIUS server answers only who shares a secret with it: the check is dropped",
                    "add: secret TEXT");
            return Optional.empty();
        }
        if (type.get().isUdp() && check.isOn(CheckKeywords.TLS)) {
            problems.error(
                    check.originOf(CheckKeywords.TLS, block.origin()),
                    "'" + type.get().word() + "' is asked by datagrams; tls is ignored",
                    "");
        }
        Optional<Tls> tls = type.get().isUdp() ? Optional.empty() : tlsIfAsked(check);
        return where(check, block.origin())
                .map(w -> check(
                        check,
                        new ServiceCheck(
                                w,
                                type.get(),
                                tls,
                                check.get(CheckKeywords.SERVICE_USER),
                                check.get(CheckKeywords.SERVICE_DATABASE),
                                check.get(CheckKeywords.SERVICE_SECRET)),
                        1,
                        SECOND));
    }

    private static Optional<WeightPart> weightPart(Settings from) {
        return from.get(CheckKeywords.WEIGHT_HEADER)
                .<WeightPart>map(WeightPart.Header::new)
                .or(() -> from.get(CheckKeywords.WEIGHT_JSON).map(WeightPart.Json::new));
    }

    private void agent(Settings from, List<CheckConfig> checks) {
        Statement block = above(CheckKeywords.WEIGHT_FROM_BLOCK).orElseThrow();
        boolean part = weightPart(from).isPresent();
        Optional<Long> agentPort = from.get(CheckKeywords.AGENT);
        if (!part && agentPort.isEmpty()) {
            problems.error(block.origin(), "'weight_from' says nothing", "add: agent PORT, header NAME or json FIELD");
        }
        boolean meant = levels.stream().limit(2).anyMatch(l -> l.mentions(CheckKeywords.WEIGHT_FROM_BLOCK));
        if (part && meant && checks.stream().noneMatch(c -> c.spec() instanceof HttpCheck)) {
            problems.error(
                    block.origin(),
                    "'weight_from' reads HTTP answers, and this real server has no HTTP_GET or SSL_GET",
                    "add one, or use: agent PORT");
        }
        agentPort.ifPresent(p -> {
            ProbeAddress where = timed(
                    from,
                    new ProbeAddress(
                            address,
                            p.intValue(),
                            Optional.empty(),
                            0,
                            "",
                            0,
                            inherited(from, Keywords.CONNECT_TIMEOUT).orElse(DEFAULT_TIMEOUT)));
            String send = from.get(CheckKeywords.AGENT_SEND).orElse("");
            checks.add(new CheckConfig(
                    new AgentCheck(where, send),
                    new Timing(delayLoop(from), 0, SECOND, Optional.empty()),
                    false,
                    false,
                    Optional.of(smoothing(from)),
                    block.origin()));
        });
    }
}
