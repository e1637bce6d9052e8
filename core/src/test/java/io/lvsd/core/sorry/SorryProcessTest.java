package io.lvsd.core.sorry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.sorryserver.SorryCounters;
import io.lvsd.sorryserver.SorryLimits;
import io.lvsd.sorryserver.SorryServer;
import io.lvsd.sorryserver.SorryService;
import io.lvsd.sorryserver.setup.Bypass;
import io.lvsd.sorryserver.setup.Content;
import io.lvsd.sorryserver.setup.ListenerSetup;
import io.lvsd.sorryserver.setup.PageSetup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process of the sorry server and the daemon's side of it, over a real socket. */
final class SorryProcessTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @TempDir
    private Path directory;

    private final AtomicLong seconds = new AtomicLong();

    /** Opens nothing, and records what it is to serve. */
    private static final class Recorder implements SorryService {
        final List<List<ListenerSetup>> applied = new ArrayList<>();
        private Set<InetSocketAddress> used = Set.of();
        private boolean closed;

        @Override
        public synchronized Map<InetSocketAddress, String> apply(List<ListenerSetup> listeners) {
            applied.add(listeners);
            Map<InetSocketAddress, String> results = new LinkedHashMap<>();
            listeners.forEach(l -> results.put(l.address(), l.address().getPort() == 53 ? "not supported" : ""));
            return results;
        }

        @Override
        public synchronized void use(Set<InetSocketAddress> addresses) {
            used = addresses;
        }

        @Override
        public List<SorryCounters> counters() {
            return List.of(new SorryCounters("vs", 0, 2, 3, 4, 5, 6, 7, 8));
        }

        @Override
        public synchronized void close() {
            closed = true;
        }

        synchronized Set<InetSocketAddress> used() {
            return used;
        }

        synchronized List<ListenerSetup> last() {
            return applied.getLast();
        }
    }

    private Path socket() {
        return directory.resolve("sorry.sock");
    }

    private Path state() {
        return directory.resolve("sorry.json");
    }

    private SorryProcess start(SorryService service) throws IOException {
        return SorryProcess.start(service, socket(), state());
    }

    private RemoteSorryServer daemon() {
        return new RemoteSorryServer(socket(), () -> TimeUnit.SECONDS.toNanos(seconds.get()));
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, LOOPBACK)) {
            return free.getLocalPort();
        }
    }

    private static ListenerSetup page(int port, int status) {
        PageSetup page = new PageSetup(Optional.empty(), status, "Closed", 0, "", "", Optional.empty());
        return new ListenerSetup(
                new InetSocketAddress(LOOPBACK, port), "vs", new Content.Page(page, Map.of(), List.of(), Bypass.NONE));
    }

    private static int get(int port) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                                    .build(),
                            BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private static SorryService real() {
        return new SorryServer(1, SorryLimits.of(100, 100, 1 << 20));
    }

    @Test
    void itServesWhatTheDaemonSentAfterTheEndOfTheDaemonAndAfterItsOwnRestart() throws Exception {
        int port = freePort();
        List<ListenerSetup> setup = List.of(page(port, 503));
        try (SorryProcess _ = start(real())) {
            assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())));
            try (RemoteSorryServer daemon = daemon()) {
                assertTrue(daemon.isAnswering());
                assertEquals(Map.of(setup.getFirst().address(), ""), daemon.apply(setup));
                assertEquals(503, get(port));
                assertEquals(Set.of(setup.getFirst().address()), daemon.open());
            }
            assertEquals(503, get(port), "the daemon ended");
        }
        assertThrows(IOException.class, () -> get(port));
        try (SorryProcess _ = start(real())) {
            assertEquals(503, get(port), "restarted without a daemon");
            RemoteSorryServer next = daemon();
            assertTrue(next.isAnswering());
            assertEquals(Set.of(setup.getFirst().address()), next.open(), "they belong to no other program");
            assertEquals(Map.of(), next.apply(List.of()));
            assertThrows(IOException.class, () -> get(port));
        }
        try (SorryProcess _ = start(real())) {
            assertThrows(IOException.class, () -> get(port), "an orderly stop removed it");
        }
    }

    @Test
    void aRestartOfTheProcessDoesNotChangeResultsAndIsFollowedByTheSetup() throws Exception {
        RemoteSorryServer daemon = daemon();
        Recorder first = new Recorder();
        List<ListenerSetup> setup = SorryMessageTest.ALL;
        Map<InetSocketAddress, String> results;
        try (SorryProcess _ = start(first)) {
            assertTrue(daemon.isAnswering());
            results = daemon.apply(setup);
            assertEquals(setup, first.last());
            daemon.use(Set.of(setup.getFirst().address()));
            assertEquals(Set.of(setup.getFirst().address()), first.used());
            assertEquals(
                    1, results.values().stream().filter("not supported"::equals).count());
            assertFalse(daemon.isStale());
            assertEquals(List.of(new SorryCounters("vs", 0, 2, 3, 4, 5, 6, 7, 8)), daemon.counters());
        }
        seconds.set(9);
        assertTrue(daemon.isStale());
        assertEquals(results, daemon.apply(setup), "its restart must not change live decisions");
        seconds.set(11);
        assertTrue(daemon.apply(setup).values().stream()
                .allMatch(f -> f.startsWith("the process of the sorry server cannot be used: ")));
        Recorder second = new Recorder();
        try (SorryProcess _ = start(second)) {
            assertEquals(setup, second.last(), "as stored");
            assertTrue(daemon.isStale(), "another run of the process");
            assertEquals(results, daemon.apply(setup));
            assertFalse(daemon.isStale());
        }
        assertTrue(second.closed);
    }

    @Test
    void aDaemonThatStartedFirstHandsOverToTheProcess() throws Exception {
        Recorder own = new Recorder();
        SorryServerChoice choice = new SorryServerChoice(daemon(), () -> own);
        choice.apply(SorryMessageTest.ALL);
        assertFalse(choice.isStale());
        Recorder other = new Recorder();
        try (SorryProcess _ = start(other)) {
            assertTrue(choice.isStale());
            assertEquals(List.of(), own.last(), "the ports are free before the process opens them");
            assertTrue(own.closed);
            choice.apply(SorryMessageTest.ALL);
            assertEquals(SorryMessageTest.ALL, other.last());
            assertFalse(choice.isStale());
        }
    }

    @Test
    void aDaemonThatStartsLaterUsesTheProcess() throws Exception {
        Recorder service = new Recorder();
        try (SorryProcess _ = start(service)) {
            SorryServerChoice choice = new SorryServerChoice(daemon(), () -> {
                throw new AssertionError("not needed");
            });
            choice.apply(SorryMessageTest.ALL);
            assertEquals(SorryMessageTest.ALL, service.last());
            choice.close();
            assertFalse(service.closed);
        }
    }

    private String send(String text) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket()));
            Lines.write(channel, text);
            return SorryMessage.response(Lines.read(channel, Lines.MAX_BYTES).orElseThrow())
                    .error();
        }
    }

    @Test
    void badMessagesAreRefusedAndChangeNothing() throws Exception {
        Recorder service = new Recorder();
        try (SorryProcess _ = SorryProcess.start(service, socket(), state(), _ -> true, 4_096)) {
            assertEquals("", send(SorryMessage.apply(SorryMessageTest.ALL)));
            assertTrue(send("{\"version\":1").contains("nexpected end-of-input"));
            assertTrue(send("not JSON").contains("nrecognized token"));
            assertTrue(send("{\"version\":9,\"request\":\"status\"}").contains("expected 1"));
            assertEquals("message with more than 4096 bytes", send(" ".repeat(5_000)));
            assertEquals(List.of(SorryMessageTest.ALL), service.applied);
            assertEquals("", send(SorryMessage.status()));
        }
    }

    @Test
    void onlyRootAndTheOwnUserMayConfigureIt() throws Exception {
        assertTrue(SorryProcess.isAllowed("root", "lvsd"));
        assertTrue(SorryProcess.isAllowed("lvsd", "lvsd"));
        assertFalse(SorryProcess.isAllowed("alice", "lvsd"));
        Recorder service = new Recorder();
        try (SorryProcess _ = SorryProcess.start(service, socket(), state(), _ -> false, 4_096)) {
            assertTrue(send(SorryMessage.status()).startsWith("permission denied"));
            RemoteSorryServer daemon = daemon();
            assertFalse(daemon.isAnswering());
            assertEquals(List.of(), service.applied);
        }
    }

    @Test
    void anUnusableStateFileDoesNotPreventTheStart() throws Exception {
        Files.writeString(state(), "{ damaged");
        Recorder service = new Recorder();
        try (SorryProcess _ = start(service)) {
            assertEquals(List.of(), service.applied);
            assertEquals("", send(SorryMessage.apply(SorryMessageTest.ALL)));
        }
        assertEquals(
                Optional.of(SorryMessageTest.ALL),
                SorryMessage.request(Files.readString(state())).listeners());
    }

    @Test
    void aSecondProcessIsRefused() throws Exception {
        try (SorryProcess _ = start(new Recorder())) {
            IOException e = assertThrows(IOException.class, () -> start(new Recorder()));
            assertTrue(String.valueOf(e.getMessage()).startsWith("another sorry server listens on"), e::getMessage);
            assertTrue(daemon().isAnswering(), "its socket was not replaced");
        }
    }
}
