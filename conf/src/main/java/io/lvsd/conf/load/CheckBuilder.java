package io.lvsd.conf.load;

import io.lvsd.conf.Names;
import io.lvsd.conf.Origin;
import io.lvsd.conf.Problems;
import io.lvsd.conf.keyword.Keyword;
import io.lvsd.conf.keyword.Keywords;
import io.lvsd.conf.keyword.Scope;
import io.lvsd.conf.keyword.Settings;
import io.lvsd.conf.keyword.Types.StatusRange;
import io.lvsd.conf.model.CheckConfig;
import io.lvsd.conf.model.CheckConfig.HttpVersion;
import io.lvsd.conf.model.CheckConfig.Url;
import io.lvsd.conf.model.ProbeAddress;
import io.lvsd.conf.model.Timing;
import io.lvsd.conf.syntax.Statement;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The checks of one real server. A value comes from the check, else the real server, else the virtual server. */
final class CheckBuilder {
    private static final Duration DEFAULT_DELAY_LOOP = Duration.ofSeconds(60);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TCP_RETRY_DELAY = Duration.ofSeconds(1);
    private static final Duration HTTP_RETRY_DELAY = Duration.ofSeconds(3);
    private static final List<StatusRange> GOOD = List.of(new StatusRange(200, 299));

    private final Settings virtualServer;
    private final Settings realServer;
    private final InetAddress address;
    private final int port;
    private final Problems problems;

    CheckBuilder(Settings virtualServer, Settings realServer, InetAddress address, int port, Problems problems) {
        this.virtualServer = virtualServer;
        this.realServer = realServer;
        this.address = address;
        this.port = port;
        this.problems = problems;
    }

    private <T> Optional<T> inherited(Settings check, Keyword<T> keyword) {
        return check.get(keyword).or(() -> above(keyword));
    }

    private <T> Optional<T> above(Keyword<T> keyword) {
        return realServer.get(keyword).or(() -> virtualServer.get(keyword));
    }

    Optional<CheckConfig> tcp(Statement block) {
        Settings check = Settings.read(Scope.TCP_CHECK, ConfigBuilder.blockOf(block), problems);
        return where(check, block.origin())
                .map(where -> new CheckConfig.Tcp(
                        where, timing(check, TCP_RETRY_DELAY), alpha(check), check.isOn(Keywords.LOG_ALL_FAILURES)));
    }

    Optional<CheckConfig> http(Statement block, boolean tls) {
        Settings check = Settings.read(Scope.HTTP_CHECK, ConfigBuilder.blockOf(block), problems);
        check.get(Keywords.NB_GET_RETRY)
                .ifPresent(_ -> problems.warning(
                        check.originOf(Keywords.NB_GET_RETRY, block.origin()),
                        "'nb_get_retry' is deprecated",
                        "write: retry"));
        Optional<ProbeAddress> where = where(check, block.origin());
        if (where.isEmpty()) {
            return Optional.empty();
        }
        List<Url> urls = new ArrayList<>();
        for (Statement url : check.all(Keywords.URL_BLOCK)) {
            url(url, check, where.get()).ifPresent(urls::add);
        }
        if (urls.isEmpty()) {
            problems.error(
                    block.origin(),
                    block.name() + " without a usable url is dropped: its check is missing",
                    "add: url { path / }");
            return Optional.empty();
        }
        return Optional.of(new CheckConfig.Http(
                where.get(),
                timing(check, HTTP_RETRY_DELAY),
                alpha(check),
                check.isOn(Keywords.LOG_ALL_FAILURES),
                tls,
                check.get(Keywords.HTTP_PROTOCOL).orElse(HttpVersion.V1_0),
                tls ? serverName(check) : Optional.empty(),
                check.isOn(Keywords.FAST_RECOVERY),
                urls));
    }

    private Optional<String> serverName(Settings check) {
        Optional<String> name = check.get(Keywords.SNI_NAME);
        if (name.isPresent() || !check.isOn(Keywords.ENABLE_SNI)) {
            return name;
        }
        return inherited(check, Keywords.VIRTUALHOST);
    }

    private Optional<Url> url(Statement block, Settings check, ProbeAddress where) {
        Settings url = Settings.read(Scope.URL, ConfigBuilder.blockOf(block), problems);
        Optional<String> path = url.get(Keywords.PATH);
        if (path.isEmpty()) {
            if (!url.mentions(Keywords.PATH)) {
                problems.error(block.origin(), "url without a path is dropped: its check is missing", "add: path /");
            }
            return Optional.empty();
        }
        if (path.get().chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
            problems.error(
                    url.originOf(Keywords.PATH, block.origin()),
                    "the path holds a blank or control character; the url is dropped",
                    "write %20 for a blank");
            return Optional.empty();
        }
        String host = url.get(Keywords.VIRTUALHOST)
                .or(() -> inherited(check, Keywords.VIRTUALHOST))
                .orElse(Names.text(where.address(), where.port()));
        return Optional.of(
                new Url(path.get(), host, url.get(Keywords.STATUS_CODE).orElse(GOOD), url.get(Keywords.DIGEST)));
    }

    private Optional<ProbeAddress> where(Settings check, Origin origin) {
        InetAddress target = check.get(Keywords.CONNECT_IP).orElse(address);
        int targetPort = check.get(Keywords.CONNECT_PORT).map(Long::intValue).orElse(port);
        if (targetPort == 0) {
            problems.error(origin, "nothing says which port to probe: the check is dropped", "add: connect_port N");
            return Optional.empty();
        }
        Optional<InetAddress> bind = check.get(Keywords.BINDTO);
        if (bind.isPresent() && Names.isIpv4(bind.get()) != Names.isIpv4(target)) {
            problems.error(
                    check.originOf(Keywords.BINDTO, origin),
                    "bindto is of another address family than the target; it is ignored");
            bind = Optional.empty();
        }
        return Optional.of(new ProbeAddress(
                target,
                targetPort,
                bind,
                check.get(Keywords.BIND_PORT).map(Long::intValue).orElse(0),
                check.get(Keywords.BIND_IF).orElse(""),
                check.get(Keywords.CHECK_FWMARK).orElse(0L),
                inherited(check, Keywords.CONNECT_TIMEOUT).orElse(DEFAULT_TIMEOUT)));
    }

    private Timing timing(Settings check, Duration retryDelay) {
        return new Timing(
                inherited(check, Keywords.DELAY_LOOP).orElse(DEFAULT_DELAY_LOOP),
                check.get(Keywords.CHECK_RETRY)
                        .or(() -> check.get(Keywords.NB_GET_RETRY))
                        .or(() -> above(Keywords.RETRY))
                        .orElse(1L),
                inherited(check, Keywords.DELAY_BEFORE_RETRY).orElse(retryDelay),
                inherited(check, Keywords.WARMUP));
    }

    private boolean alpha(Settings check) {
        return inherited(check, Keywords.ALPHA).orElse(false);
    }
}
