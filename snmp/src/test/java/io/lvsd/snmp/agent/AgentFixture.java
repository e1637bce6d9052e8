package io.lvsd.snmp.agent;

import io.lvsd.conf.model.KernelConfig;
import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.SnmpConfig;
import io.lvsd.conf.model.SnmpConfig.Auth;
import io.lvsd.conf.model.SnmpConfig.AuthProtocol;
import io.lvsd.conf.model.SnmpConfig.Listen;
import io.lvsd.conf.model.SnmpConfig.Priv;
import io.lvsd.conf.model.SnmpConfig.PrivProtocol;
import io.lvsd.conf.model.SnmpConfig.Secret;
import io.lvsd.conf.model.SnmpConfig.SystemGroup;
import io.lvsd.conf.model.SnmpConfig.Transport;
import io.lvsd.conf.model.SnmpConfig.User;
import io.lvsd.conf.model.VsId;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.Community;
import io.lvsd.ipvs.MemoryIpvs;
import io.lvsd.snmp.SnmpObserver;
import io.lvsd.snmp.SnmpSource.Undo;
import io.lvsd.snmp.mib.ServerViews;
import io.lvsd.snmp.mib.SnmpView;
import io.lvsd.snmp.mib.SystemMib.Engine;
import io.lvsd.snmp.mib.SystemMib.Identity;
import io.lvsd.snmp.service.SnmpService;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.snmp4j.smi.OctetString;

/** A service on a free port of loopback, over a table without services. */
final class AgentFixture implements AutoCloseable, SnmpService.Views, SnmpObserver {
    static final InetAddress LOOPBACK = IpAddresses.ofBytes(new byte[] {127, 0, 0, 1});
    static final OctetString ENGINE = OctetString.fromHexString("80:00:1f:88:04:6c:76:73:64");
    /** How long the engine has been running when the agent begins. */
    static final Duration RUNNING = Duration.ofSeconds(1_000);

    static final String PASSWORD = "correct horse";
    static final User READER = user("reader", false);
    static final User WRITER = user("writer", true);
    static final User PLAIN =
            new User("plain", Optional.empty(), Optional.empty(), List.of(), List.of("1.3.6.1.2.1.1.5"), false);

    final List<Request> requests = new CopyOnWriteArrayList<>();
    final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
    final List<String> weights = new CopyOnWriteArrayList<>();
    final int port;
    final SnmpService service;
    final AtomicInteger boots = new AtomicInteger(6);
    volatile Optional<SnmpView> view = Optional.of(new SnmpView(
            new MemoryIpvs().read(),
            Map.of(),
            Map.of(),
            () -> new ServerViews("1", "director", List.of(), List.of(), KernelConfig.NONE)));

    AgentFixture() throws IOException {
        // A port that is free for both transports.
        try (ServerSocket tcp = new ServerSocket(0, 1, LOOPBACK);
                DatagramSocket udp = new DatagramSocket(new InetSocketAddress(LOOPBACK, tcp.getLocalPort()))) {
            port = udp.getLocalPort();
        }
        service = new SnmpService(
                new Identity("1.0", "director.example"),
                this,
                _ -> new Engine(ENGINE, boots.incrementAndGet(), System.nanoTime() - RUNNING.toNanos()),
                _ -> PASSWORD,
                this);
    }

    private static User user(String name, boolean write) {
        Secret secret = new Secret.Written(PASSWORD);
        return new User(
                name,
                Optional.of(new Auth(AuthProtocol.SHA256, secret)),
                Optional.of(new Priv(PrivProtocol.AES128, secret)),
                List.of(),
                List.of(),
                write);
    }

    /** Both transports on one port, the community {@code public} for loopback, three users. */
    SnmpConfig config() {
        return config("public", LOOPBACK, List.of(), Optional.empty());
    }

    /**
     * Another configuration.
     *
     * @param address of both transports
     * @param further listen addresses
     */
    SnmpConfig config(String community, InetAddress address, List<Listen> further, Optional<String> engineId) {
        List<Listen> listen = new ArrayList<>(further);
        listen.add(0, new Listen(Transport.TCP, address, port));
        listen.add(0, new Listen(Transport.UDP, address, port));
        return new SnmpConfig(
                listen,
                List.of(new Community(community, LOOPBACK, 8)),
                List.of(READER, WRITER, PLAIN),
                Optional.empty(),
                List.of(),
                true,
                SnmpConfig.INTERVAL,
                SnmpConfig.RATE_LIMIT,
                new SystemGroup("noc", "rack 7"),
                engineId);
    }

    AgentFixture start() throws IOException {
        service.prepare(Optional.of(config())).commit();
        return this;
    }

    @Override
    public CompletableFuture<Optional<SnmpView>> view() {
        return CompletableFuture.completedFuture(view);
    }

    @Override
    public CompletableFuture<Optional<Undo>> setWeight(VsId virtualServer, RsId realServer, long weight, String user) {
        String change = virtualServer + " " + realServer + " " + weight + " " + user;
        weights.add(change);
        return weight == 13
                ? CompletableFuture.completedFuture(Optional.empty())
                : CompletableFuture.completedFuture(Optional.of(() -> {
                    weights.add("undo " + change);
                    return CompletableFuture.completedFuture(true);
                }));
    }

    @Override
    public void request(Request type) {
        requests.add(type);
    }

    @Override
    public void notification(Delivery outcome) {
        deliveries.add(outcome);
    }

    @Override
    public void close() {
        service.close();
    }
}
