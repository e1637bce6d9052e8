package io.lvsd.core.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A client that sends any bytes, and reads responses one after the other. */
public final class RawClient implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 20_000;

    private final Socket socket;

    /** A response; names of header fields are in lower case. */
    public record Reply(int status, Map<String, String> headers, String body) {
        /** A header field; empty if it is missing. */
        public String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    public RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(TIMEOUT_MILLIS);
    }

    public static RawClient connect(InetSocketAddress server) throws IOException {
        return new RawClient(new Socket(server.getAddress(), server.getPort()));
    }

    /** Sends one request with its own connection. */
    public static Reply exchange(InetSocketAddress server, String request) throws IOException {
        try (RawClient client = connect(server)) {
            return client.send(request).reply();
        }
    }

    public RawClient send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return this;
    }

    /** The next response with its body, by Content-Length. */
    public Reply reply() throws IOException {
        return reply(true);
    }

    /** The next response to a HEAD. */
    public Reply replyWithoutBody() throws IOException {
        return reply(false);
    }

    private Reply reply(boolean withBody) throws IOException {
        String statusLine = line();
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = withBody ? Integer.parseInt(headers.getOrDefault("content-length", "0")) : 0;
        byte[] body = socket.getInputStream().readNBytes(length);
        return new Reply(Integer.parseInt(statusLine.split(" ")[1]), headers, new String(body, StandardCharsets.UTF_8));
    }

    /** The next line without its CRLF. */
    public String line() throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("end of the connection after: " + line);
            }
            line.append((char) c);
        }
        if (line.isEmpty() || line.charAt(line.length() - 1) != '\r') {
            throw new IOException("a line without CR: " + line);
        }
        line.setLength(line.length() - 1);
        return line.toString();
    }

    /** The next line, which LF or CRLF ends. */
    public String lineOfText() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = socket.getInputStream().read();
                c != '\n';
                c = socket.getInputStream().read()) {
            if (c < 0) {
                throw new EOFException("end of the connection after: " + line);
            }
            line.append((char) c);
        }
        return line.toString().stripTrailing();
    }

    /** Whether the server ended the connection, without another byte. */
    public boolean isEnded() throws IOException {
        return socket.getInputStream().read() < 0;
    }

    public Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
