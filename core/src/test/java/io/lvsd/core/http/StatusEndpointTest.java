package io.lvsd.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.checkers.schedule.Lateness;
import io.lvsd.conf.model.LvsdConfig.Driver;
import io.lvsd.core.engine.EngineState;
import io.lvsd.core.view.DriverStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the endpoint answers to whom. */
final class StatusEndpointTest {
    private InetSocketAddress address;
    private StatusEndpoint endpoint;

    @BeforeEach
    void start() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = new InetSocketAddress(InetAddress.getLoopbackAddress(), free.getLocalPort());
        }
        endpoint = listen();
    }

    private StatusEndpoint listen() throws IOException {
        return StatusEndpoint.listen(
                address,
                () -> EngineState.EMPTY,
                () -> new DriverStatus(Driver.MEMORY, Optional.empty()),
                new Lateness());
    }

    @AfterEach
    void stop() {
        endpoint.close();
    }

    private String ask(String requestLine, String host) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(10_000);
            socket.connect(address);
            String request = requestLine + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET /, localhost:9180, 200 OK, driver memory",
        "GET /status.json?x=y, 127.0.0.1, 200 OK, \"driver\" : \"memory\"",
        "GET /status.json, [::1]:9180, 200 OK, \"dryRun\" : true",
        "GET /status.json, evil.example, 421 Misdirected Request, ''",
        "GET /nothing, localhost, 404 Not Found, ''",
        "POST /status.json, localhost, 405 Method Not Allowed, ''",
        "DELETE /, localhost, 405 Method Not Allowed, ''",
    })
    void itIsReadOnlyAndForThisHostOnly(String request, String host, String status, String content) throws IOException {
        String answer = ask(request, host);
        assertTrue(answer.startsWith("HTTP/1.1 " + status + "\r\n"), answer);
        assertTrue(answer.contains(content), answer);
    }

    @Test
    void aHeadHasNoBody() throws IOException {
        String answer = ask("HEAD /status.json", "localhost");
        assertTrue(answer.startsWith("HTTP/1.1 200 OK"), answer);
        assertEquals(answer.length(), answer.indexOf("\r\n\r\n") + 4);
    }

    @Test
    void aPortThatIsTakenIsAnErrorThatNamesIt() {
        IOException e = assertThrows(IOException.class, this::listen);
        assertTrue(String.valueOf(e.getMessage()).contains("" + address.getPort()), e::toString);
    }
}
