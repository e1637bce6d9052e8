package io.lvsd.core.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A small real server that answers every request with its name. Can be killed and revived. Thread-safe. */
final class DemoServer implements AutoCloseable {
    private static final int BACKLOG = 128;
    private static final int TIMEOUT_MILLIS = 5_000;

    private final String name;
    private final InetSocketAddress address;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private @Nullable ServerSocket listening;
    private @Nullable Thread acceptor;

    DemoServer(String name, InetSocketAddress address) {
        this.name = name;
        this.address = address;
    }

    String name() {
        return name;
    }

    InetSocketAddress address() {
        return address;
    }

    synchronized boolean isRunning() {
        return listening != null;
    }

    /** Listens, as a server that was just started. */
    synchronized void revive() throws IOException {
        if (listening == null) {
            ServerSocket socket = new ServerSocket(address.getPort(), BACKLOG, address.getAddress());
            listening = socket;
            acceptor = Thread.ofVirtual().name("real-server-" + name).start(() -> accept(socket));
        }
    }

    private void accept(ServerSocket socket) {
        try {
            while (true) {
                Socket connection = socket.accept();
                connections.add(connection);
                Thread.ofVirtual().start(() -> answer(connection));
            }
        } catch (IOException _) {
            // It was killed.
        }
    }

    private void answer(Socket connection) {
        try (connection) {
            connection.setSoTimeout(TIMEOUT_MILLIS);
            var in = new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
            for (String line = in.readLine(); line != null && !line.isEmpty(); ) {
                line = in.readLine();
            }
            String body = "real server " + name + "\n";
            String response = "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + body.length()
                    + "\r\n\r\n" + body;
            connection.getOutputStream().write(response.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException _) {
            // The client has gone, or this server was killed.
        } finally {
            connections.remove(connection);
        }
    }

    /** Closes its socket and its connections at once, as the kernel does for a process that is killed. */
    synchronized void kill() {
        ServerSocket socket = listening;
        Thread accepting = acceptor;
        listening = null;
        acceptor = null;
        try {
            if (socket != null && accepting != null) {
                socket.close();
                // The port is free, and refuses, only once the thread that waits in accept() has let go of it.
                accepting.join();
            }
            for (Socket connection : connections) {
                connection.close();
            }
        } catch (IOException _) {
            // Closed is closed.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
