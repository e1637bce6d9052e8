package io.lvsd.lab.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Many ports of all addresses of this host that accept connections and close them at once. A port can be closed and opened
 * again, which makes real servers fail and return. One thread accepts.
 */
public final class ChangingServers implements AutoCloseable {
    private static final int BACKLOG = 4_096;

    private final Selector selector = Selector.open();
    private final Thread thread = new Thread(this::run, "changing-servers");

    // guarded by this
    private final Map<Integer, ServerSocketChannel> open = new HashMap<>();
    private volatile boolean closed;

    /** Without a port. */
    public ChangingServers() throws IOException {
        thread.start();
    }

    /** Opens free ports, and returns them. */
    public synchronized List<Integer> openFree(int count) throws IOException {
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ports.add(listen(0));
        }
        return ports;
    }

    /** Opens a port that was closed. */
    public synchronized void open(int port) throws IOException {
        listen(port);
    }

    /** Connections to it are refused from now on. */
    public synchronized void close(int port) throws IOException {
        ServerSocketChannel channel = open.remove(port);
        if (channel == null) {
            throw new IllegalArgumentException("port " + port + " is not open");
        }
        channel.close();
        // The descriptor is closed when the selector has removed its key.
        selector.wakeup();
    }

    private int listen(int port) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        channel.bind(new InetSocketAddress(port), BACKLOG);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_ACCEPT);
        selector.wakeup();
        int bound = channel.socket().getLocalPort();
        open.put(bound, channel);
        return bound;
    }

    private void run() {
        try {
            while (!closed) {
                selector.select(key -> accept((ServerSocketChannel) key.channel()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void accept(ServerSocketChannel channel) {
        try {
            for (SocketChannel client = channel.accept(); client != null; client = channel.accept()) {
                client.close();
            }
        } catch (IOException _) {
            // The port was closed, or the client is gone.
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        for (ServerSocketChannel channel : open.values()) {
            channel.close();
        }
        selector.close();
    }
}
