package io.lvsd.snmp.agent;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.model.KernelConfig;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.SnmpConfig;
import io.lvsd.conf.model.SnmpConfig.Listen;
import io.lvsd.conf.model.SnmpConfig.Transport;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.conf.value.Community;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.Addresses;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ForwardingMethod;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsInfo;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.IpvsStats;
import io.lvsd.ipvs.model.IpvsTimeouts;
import io.lvsd.ipvs.model.Protocol;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import io.lvsd.snmp.CountedLog;
import io.lvsd.snmp.SnmpObserver;
import io.lvsd.snmp.mib.LvsMib;
import io.lvsd.snmp.mib.ServerViews;
import io.lvsd.snmp.mib.SnmpView;
import io.lvsd.snmp.mib.SystemMib.Engine;
import io.lvsd.snmp.mib.SystemMib.Identity;
import io.lvsd.snmp.service.SnmpService;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snmp4j.MessageDispatcherImpl;
import org.snmp4j.PDU;
import org.snmp4j.ScopedPDU;
import org.snmp4j.Snmp;
import org.snmp4j.TransportStateReference;
import org.snmp4j.UserTarget;
import org.snmp4j.mp.CounterSupport;
import org.snmp4j.mp.MPv3;
import org.snmp4j.mp.SnmpConstants;
import org.snmp4j.security.AuthHMAC192SHA256;
import org.snmp4j.security.PrivAES128;
import org.snmp4j.security.SecurityLevel;
import org.snmp4j.security.SecurityModel;
import org.snmp4j.security.SecurityModels;
import org.snmp4j.security.SecurityProtocols;
import org.snmp4j.security.USM;
import org.snmp4j.security.UsmUser;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.smi.VariableBinding;
import org.snmp4j.transport.DefaultUdpTransportMapping;

/**
 * Sends valid, mutated and random messages to the agent: over UDP and TCP, and most of them, to be fast, to the transport behind its
 * socket. Validates that the agent answers, counts every message of UDP once, ends no thread, logs nothing, and keeps its use of memory,
 * threads and descriptors.
 *
 * <p>{@code main [PACKETS [SEED]]} runs it alone.
 */
final class SnmpFuzz implements AutoCloseable {
    private static final InetAddress LOOPBACK = AgentFixture.LOOPBACK;
    private static final int SERVICES = 100;
    private static final int REAL_SERVERS = 5;
    /** One of so many packets is sent to the socket. */
    private static final int SOCKET_SHARE = 20;
    /** After so many packets in the socket, a response is awaited, so that none is lost. */
    private static final int BURST = 12;

    private static final int CHECK_EVERY = 10_000;
    private static final int RECORD_EVERY = 200_000;
    private static final int MAX_STREAM_ROUNDS = 500;
    private static final int TIMEOUT_MILLIS = 1_000;
    private static final int ATTEMPTS = 10;
    /** Objects of the JDK and of the library that are created late. */
    private static final long HEAP_MARGIN = 4L << 20;

    private final long seed;
    private final Random random;
    private final List<byte[]> recorded = new CopyOnWriteArrayList<>();
    private final FuzzPackets packets;
    private final SnmpView view = view();
    private final Counts udpCounts = new Counts();
    private final Counts tcpCounts = new Counts();
    /** Messages to the agent of UDP. */
    private final AtomicLong sent = new AtomicLong();

    private final AtomicLong uncaught = new AtomicLong();
    private final SnmpService udp = service(udpCounts);
    private final SnmpService tcp = service(tcpCounts);
    private final int port = freePort();
    private final UdpTransport direct = new UdpTransport(new UdpAddress(LOOPBACK, 0));
    private final DatagramSocket client = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0));
    /** Receives responses that are not read. */
    private final DatagramSocket unread = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0));

    private final UdpAddress unreadAddress = new UdpAddress(LOOPBACK, unread.getLocalPort());
    private final UdpAddress clientAddress = new UdpAddress(LOOPBACK, client.getLocalPort());
    private final Snmp users;
    private int requestId;

    /** What was counted. */
    private static final class Counts implements SnmpObserver {
        private final Map<Request, AtomicLong> requests = new EnumMap<>(Request.class);

        Counts() {
            for (Request type : Request.values()) {
                requests.put(type, new AtomicLong());
            }
        }

        @Override
        public void request(Request type) {
            of(type).incrementAndGet();
        }

        @Override
        public void notification(Delivery outcome) {}

        private AtomicLong of(Request type) {
            return Objects.requireNonNull(requests.get(type));
        }

        /** Messages; a truncated response is counted in addition to its request. */
        long messages() {
            return requests.values().stream().mapToLong(AtomicLong::get).sum()
                    - of(Request.TRUNCATED).get();
        }

        @Override
        public String toString() {
            return requests.entrySet().stream()
                    .filter(e -> e.getValue().get() > 0)
                    .map(e -> e.getKey().name().toLowerCase(Locale.ROOT) + " " + e.getValue())
                    .collect(Collectors.joining(", "));
        }
    }

    /** What this process uses. */
    private record Usage(long heap, int threads, int descriptors) {}

    /** Opens the agents. */
    SnmpFuzz(long seed) throws IOException {
        this.seed = seed;
        this.random = new Random(seed);
        this.packets = new FuzzPackets(random, recorded);
        udp.prepare(Optional.of(config(new Listen(Transport.UDP, LOOPBACK, port))))
                .commit();
        tcp.prepare(Optional.of(config(new Listen(Transport.TCP, LOOPBACK, port))))
                .commit();
        SnmpConfig config = config(new Listen(Transport.UDP, LOOPBACK, port));
        Counters counters = new Counters();
        Security security =
                new Security(config, new Engine(AgentFixture.ENGINE, 1), counters, _ -> AgentFixture.PASSWORD);
        new SnmpAgent(config, security, counters, udp.source(), udpCounts).serve(direct);
        client.setSoTimeout(TIMEOUT_MILLIS);
        users = users();
        Thread.setDefaultUncaughtExceptionHandler((_, _) -> uncaught.incrementAndGet());
    }

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws IOException, InterruptedException {
        long packets = arguments.length > 0 ? Long.parseLong(arguments[0]) : 10_000_000;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
        System.out.println("seed " + seed);
        try (SnmpFuzz fuzz = new SnmpFuzz(seed)) {
            System.out.println(fuzz.run(packets));
        }
        System.exit(0);
    }

    // ---- what is served

    private SnmpService service(SnmpObserver observer) {
        SnmpService.Views views = new SnmpService.Views() {
            @Override
            public CompletableFuture<Optional<SnmpView>> view() {
                return CompletableFuture.completedFuture(Optional.of(view));
            }

            @Override
            public CompletableFuture<Boolean> setWeight(VsId vs, RsId rs, long weight, String user) {
                return CompletableFuture.completedFuture(weight % 3 != 0);
            }
        };
        return new SnmpService(
                new Identity("1.0", "director.example", "noc", "rack 7"),
                views,
                _ -> new Engine(AgentFixture.ENGINE, 1),
                _ -> AgentFixture.PASSWORD,
                observer);
    }

    private static SnmpConfig config(Listen listen) {
        return new SnmpConfig(
                List.of(listen),
                List.of(new Community("public", LOOPBACK, 8)),
                List.of(AgentFixture.READER, AgentFixture.WRITER, AgentFixture.PLAIN),
                Optional.empty(),
                List.of(),
                true,
                SnmpConfig.INTERVAL,
                SnmpConfig.RATE_LIMIT,
                Optional.empty());
    }

    /** The same services and real servers in the table and in the configuration. */
    private static SnmpView view() {
        StringBuilder text = new StringBuilder();
        TreeMap<ServiceKey, ServiceState> services = new TreeMap<>();
        Map<ServiceKey, Integer> serviceRows = new HashMap<>();
        Map<ServiceKey, Map<DestinationKey, Integer>> rows = new HashMap<>();
        for (int s = 1; s <= SERVICES; s++) {
            text.append("virtual_server 10.0.0." + s + " 80 {\n protocol TCP\n lvs_sched wlc\n lvs_method NAT\n");
            ServiceKey key = new ServiceKey.AddressKey(Protocol.TCP, address(0, s), 80);
            TreeMap<DestinationKey, DestinationState> destinations = new TreeMap<>();
            Map<DestinationKey, Integer> numbers = new HashMap<>();
            for (int r = 1; r <= REAL_SERVERS; r++) {
                text.append(" real_server 10.0." + r + "." + s + " 80 {\n  weight 1\n }\n");
                DestinationKey at = new DestinationKey(address(r, s), 80);
                IpvsDestination destination = IpvsDestination.of(at, ForwardingMethod.MASQ, 1);
                destinations.put(at, new DestinationState(destination, 1, 2, 3, IpvsStats.ZERO));
                numbers.put(at, r);
            }
            text.append("}\n");
            services.put(key, new ServiceState(IpvsService.of(key, "wlc"), IpvsStats.ZERO, destinations));
            serviceRows.put(key, s);
            rows.put(key, numbers);
        }
        List<ServerViews.VirtualServer> servers = new ArrayList<>();
        for (VirtualServerConfig config :
                ConfigLoader.loadPlain(text.toString()).config().virtualServers()) {
            List<ServerViews.RealServer> reals = new ArrayList<>();
            for (RealServerConfig real : config.realServers()) {
                reals.add(new ServerViews.RealServer(
                        reals.size() + 1, Optional.of(real), true, 1, 0, 0, ServerViews.Load.NONE));
            }
            servers.add(new ServerViews.VirtualServer(servers.size() + 1, config, true, true, reals, IpvsStats.ZERO));
        }
        if (servers.size() != SERVICES) {
            throw new IllegalStateException(servers.size() + " virtual servers");
        }
        IpvsSnapshot table =
                new IpvsSnapshot(new IpvsInfo("1.2.1", 4096), new IpvsTimeouts(900, 120, 300), List.of(), services);
        return new SnmpView(
                table,
                serviceRows,
                rows,
                () -> new ServerViews("1", "director", List.of(), servers, KernelConfig.NONE));
    }

    private static InetAddress address(int third, int fourth) {
        return Addresses.of(AddressFamily.INET, new byte[] {10, 0, (byte) third, (byte) fourth});
    }

    private static int freePort() throws IOException {
        try (DatagramSocket free = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
            return free.getLocalPort();
        }
    }

    // ---- messages of SNMPv3

    /** A client whose messages are recorded. */
    private Snmp users() throws IOException {
        SecurityProtocols protocols = new SecurityProtocols(SecurityProtocols.SecurityProtocolSet.maxCompatibility);
        CounterSupport counters = new CounterSupport();
        USM usm = new USM(protocols, new OctetString(MPv3.createLocalEngineID()), 1, counters);
        OctetString password = new OctetString(AgentFixture.PASSWORD);
        for (String user : List.of("reader", "writer", "stranger")) {
            usm.addUser(new UsmUser(new OctetString(user), AuthHMAC192SHA256.ID, password, PrivAES128.ID, password));
        }
        usm.addUser(new UsmUser(new OctetString("plain"), null, null, null, null));
        MessageDispatcherImpl dispatcher = new MessageDispatcherImpl();
        dispatcher.addMessageProcessingModel(new MPv3(
                MPv3.createLocalEngineID(),
                null,
                protocols,
                SecurityModels.getCollection(new SecurityModel[] {usm}),
                counters));
        Snmp snmp = new Snmp(dispatcher, new DefaultUdpTransportMapping(new UdpAddress(LOOPBACK, 0)) {
            @Override
            public void sendMessage(
                    UdpAddress to, byte[] message, TransportStateReference state, long timeout, int retries)
                    throws IOException {
                recorded.add(message.clone());
                sent.incrementAndGet();
                super.sendMessage(to, message, state, timeout, retries);
            }
        });
        snmp.listen();
        return snmp;
    }

    /** Replaces the recorded messages by new ones, whose time is valid. */
    private void record() throws IOException {
        recorded.clear();
        for (String user : List.of("reader", "writer", "stranger", "plain")) {
            for (int type : new int[] {PDU.GET, PDU.GETNEXT, PDU.GETBULK, PDU.SET}) {
                ScopedPDU pdu = new ScopedPDU();
                pdu.setType(type);
                pdu.add(new VariableBinding(
                        new OID("1.3.6.1.4.1.9586.100.5.3.4.1.7.1.1"), new Integer32(random.nextInt(5))));
                pdu.add(new VariableBinding(new OID("1.3.6.1.2.1.1.5.0"), new OctetString("x")));
                if (type == PDU.GETBULK) {
                    pdu.setMaxRepetitions(20);
                }
                UserTarget<UdpAddress> target = new UserTarget<>(
                        new UdpAddress(LOOPBACK, port),
                        new OctetString(user),
                        new byte[0],
                        user.equals("plain") ? SecurityLevel.NOAUTH_NOPRIV : SecurityLevel.AUTH_PRIV);
                target.setVersion(SnmpConstants.version3);
                target.setTimeout(5_000);
                target.setRetries(2);
                PDU response = users.send(pdu, target).getResponse();
                int expected = user.equals("stranger") ? PDU.REPORT : PDU.RESPONSE;
                check(response != null && response.getType() == expected, user + " received " + response);
            }
        }
    }

    // ---- the run

    /**
     * Sends packets, and validates the agent meanwhile and at the end.
     *
     * @return figures
     * @throws IllegalStateException if something does not hold
     */
    String run(long count) throws IOException, InterruptedException {
        long start = System.nanoTime();
        long logged = CountedLog.lines();
        long early = Math.max(1, count / 20);
        long streamEvery = Math.max(1_000, count / MAX_STREAM_ROUNDS);
        Usage first = null;
        Set<Thread> threads = Set.of();
        int unanswered = 0;
        for (long i = 0; i < count; i++) {
            if (i % RECORD_EVERY == 0) {
                record();
            }
            byte[] packet = packets.next();
            if (i % SOCKET_SHARE == 0) {
                sent.incrementAndGet();
                client.send(new DatagramPacket(packet, packet.length, LOOPBACK, port));
                unanswered++;
                if (unanswered == BURST) {
                    socketAnswers();
                    unanswered = 0;
                }
            } else {
                deliver(packet, unreadAddress);
            }
            if (i % streamEvery == 0) {
                streams();
            }
            if (i % CHECK_EVERY == 0) {
                directAnswers();
            }
            if (i == early) {
                first = usage();
                threads = agentThreads();
            }
        }
        directAnswers();
        socketAnswers();
        streamAnswers();
        double seconds = (System.nanoTime() - start) / 1e9;
        check(uncaught.get() == 0, uncaught + " uncaught exceptions");
        check(CountedLog.lines() == logged, "log: " + CountedLog.text());
        check(threads.stream().allMatch(Thread::isAlive), "a thread has ended: " + threads);
        check(udpCounts.messages() == sent.get(), sent + " messages were sent, counted: " + udpCounts);
        Usage last = usage();
        if (first != null) {
            check(last.threads() <= first.threads(), "threads: " + first + ", " + last);
            check(last.descriptors() <= first.descriptors(), "descriptors: " + first + ", " + last);
            check(last.heap() <= first.heap() + HEAP_MARGIN, "heap: " + first + ", " + last);
        }
        return String.format(
                Locale.ROOT,
                "%,d packets in %.0f s (%,.0f/s); after 5 %%: %s; at the end: %s; UDP: %s; TCP: %s",
                count,
                seconds,
                count / seconds,
                first,
                last,
                udpCounts,
                tcpCounts);
    }

    /** Passes a packet to the transport, as if its socket had received it. */
    private void deliver(byte[] packet, UdpAddress from) {
        sent.incrementAndGet();
        direct.fireProcessMessage(
                from,
                ByteBuffer.wrap(packet),
                new TransportStateReference(
                        direct, from, null, SecurityLevel.undefined, SecurityLevel.undefined, false, null));
    }

    private void directAnswers() throws IOException {
        answers("transport", request -> deliver(request, clientAddress));
    }

    private void socketAnswers() throws IOException {
        answers("socket", request -> {
            sent.incrementAndGet();
            client.send(new DatagramPacket(request, request.length, LOOPBACK, port));
        });
    }

    private interface Sender {
        void send(byte[] request) throws IOException;
    }

    private byte[] validRequest() {
        PDU pdu = new PDU();
        pdu.setType(PDU.GETNEXT);
        requestId++;
        pdu.setRequestID(new Integer32(requestId));
        pdu.add(new VariableBinding(LvsMib.BASE));
        return FuzzPackets.message(SnmpConstants.version2c, "public", pdu);
    }

    /** A valid request gets its response, which contains its number; responses to others are skipped. */
    private void answers(String what, Sender sender) throws IOException {
        byte[] request = validRequest();
        byte[] response = new byte[65_535];
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            sender.send(request);
            try {
                for (int i = 0; i < 1_000; i++) {
                    DatagramPacket packet = new DatagramPacket(response, response.length);
                    client.receive(packet);
                    if (isResponse(response, packet.getLength())) {
                        return;
                    }
                }
            } catch (SocketTimeoutException e) {
                // The kernel may have dropped it.
            }
        }
        throw failure("no response from the " + what);
    }

    private boolean isResponse(byte[] bytes, int length) {
        String text = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        String id = new String(FuzzPackets.bytes(new Integer32(requestId)), StandardCharsets.ISO_8859_1);
        return text.contains(id) && text.endsWith("1.2.1");
    }

    // ---- TCP

    /** Connections with messages in parts, garbage, and sudden ends. */
    private void streams() throws IOException {
        List<Socket> open = new ArrayList<>();
        for (int i = random.nextInt(20) == 0 ? 90 : 1 + random.nextInt(8); i > 0; i--) {
            Socket socket = new Socket(LOOPBACK, port);
            open.add(socket);
            socket.setTcpNoDelay(true);
            try {
                for (int k = 1 + random.nextInt(3); k > 0; k--) {
                    parts(socket, packets.next());
                }
            } catch (IOException e) {
                // The agent has closed the connection.
            }
        }
        for (Socket socket : open) {
            if (random.nextInt(4) > 0) {
                socket.setSoLinger(true, 0);
            }
            socket.close();
        }
        streamAnswers();
    }

    private void parts(Socket socket, byte[] message) throws IOException {
        for (int from = 0; from < message.length; ) {
            int length = 1 + random.nextInt(random.nextBoolean() ? 3 : message.length);
            int part = Math.min(length, message.length - from);
            socket.getOutputStream().write(message, from, part);
            from += part;
        }
    }

    private void streamAnswers() throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try (Socket socket = new Socket(LOOPBACK, port)) {
                socket.setSoTimeout(TIMEOUT_MILLIS);
                socket.getOutputStream().write(validRequest());
                byte[] response = new byte[2_000];
                int length = socket.getInputStream().read(response);
                if (length > 0 && isResponse(response, length)) {
                    return;
                }
            } catch (IOException e) {
                // The agent has not noticed yet that other connections were closed.
            }
        }
        throw failure("no response over TCP");
    }

    // ---- what is validated

    private static Set<Thread> agentThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("snmp"))
                .collect(Collectors.toSet());
    }

    /** After everything that was closed is gone. */
    private Usage usage() throws IOException, InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(300);
            directAnswers();
        }
        Runtime runtime = Runtime.getRuntime();
        long heap = runtime.totalMemory() - runtime.freeMemory();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return new Usage(heap, Thread.getAllStackTraces().size(), (int) descriptors.count());
        }
    }

    private void check(boolean holds, String what) {
        if (!holds) {
            throw failure(what);
        }
    }

    private IllegalStateException failure(String what) {
        return new IllegalStateException("seed " + seed + ", after " + sent + " messages: " + what);
    }

    @Override
    public void close() throws IOException {
        Thread.setDefaultUncaughtExceptionHandler(null);
        users.close();
        direct.close();
        udp.close();
        tcp.close();
        client.close();
        unread.close();
    }
}
