package io.lvsd.lab.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A real server for tests under load. A client sends one byte: how many blocks it wants. It gets the server's name, then
 * so many blocks of noise, one every few milliseconds, and the end. The noise depends on name and number of blocks only.
 */
public final class LoadServer implements AutoCloseable {
    public static final int BLOCK = 64 * 1024;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
    private static final int BACKLOG = 256;

    private final int name;
    private final int port;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private @Nullable ServerSocket listening;

    /** Listens on a free port. */
    public LoadServer(int name) throws IOException {
        this.name = name;
        this.port = listen(0);
    }

    public int port() {
        return port;
    }

    private synchronized int listen(int at) throws IOException {
        ServerSocket socket = new ServerSocket(at, BACKLOG, InetAddress.getLoopbackAddress());
        listening = socket;
        Thread.ofPlatform().name("load-server").daemon().start(() -> accept(socket));
        return socket.getLocalPort();
    }

    public void revive() throws IOException {
        listen(port);
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
            InputStream in = connection.getInputStream();
            OutputStream out = connection.getOutputStream();
            int blocks = in.read();
            if (blocks >= 0) {
                out.write(name);
                Random noise = noise(name, blocks);
                byte[] block = new byte[BLOCK];
                for (int i = 0; i < blocks; i++) {
                    noise.nextBytes(block);
                    out.write(block);
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        } catch (IOException _) {
            // A client or a server was killed.
        } finally {
            connections.remove(connection);
        }
    }

    public static Random noise(int name, int blocks) {
        return new Random(31L * name + blocks);
    }

    /** Its socket and its connections close at once, as those of a process that is killed. */
    public synchronized void kill() throws IOException {
        ServerSocket socket = listening;
        listening = null;
        if (socket != null) {
            socket.close();
        }
        for (Socket connection : connections) {
            reset(connection);
        }
    }

    private static void reset(Socket connection) {
        try {
            connection.setSoLinger(true, 0);
            connection.close();
        } catch (IOException _) {
            // It has just come to its end by itself.
        }
    }

    @Override
    public void close() throws IOException {
        kill();
    }
}
