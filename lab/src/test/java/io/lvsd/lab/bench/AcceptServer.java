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
 * request with a short page, and closes. Its processor time does not count for the client.
 */
public final class AcceptServer {
    private static final byte[] ANSWER =
            "HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nok\n".getBytes(StandardCharsets.US_ASCII);

    /** Open at a time: a process of the guest has 4,096 descriptors. Others wait in the backlog. */
    private static final int MOST = 1_000;

    private static int open;

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
        if (key.channel() instanceof ServerSocketChannel server) {
            accept(server, selector);
        } else if (key.channel() instanceof SocketChannel client) {
            try (client) {
                buffer.clear();
                if (client.read(buffer) > 0) {
                    int _ = client.write(ByteBuffer.wrap(ANSWER));
                }
            } catch (IOException _) {
                // It has gone.
            }
            open--;
        }
    }

    private static void accept(ServerSocketChannel server, Selector selector) {
        try {
            while (open < MOST) {
                SocketChannel client = server.accept();
                if (client == null) {
                    return;
                }
                open++;
                client.configureBlocking(false);
                client.register(selector, SelectionKey.OP_READ);
            }
        } catch (IOException e) {
            System.err.println("AcceptServer: " + e);
        }
    }
}
