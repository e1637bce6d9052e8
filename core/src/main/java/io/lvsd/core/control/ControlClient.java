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

/** Sends requests to a running daemon. Each has a deadline. */
public final class ControlClient {
    /** How long a request may take if nothing else is asked for. */
    public static final Duration TIMEOUT = Duration.ofSeconds(5);

    private ControlClient() {}

    /** Whether a daemon listens on the socket, even one that does not answer. */
    public static boolean answers(Path socket) {
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
     * Sends a request and reads the whole answer.
     *
     * @param timeout for the whole exchange
     * @throws IOException if there is none; its text says whether no daemon runs, permission is denied or no answer came
     */
    public static Reply ask(Path socket, String request, Duration timeout) throws IOException {
        return send(socket, request + "\n", timeout);
    }

    /** As {@link #ask(Path, String, Duration)}, with a timeout of one minute, for programs that measure or test. */
    public static Reply ask(Path socket, String request) throws IOException {
        return ask(socket, request, Duration.ofMinutes(1));
    }

    /** As {@link #ask(Path, String, Duration)}, with a body behind the request. */
    public static Reply ask(Path socket, String request, String body, Duration timeout) throws IOException {
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
                        "no answer from the daemon on " + socket + " within " + timeout.toSeconds()
                                + " s: it is stopped or overloaded, or still busy with this request; --timeout allows"
                                + " more time",
                        e);
            }
        }
    }

    /** A thread that ends with the process. */
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
                + ": run this as root or as a member of group lvsd or lvsd-admin, which must own the directory";
    }

    private static String noDaemon(Path socket) {
        return "no daemon listens on " + socket + ": start it with 'lvsd run', or name its directory with --run-dir";
    }

    /** The daemon may answer, and close, before it has read everything. */
    private static void write(SocketChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException _) {
            // What it has answered says why.
        }
    }

    private static String readAll(SocketChannel channel) throws IOException {
        InputStream in = Channels.newInputStream(channel);
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static Reply parse(Path socket, String answer) throws IOException {
        int end = answer.indexOf('\n');
        if (end < 1 || !answer.substring(0, end).chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IOException(
                    "no answer from the daemon on " + socket + ": it closed the connection, as it has too many");
        }
        return new Reply(Integer.parseInt(answer.substring(0, end)), answer.substring(end + 1));
    }
}
