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

/** A real server that responds to each request with its name. Can be stopped and started. Thread-safe. */
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

    /** Starts listening. */
    synchronized void start() throws IOException {
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
                Thread.ofVirtual().start(() -> respond(connection));
            }
        } catch (IOException _) {
            // The server was stopped.
        }
    }

    private void respond(Socket connection) {
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
            // The client disconnected, or this server was stopped.
        } finally {
            connections.remove(connection);
        }
    }

    /** Closes the socket and all connections immediately, as the kernel does for a killed process. */
    synchronized void stop() {
        ServerSocket socket = listening;
        Thread accepting = acceptor;
        listening = null;
        acceptor = null;
        try {
            if (socket != null && accepting != null) {
                socket.close();
                // The port refuses connections only after the thread has returned from accept().
                accepting.join();
            }
            for (Socket connection : connections) {
                connection.close();
            }
        } catch (IOException _) {
            // The socket is closed in any case.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
    }
}
