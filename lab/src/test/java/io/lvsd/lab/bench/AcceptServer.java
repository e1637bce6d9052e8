package io.lvsd.lab.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * A process of its own that plays thousands of real servers: it accepts on every address of loopback, answers each HTTP
 * request with a short page, and closes. Its processor time is not that of who asks.
 */
public final class AcceptServer {
    private static final byte[] ANSWER =
            "HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nok\n".getBytes(StandardCharsets.US_ASCII);

    private AcceptServer() {}

    /** @param arguments the port */
    public static void main(String[] arguments) throws IOException {
        Selector selector = Selector.open();
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(Integer.parseInt(arguments[0])), 4_096);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        ByteBuffer buffer = ByteBuffer.allocateDirect(4_096);
        while (true) {
            selector.select(key -> serve(key, selector, buffer));
        }
    }

    private static void serve(SelectionKey key, Selector selector, ByteBuffer buffer) {
        try {
            if (key.channel() instanceof ServerSocketChannel server) {
                for (SocketChannel client = server.accept(); client != null; client = server.accept()) {
                    client.configureBlocking(false);
                    client.register(selector, SelectionKey.OP_READ);
                }
            } else if (key.channel() instanceof SocketChannel client) {
                buffer.clear();
                int n = client.read(buffer);
                if (n > 0) {
                    int _ = client.write(ByteBuffer.wrap(ANSWER));
                }
                client.close();
            }
        } catch (IOException _) {
            key.cancel();
        }
    }
}
