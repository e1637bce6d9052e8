package io.lvsd.core.sorry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Lines of a limited length on a connection. */
final class Lines {
    /** Some 10,000 listeners with long texts. */
    static final int MAX_BYTES = 32 << 20;

    private Lines() {}

    /**
     * The next line without its end; empty at the end of the connection.
     *
     * @throws IOException if it is longer than {@code max} bytes, or if the connection ends within it
     */
    static Optional<String> read(SocketChannel channel, int max) throws IOException {
        InputStream in = Channels.newInputStream(channel);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        byte[] chunk = new byte[8_192];
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            boolean end = n > 0 && chunk[n - 1] == '\n';
            line.write(chunk, 0, end ? n - 1 : n);
            if (line.size() > max) {
                throw new IOException("message with more than " + max + " bytes");
            }
            if (end) {
                return Optional.of(line.toString(StandardCharsets.UTF_8));
            }
        }
        if (line.size() > 0) {
            throw new IOException("the connection ended within a message");
        }
        return Optional.empty();
    }

    static void write(SocketChannel channel, String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
