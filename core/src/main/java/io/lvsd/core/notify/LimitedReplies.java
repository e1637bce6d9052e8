package io.lvsd.core.notify;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import javax.net.SocketFactory;

/**
 * Creates the socket of one session with a mail server and limits the replies: 512 bytes a line (RFC 5321, 4.5.3.1.5), a
 * number of lines, and a deadline deadline for the session. Exceeding a limit causes an {@link IOException}. Used by one thread.
 */
final class LimitedReplies extends SocketFactory {
    private static final int MAX_LINE = 512;

    private final int maxLines;
    private final int timeout;
    private final Duration total;
    private final long end;

    /**
     * For one session, which starts now.
     *
     * @param maxLines maximum number of lines of all replies together
     * @param timeout for one read
     * @param total deadline for the session
     */
    LimitedReplies(int maxLines, Duration timeout, Duration total) {
        this.maxLines = maxLines;
        this.timeout = Math.clamp(timeout.toMillis(), 1, Integer.MAX_VALUE);
        this.total = total;
        this.end = System.nanoTime() + total.toNanos();
    }

    @Override
    public Socket createSocket() {
        return new Limited();
    }

    private static IOException unconnectedOnly() {
        return new IOException("the session connects its socket itself");
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        throw unconnectedOnly();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        throw unconnectedOnly();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        throw unconnectedOnly();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        throw unconnectedOnly();
    }

    private final class Limited extends Socket {
        @Override
        public InputStream getInputStream() throws IOException {
            return new Replies(this, super.getInputStream());
        }
    }

    private final class Replies extends InputStream {
        private final Socket socket;
        private final InputStream in;
        private int lines;
        private int length;

        Replies(Socket socket, InputStream in) {
            this.socket = socket;
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw tooLong();
            }
            socket.setSoTimeout((int) Math.min(timeout, left));
            int n;
            try {
                n = in.read(into, from, most);
            } catch (SocketTimeoutException e) {
                throw left < timeout ? tooLong() : new IOException("timeout: no reply within " + timeout + " ms", e);
            }
            for (int i = from; i < from + n; i++) {
                count(into[i]);
            }
            return n;
        }

        private void count(byte b) throws IOException {
            length++;
            if (length > MAX_LINE) {
                throw new IOException("reply line too long: expected at most " + MAX_LINE + " bytes");
            }
            if (b == '\n') {
                length = 0;
                lines++;
                if (lines > maxLines) {
                    throw new IOException("replies too long: expected at most " + maxLines + " lines");
                }
            }
        }

        private IOException tooLong() {
            return new IOException("timeout: the session took more than " + total.toMillis() + " ms in total");
        }

        @Override
        public int available() throws IOException {
            return in.available();
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
