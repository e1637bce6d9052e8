package io.lvsd.checkers;

import io.lvsd.checkers.clock.ClockEvent;
import io.lvsd.checkers.clock.PauseWatch;
import io.lvsd.checkers.probe.ProbeKey;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.Prober;
import io.lvsd.checkers.protocol.AgentExchange;
import io.lvsd.checkers.protocol.DnsExchange;
import io.lvsd.checkers.protocol.Exchange;
import io.lvsd.checkers.protocol.GrpcExchange;
import io.lvsd.checkers.protocol.SmtpExchange;
import io.lvsd.checkers.protocol.UdpExchange;
import io.lvsd.checkers.protocol.http.Http2UrlExchange;
import io.lvsd.checkers.protocol.http.HttpExchange;
import io.lvsd.checkers.protocol.service.ServiceProtocols;
import io.lvsd.checkers.script.ScriptRunner;
import io.lvsd.checkers.tls.TlsAlgorithms;
import io.lvsd.checkers.transport.Attempt;
import io.lvsd.checkers.transport.DatagramAttempt;
import io.lvsd.checkers.transport.Http2Attempt;
import io.lvsd.checkers.transport.PingAttempt;
import io.lvsd.checkers.transport.PlainAttempt;
import io.lvsd.checkers.transport.ProbeLoop;
import io.lvsd.checkers.transport.ProbeResources;
import io.lvsd.checkers.transport.TcpAttempt;
import io.lvsd.checkers.transport.TlsAttempt;
import io.lvsd.checkers.transport.ViaVipRouting;
import io.lvsd.conf.check.AgentCheck;
import io.lvsd.conf.check.CheckSpec;
import io.lvsd.conf.check.DnsCheck;
import io.lvsd.conf.check.GrpcCheck;
import io.lvsd.conf.check.HttpCheck;
import io.lvsd.conf.check.MiscCheck;
import io.lvsd.conf.check.PingCheck;
import io.lvsd.conf.check.ServiceCheck;
import io.lvsd.conf.check.SmtpCheck;
import io.lvsd.conf.check.TcpCheck;
import io.lvsd.conf.check.UdpCheck;
import io.lvsd.conf.check.http.HttpVersion;
import io.lvsd.conf.check.http.Url;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.conf.value.Tls;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** Probes over Netty's epoll transport. Connection with handshake, and each read, have a deadline; a longer one limits the whole probe. Thread-safe. */
public final class Probes implements Prober {
    /** Probes that one loop starts before another is woken up. */
    private static final int BATCH = 32;

    private static final int SCRIPTS = 64;

    static {
        TlsAlgorithms.prepare();
    }

    private final PauseWatch pauses;
    private final MultiThreadIoEventLoopGroup group;
    private final List<ProbeLoop> loops = new ArrayList<>();
    private final ScriptRunner scripts;
    private final ProbeResources shared = new ProbeResources();
    private final ViaVipRouting paths = new ViaVipRouting(Path.of("/proc/sys"));

    /**
     * Starts with nothing to do.
     *
     * @param threads event loops, 1 or more
     * @param clock told, on a thread of its own, when this process did not run for more than a second, and when somebody set
     *     the clock
     */
    public Probes(int threads, Consumer<ClockEvent> clock) {
        pauses = PauseWatch.start(clock);
        scripts = new ScriptRunner(SCRIPTS, pauses);
        group = new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory("probe", true), EpollIoHandler.newFactory());
        for (int i = 0; i < threads; i++) {
            var loop = group.next();
            // Its thread is created now, not by the first probe, when the host may have none left.
            loop.submit(() -> {}).syncUninterruptibly();
            loops.add(new ProbeLoop(loop, pauses));
        }
    }

    /** Whether programs that others than root could change are not run: their checks fail. */
    public void scriptSecurity(boolean on) {
        scripts.security(on);
    }

    @Override
    public void probe(List<Start> starts) {
        List<Function<ProbeLoop, Attempt>> remote = new ArrayList<>();
        for (Start start : starts) {
            switch (start.key().spec()) {
                case MiscCheck misc -> scripts.run(misc, start.done());
                case CheckSpec.Remote spec
                when spec.target().realServer().isPresent() -> {
                    ViaVipRouting.Answer path = paths.of(spec.target(), System.nanoTime());
                    if (path.trouble().isEmpty()) {
                        CheckSpec.Remote bound = path.source()
                                .map(s -> spec.withTarget(spec.target().from(s)))
                                .orElse(spec);
                        ProbeKey key = new ProbeKey(bound, start.key().url());
                        remote.add(loop -> attempt(loop, key, start.done()));
                    } else {
                        ProbeResult trouble = new ProbeResult.Inconclusive("via_vip: " + path.trouble());
                        start.done().accept(new ProbeReport(trouble, Duration.ZERO));
                    }
                }
                case CheckSpec.Remote _ -> remote.add(loop -> attempt(loop, start.key(), start.done()));
            }
        }
        int used = Math.clamp((remote.size() + BATCH - 1) / BATCH, 1, loops.size());
        int share = (remote.size() + used - 1) / used;
        for (int i = 0; i < used && share > 0; i++) {
            List<Function<ProbeLoop, Attempt>> some =
                    remote.subList(Math.min(remote.size(), i * share), Math.min(remote.size(), (i + 1) * share));
            if (!some.isEmpty()) {
                loops.get(i).start(some);
            }
        }
    }

    private Attempt attempt(ProbeLoop loop, ProbeKey key, Consumer<ProbeReport> done) {
        return switch (key.spec()) {
            case TcpCheck(var where) -> new TcpAttempt(loop, where, done);
            case HttpCheck http -> http(loop, http, http.urls().get(key.url()), done);
            case SmtpCheck smtp ->
                exchange(loop, smtp.target(), Optional.empty(), new SmtpExchange(smtp.heloName()), done);
            case AgentCheck agent -> agent(loop, agent, done);
            case DnsCheck dns -> new DatagramAttempt(loop, dns.target(), new DnsExchange(dns), false, done);
            case UdpCheck udp ->
                new DatagramAttempt(
                        loop, udp.target(), new UdpExchange(udp), udp.reply().isEmpty(), done);
            case PingCheck ping -> new PingAttempt(loop, ping.target(), done);
            case GrpcCheck grpc ->
                new Http2Attempt(loop, grpc.target(), grpc.tls(), shared, new GrpcExchange(grpc), done);
            case ServiceCheck service ->
                service.type().isUdp()
                        ? new DatagramAttempt(loop, service.target(), ServiceProtocols.exchange(service), false, done)
                        : exchange(loop, service.target(), service.tls(), ServiceProtocols.exchange(service), done);
            case MiscCheck _ -> throw new AssertionError("programs run elsewhere");
        };
    }

    private Attempt exchange(
            ProbeLoop loop, ProbeAddress where, Optional<Tls> tls, Exchange exchange, Consumer<ProbeReport> done) {
        return tls.isPresent()
                ? new TlsAttempt(loop, where, tls.get(), shared, exchange, done)
                : new PlainAttempt(loop, where, shared, exchange, done);
    }

    /** An agent that cannot be asked counts for nothing. */
    private Attempt agent(ProbeLoop loop, AgentCheck agent, Consumer<ProbeReport> done) {
        return exchange(loop, agent.target(), Optional.empty(), new AgentExchange(agent.send()), report -> {
            ProbeResult judged = report.outcome() instanceof ProbeResult.Failed(var reason, var detail)
                    ? new ProbeResult.Inconclusive("agent: " + reason + ", " + detail)
                    : report.outcome();
            done.accept(new ProbeReport(judged, report.took()));
        });
    }

    private Attempt http(ProbeLoop loop, HttpCheck http, Url url, Consumer<ProbeReport> done) {
        Optional<Tls> tls = http.tls().map(t -> t.forUrl(url.host()));
        if (http.version() == HttpVersion.V2) {
            Http2UrlExchange exchange = new Http2UrlExchange(
                    url, http.tls().isPresent(), http.target().port());
            Consumer<ProbeReport> end = following(loop, http, url, exchange::redirect, done);
            return new Http2Attempt(loop, http.target(), tls, shared, exchange, end);
        }
        HttpExchange exchange =
                new HttpExchange(url, http.version(), http.target().port());
        Consumer<ProbeReport> end = following(loop, http, url, exchange::redirect, done);
        return exchange(loop, http.target(), tls, exchange, end);
    }

    /** Follows a redirect, within what is left of the total deadline. */
    private Consumer<ProbeReport> following(
            ProbeLoop loop, HttpCheck http, Url url, Supplier<Optional<String>> redirect, Consumer<ProbeReport> done) {
        if (url.redirects() == 0) {
            return done;
        }
        return report -> {
            Optional<String> path = redirect.get();
            Duration left = http.target().total().minus(report.took());
            if (path.isEmpty() || !(report.outcome() instanceof ProbeResult.Passed) || left.isNegative()) {
                done.accept(report);
                return;
            }
            HttpCheck next = new HttpCheck(
                    http.target().within(left), http.tls(), http.version(), false, List.of(url.redirected(path.get())));
            loop.start(List.of(l -> http(l, next, next.urls().getFirst(), done)));
        };
    }

    /**
     * Makes one probe of the common kinds on loopback and waits for them, so that the first real ones do not wait for code
     * to be loaded. Blocks; what comes of it does not matter.
     */
    public void warmUp() {
        try (ServerSocket server = new ServerSocket(0, 2, InetAddress.getLoopbackAddress())) {
            ProbeAddress here = new ProbeAddress(
                    server.getInetAddress(), server.getLocalPort(), Optional.empty(), 0, "", 0, Duration.ofSeconds(30));
            CountDownLatch done = new CountDownLatch(2);
            Url url = new Url("/", "localhost", List.of(), Optional.empty());
            HttpCheck http = new HttpCheck(here, Optional.empty(), HttpVersion.V1_0, false, List.of(url));
            probe(List.of(
                    new Start(ProbeKey.of(new TcpCheck(here)), _ -> done.countDown()),
                    new Start(ProbeKey.of(http), _ -> done.countDown())));
            byte[] answer = "HTTP/1.0 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 2; i++) {
                try (Socket client = server.accept()) {
                    client.getOutputStream().write(answer);
                    client.shutdownOutput();
                }
            }
            boolean _ = done.await(1, TimeUnit.SECONDS);
        } catch (IOException _) {
            // Nothing was warmed: the first probes take longer.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether this process stood still for a while since a time of {@link System#nanoTime}. Any thread. */
    public boolean pausedSince(long nanos) {
        return pauses.since(nanos);
    }

    @Override
    public void close() {
        scripts.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
        pauses.close();
    }
}
