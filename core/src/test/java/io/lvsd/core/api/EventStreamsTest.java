package io.lvsd.core.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.core.engine.DaemonEvent;
import io.lvsd.core.http.HttpServer;
import io.lvsd.core.http.RawClient;
import io.lvsd.core.http.Servers;
import io.lvsd.core.http.Workers;
import io.lvsd.core.view.StatusInput;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams of events to clients that are fast, slow, and gone. */
final class EventStreamsTest {
    private static final long PATIENCE = Duration.ofMinutes(1).toNanos();

    private static StatusInput noStatus() {
        throw new AssertionError("no name of a virtual server is requested");
    }

    private final EventRing ring = new EventRing(Clock.systemUTC(), 100);
    private final EventRoutes routes = new EventRoutes(ring, EventStreamsTest::noStatus, Duration.ofMillis(200));
    private final Workers workers = new Workers("test", 1, 4);
    private InetSocketAddress address;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        address = Servers.freeAddress();
        server = Servers.start(address, routes.routes(workers), Servers.limits(8));
    }

    @AfterEach
    void stop() {
        server.close();
        workers.close();
    }

    private void publish(int from, int count, String text) {
        for (int i = from; i < from + count; i++) {
            ring.add(DaemonEvent.of(DaemonEvent.Level.INFO, "rs.up", "n", i, "text", text));
        }
    }

    private static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "it did not happen within a minute");
            LockSupport.parkNanos(5_000_000);
        }
    }

    private RawClient stream(String headers) throws IOException {
        RawClient client = RawClient.connect(address);
        client.send(
                "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n" + headers + "\r\n");
        assertEquals("HTTP/1.1 200 OK", client.line());
        List<String> head = new ArrayList<>();
        for (String line = client.line(); !line.isEmpty(); line = client.line()) {
            head.add(line);
        }
        assertTrue(head.contains("content-type: text/event-stream"), head::toString);
        assertTrue(head.contains("cache-control: no-store"), head::toString);
        return client;
    }

    /** The next line of one chunk or more that begins with a prefix; lines of a stream end with LF. */
    private static String next(RawClient client, String prefix) throws IOException {
        for (int i = 0; i < 10_000; i++) {
            String line = client.lineOfText();
            if (line.startsWith(prefix)) {
                return line.substring(prefix.length());
            }
        }
        throw new AssertionError("no line begins with " + prefix);
    }

    @Test
    void newEventsAreSentAsTheyArePublished() throws IOException {
        publish(0, 3, "before");
        try (RawClient client = stream("")) {
            next(client, "retry: ");
            publish(3, 2, "after");
            long id = Long.parseLong(next(client, "id: "));
            assertEquals(ring.last() - 1, id);
            assertTrue(next(client, "data: ").contains("\"n\":3,\"text\":\"after\""));
            assertTrue(next(client, "data: ").contains("\"n\":4"));
            next(client, ": heartbeat");
        }
        until(() -> routes.streamCount() == 0);
    }

    @Test
    void aClientContinuesAfterTheLastEventThatItGot() throws IOException {
        publish(0, 10, "x");
        long seventh = ring.last() - 3;
        try (RawClient client = stream("Last-Event-ID: " + seventh + "\r\n")) {
            assertEquals(seventh + 1, Long.parseLong(next(client, "id: ")));
            publish(10, 1, "y");
            assertTrue(next(client, "data: ").contains("\"n\":7"));
            assertTrue(next(client, "data: ").contains("\"n\":8"));
            assertTrue(next(client, "data: ").contains("\"n\":9"));
            assertTrue(next(client, "data: ").contains("\"n\":10"));
        }
    }

    @Test
    void aClientThatMissedEventsIsInformed() throws IOException {
        publish(0, 150, "x");
        try (RawClient client = stream("Last-Event-ID: " + (ring.last() - 120) + "\r\n")) {
            assertEquals("missed", next(client, "event: "));
            next(client, "data: ");
            assertTrue(next(client, "data: ").contains("\"n\":50"));
        }
    }

    /** It does not read: its send buffer is full, the ring moves on, and nothing else is kept for it. */
    @Test
    void aClientThatDoesNotReadIsDisconnected() throws IOException {
        try (RawClient client = stream("")) {
            until(() -> routes.streamCount() == 1);
            String text = "x".repeat(1_000);
            int published = 0;
            while (routes.streamCount() == 1) {
                publish(published, 50, text);
                published += 50;
                assertTrue(published < 1_000_000, "it is still connected");
                LockSupport.parkNanos(1_000_000);
            }
            assertTrue(client.socket().isConnected());
        }
    }

    @Test
    void aClientThatIsGoneIsForgotten() throws IOException {
        try (RawClient client = stream("")) {
            until(() -> routes.streamCount() == 1);
            Socket socket = client.socket();
            socket.setSoLinger(true, 0);
        }
        until(() -> routes.streamCount() == 0);
    }

    @Test
    void withoutAStreamTheEventsAreAList() throws IOException {
        publish(0, 5, "x");
        RawClient.Reply all =
                RawClient.exchange(address, "GET /api/v1/events?limit=2 HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertTrue(all.body().contains("\"n\" : 1") && !all.body().contains("\"n\" : 2"), all::body);
        long last = ring.last() - 3;
        assertTrue(all.body().contains("\"lastId\" : " + last), all::body);
        RawClient.Reply rest = RawClient.exchange(
                address, "GET /api/v1/events?since=" + last + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertTrue(rest.body().contains("\"n\" : 2") && rest.body().contains("\"n\" : 4"), rest::body);
        assertTrue(rest.body().contains("\"lastId\" : " + ring.last()), rest::body);
    }

    @Test
    void aHeadGetsTheHeaderOnly() throws IOException {
        try (RawClient client = RawClient.connect(address)) {
            client.send("HEAD /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");
            assertEquals(200, client.replyWithoutBody().status());
            assertTrue(client.isEnded());
        }
    }
}
