package io.lvsd.sorryserver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.sorryserver.setup.Bypass;
import io.lvsd.sorryserver.setup.Content;
import io.lvsd.sorryserver.setup.ListenerSetup;
import io.lvsd.sorryserver.setup.PageSetup;
import io.lvsd.sorryserver.setup.TlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A sorry server with one listener on loopback. */
final class Fixture implements AutoCloseable {
    static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    static final Duration LONG = Duration.ofMinutes(10);
    static final Duration SHORT = Duration.ofMillis(300);

    final SorryServer server;

    Fixture() {
        this(limits(1_000, 1_000_000));
    }

    Fixture(SorryLimits limits) {
        server = new SorryServer(1, limits);
    }

    /** Limits whose times have no effect. */
    static SorryLimits limits(int connections, long bytes) {
        return new SorryLimits(connections, connections, bytes, LONG, LONG, LONG, LONG, LONG);
    }

    static Content page(PageSetup page, TlsIdentity... certificates) {
        return new Content.Page(page, Map.of(), List.of(certificates), Bypass.NONE);
    }

    /** Serves a content in place of the former one. */
    InetSocketAddress serve(Content content) {
        assertEquals(Map.of(ANY_PORT, ""), server.apply(List.of(new ListenerSetup(ANY_PORT, "web", content))));
        return server.address(ANY_PORT).orElseThrow();
    }

    SorryCounters counters() {
        return server.counters().getFirst();
    }

    /** A connection of a client. */
    static Socket connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** What the server sends to a client until it closes. */
    static String exchange(InetSocketAddress address, String request) throws IOException {
        try (Socket socket = connect(address)) {
            send(socket, request);
            return rest(socket);
        }
    }

    static String rest(Socket client) throws IOException {
        return new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** One response; the connection stays open. */
    static String response(Socket client) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int c = client.getInputStream().read();
            if (c < 0) {
                throw new IOException("the connection ended after: " + head);
            }
            head.append((char) c);
        }
        String text = head.toString();
        int at = text.indexOf("Content-Length: ");
        int length = at < 0 ? 0 : Integer.parseInt(text.substring(at + 16, text.indexOf('\r', at)));
        return text + new String(client.getInputStream().readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        server.close();
    }
}
