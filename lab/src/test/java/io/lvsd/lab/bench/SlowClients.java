package io.lvsd.lab.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds slow connections to a web server on this host until it is ended: each sends its request byte by byte, one byte in five
 * seconds, and connects again when the server closes it. Arguments: port, number of connections. Prints a line when all are open.
 */
final class SlowClients {
    private static final ByteBuffer REQUEST = ByteBuffer.wrap(
            ("GET / HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(10_000)).getBytes(StandardCharsets.US_ASCII));
    private static final byte[] IPV6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    private static final long ROUND_MILLIS = 5_000;
    private static final int STEPS = 1_000;

    private final List<Client> clients = new ArrayList<>();
    private final List<InetSocketAddress> servers;

    /** An open connection, and how much it has sent. */
    private record Client(SocketChannel channel, ByteBuffer rest) {}

    private static InetSocketAddress loopback(byte[] address, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private SlowClients(int port) {
        // Two client addresses: one may have half of the connections.
        this.servers = List.of(loopback(new byte[] {127, 0, 0, 1}, port), loopback(IPV6, port));
    }

    private Client open(int index) throws IOException {
        SocketChannel channel = SocketChannel.open(servers.get(index % servers.size()));
        channel.configureBlocking(false);
        return new Client(channel, REQUEST.duplicate());
    }

    private void step(int index) throws IOException {
        Client client = clients.get(index);
        try {
            client.rest().limit(client.rest().position() + 1);
            client.channel().write(client.rest());
        } catch (IOException _) {
            client.channel().close();
            clients.set(index, open(index));
        }
    }

    private void run(int count) throws IOException, InterruptedException {
        for (int i = 0; i < count; i++) {
            clients.add(open(i));
            step(i);
        }
        System.out.println(count + " connections");
        for (int step = 0; ; step = (step + 1) % STEPS) {
            for (int i = step; i < count; i += STEPS) {
                step(i);
            }
            Thread.sleep(ROUND_MILLIS / STEPS);
        }
    }

    public static void main(String[] arguments) throws Exception {
        new SlowClients(Integer.parseInt(arguments[0])).run(Integer.parseInt(arguments[1]));
    }
}
