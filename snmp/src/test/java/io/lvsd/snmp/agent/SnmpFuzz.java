package io.lvsd.snmp.agent;

import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.SnmpConfig;
import io.lvsd.conf.model.SnmpConfig.Listen;
import io.lvsd.conf.model.SnmpConfig.SystemGroup;
import io.lvsd.conf.model.SnmpConfig.Transport;
import io.lvsd.conf.model.VsId;
import io.lvsd.conf.value.Community;
import io.lvsd.snmp.CountedLog;
import io.lvsd.snmp.SnmpObserver;
import io.lvsd.snmp.SnmpSource.Undo;
import io.lvsd.snmp.mib.LvsMib;
import io.lvsd.snmp.mib.SnmpView;
import io.lvsd.snmp.mib.SystemMib.Engine;
import io.lvsd.snmp.mib.SystemMib.Identity;
import io.lvsd.snmp.service.SnmpService;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snmp4j.PDU;
import org.snmp4j.TransportStateReference;
import org.snmp4j.mp.SnmpConstants;
import org.snmp4j.security.SecurityLevel;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.smi.VariableBinding;

/**
 * Sends valid, mutated and random messages to the agent: over UDP and TCP, and most of them, to be fast, to the transport behind its
 * socket. Validates that the agent answers, counts every message of UDP once, ends no thread, logs nothing, and keeps its use of memory,
 * threads and descriptors.
 *
 * <p>{@code main [PACKETS [SEED]]} runs it alone.
 */
final class SnmpFuzz implements AutoCloseable {
    private static final InetAddress LOOPBACK = AgentFixture.LOOPBACK;
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
    private final FuzzPackets packets;
    private final SnmpView view = FuzzView.view();
    private final FuzzCounts udpCounts = new FuzzCounts();
    private final FuzzCounts tcpCounts = new FuzzCounts();
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
    private final FuzzUsers users;
    private int requestId;

    /** What this process uses. */
    private record Usage(long heap, int threads, int descriptors) {}

    /** Opens the agents. */
    SnmpFuzz(long seed) throws IOException {
        this.seed = seed;
        this.random = new Random(seed);
        this.users = new FuzzUsers(random, port, sent);
        this.packets = new FuzzPackets(random, users.recorded());
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
            public CompletableFuture<Optional<Undo>> setWeight(VsId vs, RsId rs, long weight, String user) {
                Undo undo = () -> CompletableFuture.completedFuture(weight % 2 == 0);
                return CompletableFuture.completedFuture(Optional.of(undo).filter(_ -> weight % 3 != 0));
            }
        };
        return new SnmpService(
                new Identity("1.0", "director.example"),
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
                new SystemGroup("noc", "rack 7"),
                Optional.empty());
    }

    /** A port that is free for both transports. */
    private static int freePort() throws IOException {
        try (ServerSocket tcp = new ServerSocket(0, 1, LOOPBACK);
                DatagramSocket udp = new DatagramSocket(new InetSocketAddress(LOOPBACK, tcp.getLocalPort()))) {
            return udp.getLocalPort();
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
                users.record();
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
        check(threads.size() > 1, "threads of UDP and TCP: " + threads);
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
