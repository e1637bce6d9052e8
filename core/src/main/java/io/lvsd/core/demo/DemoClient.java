package io.lvsd.core.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that opens a connection for each request, so that each is scheduled. */
final class DemoClient {
    private static final int TIMEOUT_MILLIS = 5_000;

    private DemoClient() {}

    /**
     * What came back.
     *
     * @param status of HTTP; 0 if the connection was refused or reset
     */
    record Answer(int status, String body) {
        /** {@code a}, {@code b} or {@code c}; {@code sorry} for the sorry page, {@code -} for no answer. */
        String who() {
            String realServer = "real server ";
            if (status == 200 && body.startsWith(realServer)) {
                return body.substring(realServer.length()).strip();
            }
            return status == 0 ? "-" : status == 502 ? "sorry" : "status " + status;
        }
    }

    /** Asks for a path and waits for the whole answer. */
    static Answer get(InetSocketAddress server, String path) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(server, TIMEOUT_MILLIS);
            String request = "GET " + path + " HTTP/1.0\r\nHost: localhost\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int end = text.indexOf("\r\n\r\n");
            boolean whole = text.startsWith("HTTP/1.") && text.length() > 12 && end > 0;
            return whole
                    ? new Answer(Integer.parseInt(text.substring(9, 12)), text.substring(end + 4))
                    : new Answer(0, "");
        } catch (IOException | NumberFormatException _) {
            return new Answer(0, "");
        }
    }
}
