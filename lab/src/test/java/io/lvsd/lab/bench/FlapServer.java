package io.lvsd.lab.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Random;

/** A process of its own that plays real servers, each with a listener of its own. Some of them end or begin to listen every second. */
public final class FlapServer {
    private static final int CHANGES_PER_SECOND = 25;
    private static final long SECOND = 1_000_000_000L;
    private static final long SEED = 7;

    private final Selector selector;
    private final SelectionKey[] listeners;
    private final Random random = new Random(SEED);

    private FlapServer(int servers) throws IOException {
        selector = Selector.open();
        listeners = new SelectionKey[servers];
        for (int server = 0; server < servers; server++) {
            listeners[server] = listen(server);
        }
    }

    /** @param arguments the number of servers */
    public static void main(String[] arguments) throws IOException {
        new FlapServer(Integer.parseInt(arguments[0])).serve();
    }

    private SelectionKey listen(int server) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        channel.bind(new InetSocketAddress(ProbeBench.address(server), ProbeBench.PORT));
        channel.configureBlocking(false);
        return channel.register(selector, SelectionKey.OP_ACCEPT);
    }

    private void serve() throws IOException {
        long next = System.nanoTime() + SECOND;
        while (true) {
            selector.select(FlapServer::accept, Math.max(1, (next - System.nanoTime()) / 1_000_000));
            if (System.nanoTime() - next >= 0) {
                for (int i = 0; i < CHANGES_PER_SECOND; i++) {
                    change(random.nextInt(listeners.length));
                }
                next += SECOND;
            }
        }
    }

    private void change(int server) throws IOException {
        if (listeners[server].isValid()) {
            listeners[server].channel().close();
            // Releases the port.
            selector.selectNow();
        } else {
            listeners[server] = listen(server);
        }
    }

    private static void accept(SelectionKey key) {
        try {
            SocketChannel client = ((ServerSocketChannel) key.channel()).accept();
            if (client != null) {
                client.close();
            }
        } catch (IOException e) {
            System.err.println("FlapServer: " + e);
        }
    }
}
