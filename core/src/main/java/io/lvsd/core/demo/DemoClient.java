package io.lvsd.core.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that opens a new connection for each request, so that each request is scheduled. */
final class DemoClient {
    private static final int TIMEOUT_MILLIS = 5_000;

    private DemoClient() {}

    /**
     * A response.
     *
     * @param status HTTP status; 0 if the connection was refused or reset
     */
    record Response(int status, String body) {
        /** {@code a}, {@code b} or {@code c}; {@code sorry} for the sorry page, {@code -} without a response. */
        String server() {
            String realServer = "real server ";
            if (status == 200 && body.startsWith(realServer)) {
                return body.substring(realServer.length()).strip();
            }
            return status == 0 ? "-" : status == 502 ? "sorry" : "status " + status;
        }
    }

    /** Requests a path and reads the whole response. */
    static Response get(InetSocketAddress server, String path) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(server, TIMEOUT_MILLIS);
            String request = "GET " + path + " HTTP/1.0\r\nHost: localhost\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int end = text.indexOf("\r\n\r\n");
            boolean complete = text.startsWith("HTTP/1.") && text.length() > 12 && end > 0;
            return complete
                    ? new Response(Integer.parseInt(text.substring(9, 12)), text.substring(end + 4))
                    : new Response(0, "");
        } catch (IOException | NumberFormatException _) {
            return new Response(0, "");
        }
    }
}
