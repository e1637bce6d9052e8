package io.lvsd.core.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Asks a running daemon. */
public final class ControlClient {
    private ControlClient() {}

    /** Whether a daemon listens on the socket. */
    public static boolean answers(Path socket) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Sends a request and reads the whole answer.
     *
     * @throws IOException if no daemon answers on the socket
     */
    public static Reply ask(Path socket, String request) throws IOException {
        return send(socket, request + "\n");
    }

    /** As {@link #ask(Path, String)}, with a body behind the request. */
    public static Reply ask(Path socket, String request, String body) throws IOException {
        return send(socket, request + " " + body.getBytes(StandardCharsets.UTF_8).length + "\n" + body);
    }

    private static Reply send(Path socket, String text) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            String answer = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
            int end = answer.indexOf('\n');
            if (end < 1 || !answer.substring(0, end).matches("\\d+")) {
                throw new IOException("the daemon closed the connection");
            }
            return new Reply(Integer.parseInt(answer.substring(0, end)), answer.substring(end + 1));
        }
    }
}
