package io.lvsd.ipvs.embedded;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.ipvs.ApplyResult;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ForwardingMethod;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.IpvsStats;
import io.lvsd.ipvs.model.Protocol;
import io.lvsd.ipvs.model.ServiceKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens to connections and datagrams, over real sockets on loopback. */
final class EmbeddedForwardingTest {
    private static final InetAddress HOST = InetAddress.getLoopbackAddress();
    private static final int DEADLINE_MILLIS = 20_000;

    private EmbeddedIpvs table = table(new EmbeddedLimits(1_000, 1_000, 1_000, 1_000));
    private final List<AutoCloseable> opened = new ArrayList<>();

    private static EmbeddedIpvs table(EmbeddedLimits limits) {
        return new EmbeddedIpvs(2, limits, (_, destination) -> destination.port() % 2 == 0 && proxied);
    }

    private static volatile boolean proxied;

    @AfterEach
    void closeAll() throws Exception {
        proxied = false;
        table.close();
        for (AutoCloseable c : opened) {
            c.close();
        }
    }

    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0, 1, HOST)) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static ServiceKey key(Protocol protocol, int port) {
        return new ServiceKey.AddressKey(protocol, HOST, port);
    }

    private static IpvsDestination to(int port, long weight) {
        return IpvsDestination.of(new DestinationKey(HOST, port), ForwardingMethod.MASQ, weight);
    }

    private void make(IpvsCommand... commands) {
        table.apply(List.of(commands)).forEach(r -> assertInstanceOf(ApplyResult.Applied.class, r, r::toString));
    }

    /** A service with one destination for each port, in rr; returns its port. */
    private int serve(int... ports) {
        int port = freePort();
        make(new IpvsCommand.NewService(IpvsService.of(key(Protocol.TCP, port), "rr")));
        for (int p : ports) {
            make(new IpvsCommand.NewDest(key(Protocol.TCP, port), to(p, 1)));
        }
        return port;
    }

    private interface Conversation {
        void on(Socket socket) throws IOException;
    }

    /** A server that has one conversation with each who connects. */
    private int server(Conversation conversation) throws IOException {
        ServerSocket server = new ServerSocket(0, 50, HOST);
        opened.add(server);
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    Socket socket = server.accept();
                    Thread.ofVirtual().start(() -> {
                        try (socket) {
                            conversation.on(socket);
                        } catch (IOException _) {
                            // The other side's end is what the tests look at.
                        }
                    });
                }
            } catch (IOException _) {
                // closed
            }
        });
        return server.getLocalPort();
    }

    private static void echo(Socket socket) throws IOException {
        socket.getInputStream().transferTo(socket.getOutputStream());
        socket.shutdownOutput();
    }

    private static Conversation name(String name) {
        return socket -> socket.getOutputStream().write(name.getBytes(StandardCharsets.US_ASCII));
    }

    private Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        opened.add(socket);
        socket.setSoTimeout(DEADLINE_MILLIS);
        socket.connect(new InetSocketAddress(HOST, port), DEADLINE_MILLIS);
        return socket;
    }

    private String ask(int port) throws IOException {
        try (Socket socket = connect(port)) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private DestinationState state(int service, int destination) {
        return Objects.requireNonNull(
                Objects.requireNonNull(table.read().services().get(key(Protocol.TCP, service)))
                        .destinations()
                        .get(new DestinationKey(HOST, destination)));
    }

    /** Waits for what other threads do, up to a deadline. */
    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DEADLINE_MILLIS);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "in time");
            Thread.sleep(5);
        }
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @Test
    void whatGoesInComesOutAndTheEndOfOneDirectionLeavesTheOtherOpen() throws Exception {
        int service = serve(server(EmbeddedForwardingTest::echo));
        byte[] sent = noise(5_000_000);
        Socket socket = connect(service);
        CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> {
            try {
                return socket.getInputStream().readAllBytes();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        socket.getOutputStream().write(sent);
        socket.shutdownOutput();
        assertArrayEquals(sent, received.get(DEADLINE_MILLIS, TimeUnit.MILLISECONDS));
    }

    @Test
    void theEndOfTheClientIsPassedOnBeforeTheServerAnswers() throws Exception {
        int service = serve(server(socket -> {
            byte[] all = socket.getInputStream().readAllBytes();
            socket.getOutputStream().write(all.length);
        }));
        Socket socket = connect(service);
        socket.getOutputStream().write(new byte[7]);
        socket.shutdownOutput();
        assertEquals(7, socket.getInputStream().read());
    }

    @Test
    void aClientThatDoesNotReadStopsTheServerAndLosesNothing() throws Exception {
        byte[] sent = noise(40_000_000);
        CountDownLatch done = new CountDownLatch(1);
        int backend = server(socket -> {
            socket.getOutputStream().write(sent);
            done.countDown();
        });
        int service = serve(backend);
        Socket socket = connect(service);
        assertTrue(socket.getInputStream().read() >= 0);
        await(() -> state(service, backend).active() == 1);
        assertEquals(false, done.await(300, TimeUnit.MILLISECONDS), "40 MB fit into no buffer of ours");
        byte[] rest = socket.getInputStream().readAllBytes();
        assertArrayEquals(Arrays.copyOfRange(sent, 1, sent.length), rest);
    }

    @Test
    void smallPiecesSurviveAClientThatDoesNotReadToo() throws Exception {
        int piece = 20_000;
        byte[] sent = noise(piece * 500);
        CountDownLatch done = new CountDownLatch(1);
        int backend = server(socket -> {
            for (int at = 0; at < sent.length; at += piece) {
                socket.getOutputStream().write(sent, at, piece);
                // So that each is read by itself: what fills a whole chunk goes another way.
                LockSupport.parkNanos(200_000);
            }
            done.countDown();
        });
        int service = serve(backend);
        Socket socket = new Socket();
        opened.add(socket);
        socket.setReceiveBufferSize(8_192);
        socket.connect(new InetSocketAddress(HOST, service), DEADLINE_MILLIS);
        long[] before = {-1};
        await(() -> {
            long now = state(service, backend).stats().outBytes();
            boolean stalled = now > 0 && now == before[0];
            before[0] = now;
            LockSupport.parkNanos(50_000_000);
            return stalled || done.getCount() == 0;
        });
        assertArrayEquals(sent, socket.getInputStream().readAllBytes());
    }

    @Test
    void aServerThatRefusesIsPassedOverAndOneThatResetsIsNot() throws Exception {
        int service = serve(server(name("a")), freePort(), freePort());
        for (int i = 0; i < 6; i++) {
            assertEquals("a", ask(service));
        }
        int resetting = server(socket -> socket.setSoLinger(true, 0));
        int other = serve(resetting);
        assertThrows(SocketException.class, () -> ask(other));
    }

    @Test
    void withoutAUsableDestinationAConnectionIsReset() throws Exception {
        int backend = server(name("a"));
        int service = serve(backend);
        make(new IpvsCommand.SetDest(key(Protocol.TCP, service), to(backend, 0)));
        assertThrows(SocketException.class, () -> ask(service));
    }

    @Test
    void connectionsGoOnWhenTheirDestinationAndTheirServiceLeave() throws Exception {
        int backend = server(EmbeddedForwardingTest::echo);
        int service = serve(backend);
        Socket socket = connect(service);
        OutputStream out = socket.getOutputStream();
        InputStream in = socket.getInputStream();
        out.write(1);
        assertEquals(1, in.read());
        make(new IpvsCommand.DelDest(key(Protocol.TCP, service), new DestinationKey(HOST, backend)));
        out.write(2);
        assertEquals(2, in.read());
        make(new IpvsCommand.DelService(key(Protocol.TCP, service)));
        out.write(3);
        assertEquals(3, in.read());
        assertThrows(IOException.class, () -> connect(service));
    }

    @Test
    void connectionsBytesAndSegmentsAreCounted() throws Exception {
        int backend = server(EmbeddedForwardingTest::echo);
        int service = serve(backend);
        Socket socket = connect(service);
        socket.getOutputStream().write(new byte[1_000]);
        assertEquals(1_000, socket.getInputStream().readNBytes(1_000).length);
        await(() -> state(service, backend).active() == 1);
        assertEquals(0, state(service, backend).inactive());
        socket.close();
        await(() -> state(service, backend).stats().inPackets() > 0);
        assertEquals(0, state(service, backend).active());
        DestinationState state = state(service, backend);
        assertEquals(1, state.inactive());
        IpvsStats stats = state.stats();
        assertEquals(List.of(1L, 1_000L, 1_000L), List.of(stats.connections(), stats.inBytes(), stats.outBytes()));
        assertTrue(stats.inPackets() >= 3 && stats.outPackets() >= 2, stats::toString);
        assertEquals(
                stats,
                Objects.requireNonNull(table.read().services().get(key(Protocol.TCP, service)))
                        .stats());
        make(new IpvsCommand.Zero(key(Protocol.TCP, service)));
        assertEquals(IpvsStats.ZERO, state(service, backend).stats());
    }

    @Test
    void theLongestIdleConnectionOfASourceHasToGo() throws Exception {
        table.close();
        table = table(new EmbeddedLimits(100, 2, 100, 100));
        int service = serve(server(EmbeddedForwardingTest::echo));
        Socket first = connect(service);
        first.getOutputStream().write(1);
        assertEquals(1, first.getInputStream().read());
        Socket second = connect(service);
        second.getOutputStream().write(1);
        assertEquals(1, second.getInputStream().read());
        Socket third = connect(service);
        third.getOutputStream().write(3);
        assertEquals(3, third.getInputStream().read());
        assertThrows(SocketException.class, () -> first.getInputStream().read());
        second.getOutputStream().write(2);
        assertEquals(2, second.getInputStream().read());
        assertEquals(1, table.endings().connectionsEvicted());
        assertEquals(2, table.endings().connections());
    }

    @Test
    void theProxyProtocolNamesClientAndService() throws Exception {
        proxied = true;
        CompletableFuture<byte[]> seen = new CompletableFuture<>();
        int backend;
        do {
            backend = server(socket -> seen.complete(socket.getInputStream().readNBytes(29)));
        } while (backend % 2 != 0);
        int service = serve(backend);
        Socket socket = connect(service);
        socket.getOutputStream().write('x');
        byte[] bytes = seen.get(DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
        String header = java.util.HexFormat.of().formatHex(bytes);
        String ports = String.format(java.util.Locale.ROOT, "%04x%04x", socket.getLocalPort(), service);
        assertEquals("0d0a0d0a000d0a515549540a2111000c7f0000017f000001" + ports + "78", header);
    }

    @Test
    void anUnusableAddressIsAnErrorWithAHint() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, HOST)) {
            assertRefused("another process listens on port", key(Protocol.TCP, taken.getLocalPort()));
        }
        InetAddress elsewhere = InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1});
        assertRefused("ip address add 192.0.2.1", new ServiceKey.AddressKey(Protocol.TCP, elsewhere, 8080));
        assertRefused("ip address add 192.0.2.1", new ServiceKey.AddressKey(Protocol.UDP, elsewhere, 8080));
        assertEquals(0, table.read().services().size());
    }

    private void assertRefused(String text, ServiceKey key) {
        IpvsCommand command = new IpvsCommand.NewService(IpvsService.of(key, "rr"));
        String result = table.apply(List.of(command)).getFirst().describe(command);
        assertTrue(result.contains(text), result);
    }

    @Test
    void aLoopIsRefusedInEitherOrder() {
        int first = serve();
        int second = serve(freePort());
        IpvsCommand circle = new IpvsCommand.NewDest(key(Protocol.TCP, second), to(first, 1));
        assertTrue(table.apply(List.of(circle)).getFirst().describe(circle).contains("connections would loop"));
        int target = freePort();
        make(new IpvsCommand.NewDest(key(Protocol.TCP, second), to(target, 1)));
        assertRefused("connections would loop", key(Protocol.TCP, target));
    }

    /** A UDP server that answers with its name and what it got. */
    private int udpServer(String name) throws IOException {
        DatagramSocket server = new DatagramSocket(0, HOST);
        opened.add(server);
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    DatagramPacket packet = new DatagramPacket(new byte[2_000], 2_000);
                    server.receive(packet);
                    String text = name + new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
                    byte[] answer = text.getBytes(StandardCharsets.US_ASCII);
                    server.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (IOException _) {
                // closed
            }
        });
        return server.getLocalPort();
    }

    private static String ask(DatagramSocket client, int port, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        client.send(new DatagramPacket(bytes, bytes.length, HOST, port));
        DatagramPacket answer = new DatagramPacket(new byte[2_000], 2_000);
        client.receive(answer);
        assertEquals(port, answer.getPort());
        return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII);
    }

    private DatagramSocket udpClient() throws IOException {
        DatagramSocket client = new DatagramSocket(0, HOST);
        client.setSoTimeout(DEADLINE_MILLIS);
        opened.add(client);
        return client;
    }

    private int serveUdp(long flags, int... ports) {
        int port = freePort();
        ServiceKey key = key(Protocol.UDP, port);
        make(new IpvsCommand.NewService(new IpvsService(key, "rr", flags, 0, 0, "")));
        Consumer<Integer> add = p -> make(new IpvsCommand.NewDest(key, to(p, 1)));
        Arrays.stream(ports).forEach(add::accept);
        return port;
    }

    @Test
    void datagramsOfOneClientStayWithOneServerAndThoseOfAnotherNeedNot() throws Exception {
        int service = serveUdp(0, udpServer("a"), udpServer("b"));
        DatagramSocket one = udpClient();
        DatagramSocket other = udpClient();
        String first = ask(one, service, "1");
        assertEquals(first.charAt(0), ask(one, service, "2").charAt(0));
        assertNotEquals(first.charAt(0), ask(other, service, "1").charAt(0));
        var state = Objects.requireNonNull(table.read().services().get(key(Protocol.UDP, service)));
        assertEquals(new IpvsStats(2, 3, 3, 3, 6, 0, 0, 0, 0, 0), withoutRates(state.stats()));
        assertEquals(
                List.of(1L, 1L),
                state.destinations().values().stream()
                        .map(DestinationState::inactive)
                        .toList());
        assertEquals(2, table.endings().sessions());
    }

    @Test
    void aClientOfADestinationThatLeftGetsAnother() throws Exception {
        int first = udpServer("a");
        int service = serveUdp(0, first);
        DatagramSocket client = udpClient();
        assertEquals("ax", ask(client, service, "x"));
        make(
                new IpvsCommand.NewDest(key(Protocol.UDP, service), to(udpServer("b"), 1)),
                new IpvsCommand.DelDest(key(Protocol.UDP, service), new DestinationKey(HOST, first)));
        assertEquals("bx", ask(client, service, "x"));
        assertEquals(1, table.endings().sessions());
    }

    private static IpvsStats withoutRates(IpvsStats s) {
        return new IpvsStats(s.connections(), s.inPackets(), s.outPackets(), s.inBytes(), s.outBytes(), 0, 0, 0, 0, 0);
    }

    @Test
    void oneDatagramSchedulingSchedulesEachByItself() throws Exception {
        int service = serveUdp(IpvsService.ONE_PACKET, udpServer("a"), udpServer("b"));
        DatagramSocket client = udpClient();
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            answers.add(ask(client, service, "x"));
        }
        assertEquals(2, answers.stream().filter("ax"::equals).count());
        assertEquals(2, answers.stream().filter("bx"::equals).count());
        var state = Objects.requireNonNull(table.read().services().get(key(Protocol.UDP, service)));
        assertEquals(4, state.stats().connections());
        assertEquals(2, table.endings().sessions());
    }
}
