package io.lvsd.core.control;

import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Sends requests to a running daemon. Each request has a deadline. */
public final class ControlClient {
    /** Default timeout of a request. */
    public static final Duration TIMEOUT = Duration.ofSeconds(5);

    private ControlClient() {}

    /** Whether a daemon listens on the socket, even if it does not reply. */
    public static boolean isListening(Path socket) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            closeAfter(channel, TIMEOUT);
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (ClosedChannelException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Sends a request and reads the whole reply.
     *
     * @param timeout for the whole exchange
     * @throws IOException without a reply; the message distinguishes no daemon, permission denied and timeout
     */
    public static Reply request(Path socket, String request, Duration timeout) throws IOException {
        return send(socket, request + "\n", timeout);
    }

    /** Same as {@link #request(Path, String, Duration)} with a timeout of one minute, for tests and benchmarks. */
    public static Reply request(Path socket, String request) throws IOException {
        return request(socket, request, Duration.ofMinutes(1));
    }

    /** Same as {@link #request(Path, String, Duration)} with a body after the request line. */
    public static Reply request(Path socket, String request, String body, Duration timeout) throws IOException {
        return send(socket, request + " " + body.getBytes(StandardCharsets.UTF_8).length + "\n" + body, timeout);
    }

    private static Reply send(Path socket, String text, Duration timeout) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            closeAfter(channel, timeout);
            try {
                connect(channel, socket);
                write(channel, text);
                return parse(socket, readAll(channel));
            } catch (ClosedChannelException e) {
                throw new IOException(
                        "timeout: no reply from the daemon on " + socket + " within " + timeout.toSeconds()
                                + " s; it is suspended, overloaded, or still busy with this request. Set a longer"
                                + " --timeout",
                        e);
            }
        }
    }

    /** Closes a channel after a timeout, on a daemon thread. */
    private static void closeAfter(SocketChannel channel, Duration timeout) {
        Thread deadline = new Thread(
                () -> {
                    try {
                        Thread.sleep(timeout);
                        channel.close();
                    } catch (InterruptedException | IOException _) {
                        // The channel is closed in any case.
                    }
                },
                "deadline");
        deadline.setDaemon(true);
        deadline.start();
    }

    private static void connect(SocketChannel channel, Path socket) throws IOException {
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(isDenied(socket, e) ? denied(socket) : noDaemon(socket), e);
        }
    }

    private static boolean isDenied(Path socket, IOException e) {
        if (String.valueOf(e.getMessage()).contains("Permission denied")) {
            return true;
        }
        try {
            Files.readAttributes(socket, "size");
            return false;
        } catch (AccessDeniedException _) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private static String denied(Path socket) {
        return "permission denied for " + socket
                + ": run this command as root or as a member of group lvsd or lvsd-admin; one of these groups must own"
                + " the directory";
    }

    private static String noDaemon(Path socket) {
        return "no daemon listens on " + socket + "; start one with 'lvsd run', or set --run-dir to its directory";
    }

    /** The daemon may reply and close before it has read the whole request. */
    private static void write(SocketChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException _) {
            // The reply contains the reason.
        }
    }

    private static String readAll(SocketChannel channel) throws IOException {
        InputStream in = Channels.newInputStream(channel);
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static Reply parse(Path socket, String reply) throws IOException {
        int end = reply.indexOf('\n');
        if (end < 1 || !reply.substring(0, end).chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IOException("no reply from the daemon on " + socket
                    + ": it closed the connection; it has too many connections");
        }
        return new Reply(Integer.parseInt(reply.substring(0, end)), reply.substring(end + 1));
    }
}
