package io.lvsd.ipvs.embedded;

import io.lvsd.ipvs.ApplyResult;
import io.lvsd.ipvs.IpvsClient;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.IpvsGlobals;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.embedded.flow.FlowTable;
import io.lvsd.ipvs.embedded.flow.Listener;
import io.lvsd.ipvs.embedded.flow.LiveService;
import io.lvsd.ipvs.embedded.scheduler.Scheduler;
import io.lvsd.ipvs.embedded.table.Counters;
import io.lvsd.ipvs.embedded.tcp.Chunk;
import io.lvsd.ipvs.embedded.tcp.TcpListener;
import io.lvsd.ipvs.embedded.tcp.Worker;
import io.lvsd.ipvs.embedded.udp.UdpListener;
import io.lvsd.ipvs.ffm.Errno;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsInfo;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.IpvsTimeouts;
import io.lvsd.ipvs.model.Protocol;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A table that does by itself what the kernel's would: listens for its services and forwards to their destinations, TCP
 * connections and UDP datagrams, on event loops of its own. What only a packet forwarder can do is rejected, with the
 * reason. Commands and readings come from one thread.
 *
 * <p>Differences from the kernel's that can be seen: destinations see the director's address instead of the client's (the
 * PROXY protocol can report them); a connection that a destination refuses goes to the next one; connections outlive the
 * removal of their destination; bytes are those of the payload, and a TCP connection's packets are the segments that the
 * client's side of it exchanged.
 */
public final class EmbeddedIpvs implements IpvsClient {
    private static final IpvsInfo INFO = new IpvsInfo("1.2.1", 4096);
    private static final long MAX_WEIGHT = Integer.MAX_VALUE;
    private static final int CHUNK_SHARE = 2;

    private static final long START = System.nanoTime();
    private static final long TICK_MILLIS = 200;
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedIpvs.class);

    // fixed
    private final MultiThreadIoEventLoopGroup group;
    private final List<Worker> workers = new ArrayList<>();
    private final FlowTable connections;
    private final FlowTable sessions;
    private final BiPredicate<ServiceKey, DestinationKey> announced;

    // shared: written by the thread that applies commands, read by the housekeeper
    private final Map<ServiceKey, Entry> services = new ConcurrentHashMap<>();
    private volatile IpvsTimeouts timeouts = new IpvsTimeouts(900, 120, 300);

    // owned by the housekeeper, which is the first event loop
    private long second = now();

    private int nextUdpWorker;

    private record Entry(LiveService service, Listener listener) {}

    /** Flows that ended before their peers ended them, since the start. */
    public record Endings(
            int connections,
            int sessions,
            long connectionsEvicted,
            long sessionsEvicted,
            long connectionsExpired,
            long sessionsExpired) {}

    /**
     * A table without services.
     *
     * @param threads event loops, 1 or more
     * @param announced whether connections to a destination begin with the PROXY protocol's header; called for each
     *     connection, on an event loop
     */
    public EmbeddedIpvs(int threads, EmbeddedLimits limits, BiPredicate<ServiceKey, DestinationKey> announced) {
        this.announced = announced;
        this.connections = new FlowTable(limits.connections(), limits.connectionsPerSource());
        this.sessions = new FlowTable(limits.sessions(), limits.sessionsPerSource());
        this.group = new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory("forward", true), EpollIoHandler.newFactory());
        long directMemory = Runtime.getRuntime().maxMemory();
        int chunks = (int) Math.min(Integer.MAX_VALUE, directMemory / CHUNK_SHARE / Chunk.SIZE / threads);
        for (int i = 0; i < threads; i++) {
            Worker worker = new Worker(group.next(), Math.max(1, chunks), second);
            workers.add(worker);
            // Its thread is created now, not by the first service, when the host may have none left.
            worker.loop().submit(() -> {}).syncUninterruptibly();
        }
        var _ = workers.getFirst()
                .loop()
                .scheduleAtFixedRate(this::housekeepSafely, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static long now() {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - START);
    }

    /** An exception would cancel the schedule, and with it all timeouts. */
    private void housekeepSafely() {
        try {
            housekeep();
        } catch (RuntimeException e) {
            LOG.atError()
                    .addKeyValue("reason", "unexpected exception")
                    .setCause(e)
                    .log("embedded.failed");
        }
    }

    /** Lets each second that has begun since the last time happen once. */
    private void housekeep() {
        for (long now = now(); second < now; ) {
            second++;
            long present = second;
            services.values().forEach(e -> e.service().second(present));
            if (second % Counters.PERIOD_SECONDS == 0) {
                services.values().forEach(e -> e.service().estimate());
            }
            workers.forEach(w -> w.loop().execute(() -> w.second(present)));
        }
        IpvsTimeouts limits = timeouts;
        connections.expire(second, limits.tcp(), limits.tcpFin());
        sessions.expire(second, limits.udp(), limits.udp());
    }

    @Override
    public IpvsSnapshot read() {
        SortedMap<ServiceKey, ServiceState> states = new TreeMap<>();
        services.forEach((key, entry) -> states.put(key, entry.service().state()));
        return new IpvsSnapshot(INFO, timeouts, List.of(), states);
    }

    @Override
    public IpvsGlobals globals() {
        return new IpvsGlobals(INFO, timeouts, List.of());
    }

    @Override
    public List<ServiceKey> list() {
        return List.copyOf(services.keySet());
    }

    @Override
    public SortedMap<ServiceKey, ServiceState> read(Collection<ServiceKey> keys) {
        SortedMap<ServiceKey, ServiceState> found = new TreeMap<>();
        for (ServiceKey key : keys) {
            Entry entry = services.get(key);
            if (entry != null) {
                found.put(key, entry.service().state());
            }
        }
        return found;
    }

    /** Where services listen for TCP connections. Any thread. */
    public Set<InetSocketAddress> listening() {
        return services.keySet().stream()
                .filter(ServiceKey.AddressKey.class::isInstance)
                .map(ServiceKey.AddressKey.class::cast)
                .filter(k -> k.protocol() == Protocol.TCP)
                .map(k -> new InetSocketAddress(k.address(), k.port()))
                .collect(Collectors.toSet());
    }

    /** What is open, and what limits and timeouts have ended. Any thread. */
    public Endings endings() {
        return new Endings(
                connections.size(),
                sessions.size(),
                connections.evicted(),
                sessions.evicted(),
                connections.expired(),
                sessions.expired());
    }

    @Override
    public List<ApplyResult> apply(List<IpvsCommand> commands) {
        return commands.stream().map(this::apply).toList();
    }

    private ApplyResult apply(IpvsCommand command) {
        try {
            carryOut(command);
            return new ApplyResult.Applied();
        } catch (Refusal e) {
            return ApplyResult.of(command, e.errno.number(), e.text);
        }
    }

    private void carryOut(IpvsCommand command) throws Refusal {
        switch (command) {
            case IpvsCommand.NewService(var service) -> newService(service);
            case IpvsCommand.SetService(var service) -> {
                LiveService known = service(service.key());
                validate(service);
                known.configure(service);
            }
            case IpvsCommand.DelService(var key) -> {
                service(key);
                Entry gone = services.remove(key);
                if (gone != null) {
                    gone.listener().close();
                }
            }
            case IpvsCommand.NewDest(var key, var destination) -> {
                LiveService service = service(key);
                validate(key, destination);
                if (service.has(destination.key())) {
                    throw new Refusal(Errno.EEXIST, "");
                }
                service.put(destination);
            }
            case IpvsCommand.SetDest(var key, var destination) -> {
                LiveService service = service(key);
                validate(key, destination);
                require(service, destination.key());
                service.put(destination);
            }
            case IpvsCommand.DelDest(var key, var destination) -> {
                LiveService service = service(key);
                require(service, destination);
                service.remove(destination);
            }
            case IpvsCommand.NewDaemon _ ->
                throw new Refusal(
                        Errno.EOPNOTSUPP, "connections in user space cannot be taken over by another director");
            case IpvsCommand.DelDaemon _ -> throw new Refusal(Errno.ESRCH, "");
            case IpvsCommand.SetTimeouts(var wanted) ->
                timeouts = new IpvsTimeouts(
                        wanted.tcp() == 0 ? timeouts.tcp() : wanted.tcp(),
                        wanted.tcpFin() == 0 ? timeouts.tcpFin() : wanted.tcpFin(),
                        wanted.udp() == 0 ? timeouts.udp() : wanted.udp());
            case IpvsCommand.Zero(var key) -> service(key).zero();
            case IpvsCommand.ZeroAll() ->
                services.values().forEach(e -> e.service().zero());
        }
    }

    private LiveService service(ServiceKey key) throws Refusal {
        Entry known = services.get(key);
        if (known == null) {
            throw new Refusal(Errno.ESRCH, "");
        }
        return known.service();
    }

    private static void require(LiveService service, DestinationKey key) throws Refusal {
        if (!service.has(key)) {
            throw new Refusal(Errno.ENOENT, "");
        }
    }

    // ---- what can be forwarded

    private static void validate(IpvsService service) throws Refusal {
        String cannot = EmbeddedSupport.reason(service);
        if (!cannot.isEmpty()) {
            boolean unknown = !Scheduler.names().contains(service.scheduler());
            throw new Refusal(unknown ? Errno.ENOENT : Errno.EOPNOTSUPP, cannot);
        }
        if (service.key().family() == AddressFamily.INET6 && (service.netmask() < 1 || service.netmask() > 128)) {
            throw new Refusal(Errno.EINVAL, "");
        }
    }

    private void validate(ServiceKey service, IpvsDestination destination) throws Refusal {
        if (destination.weight() < 0 || destination.weight() > MAX_WEIGHT) {
            throw new Refusal(Errno.ERANGE, "");
        }
        if (destination.lowerThreshold() > destination.upperThreshold()) {
            throw new Refusal(Errno.ERANGE, "");
        }
        String cannot = EmbeddedSupport.reason(destination);
        if (!cannot.isEmpty()) {
            throw new Refusal(Errno.EOPNOTSUPP, cannot);
        }
        if (AddressFamily.of(destination.key().address()) != service.family()) {
            throw new Refusal(Errno.EINVAL, "");
        }
        boolean loop = service instanceof ServiceKey.AddressKey(var protocol, var _, int _)
                && services.containsKey(new ServiceKey.AddressKey(
                        protocol, destination.key().address(), destination.key().port()));
        if (loop) {
            throw new Refusal(Errno.EINVAL, "this daemon listens on this address: connections would loop");
        }
    }

    private void newService(IpvsService service) throws Refusal {
        if (services.containsKey(service.key())) {
            throw new Refusal(Errno.EEXIST, "");
        }
        validate(service);
        if (!(service.key() instanceof ServiceKey.AddressKey(var protocol, var address, int port))) {
            throw new Refusal(Errno.EOPNOTSUPP, EmbeddedSupport.reason(service));
        }
        DestinationKey itself = new DestinationKey(address, port);
        for (Map.Entry<ServiceKey, Entry> other : services.entrySet()) {
            boolean sameProtocol =
                    other.getKey() instanceof ServiceKey.AddressKey(var p, var _, int _) && p == protocol;
            if (sameProtocol && other.getValue().service().has(itself)) {
                throw new Refusal(
                        Errno.EINVAL, "it is a real server of " + other.getKey() + ": connections would loop");
            }
        }
        LiveService live = new LiveService(service);
        InetSocketAddress listen = new InetSocketAddress(address, port);
        try {
            services.put(service.key(), new Entry(live, open(protocol, service.key(), listen, live)));
        } catch (IOException e) {
            throw Refusal.ofBind(e, listen);
        }
    }

    private Listener open(Protocol protocol, ServiceKey key, InetSocketAddress listen, LiveService service)
            throws IOException {
        if (protocol == Protocol.UDP) {
            nextUdpWorker = (nextUdpWorker + 1) % workers.size();
            return new UdpListener(listen, service, sessions, workers.get(nextUdpWorker));
        }
        return new TcpListener(listen, service, connections, d -> announced.test(key, d), workers);
    }

    /** Ends everything that is open. */
    @Override
    public void close() {
        Collection<Entry> all = List.copyOf(services.values());
        services.clear();
        all.forEach(e -> e.listener().close());
        connections.close();
        sessions.close();
        workers.forEach(w -> w.loop().submit(w::close).awaitUninterruptibly());
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
