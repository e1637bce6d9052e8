package io.lvsd.core.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.model.HttpConfig;
import io.lvsd.core.engine.EngineState;
import io.lvsd.core.http.HttpLimits;
import io.lvsd.core.view.HealthReport;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests and limits of the HTTP endpoint. */
final class HttpEndpointTest {
    private static final EngineState STARTED = new EngineState(
            EngineState.EMPTY.config(),
            EngineState.EMPTY.servers(),
            EngineState.EMPTY.sorry(),
            EngineState.EMPTY.table(),
            EngineState.EMPTY.owners(),
            EngineState.EMPTY.rows(),
            EngineState.Phase.RUNNING,
            EngineState.EMPTY.timed(),
            EngineState.EMPTY.maintenance(),
            EngineState.EMPTY.changes());
    private static final HttpLimits LIMITS = new HttpLimits(
            4, Duration.ofSeconds(2), Duration.ofMinutes(5), Duration.ofMinutes(5), 1 << 16, 1 << 20, 100_000);

    private static final HealthSource HEALTH = new HealthSource() {
        @Override
        public HealthReport liveness() {
            return new HealthReport(true, List.of());
        }

        @Override
        public HealthReport readiness() {
            return new HealthReport(false, List.of(new HealthReport.Condition("checks", false, "none has a result")));
        }
    };

    private InetSocketAddress address;
    private HttpEndpoint endpoint;

    @BeforeEach
    void start() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = new InetSocketAddress(InetAddress.getLoopbackAddress(), free.getLocalPort());
        }
        endpoint = listen();
    }

    private HttpEndpoint listen() throws IOException {
        HttpConfig config = HttpConfig.of(address.getAddress(), address.getPort());
        HttpEndpoint made = new HttpEndpoint(config, new FakeDaemon(STARTED).sources(HEALTH), LIMITS);
        try {
            made.listen(address);
            return made;
        } catch (IOException e) {
            made.close();
            throw e;
        }
    }

    @AfterEach
    void stop() {
        endpoint.close();
    }

    private String ask(String requestLine, String host) throws IOException {
        return ask(requestLine, host, "");
    }

    /** @param headers further ones, each with its CRLF */
    private String ask(String requestLine, String host, String headers) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(10_000);
            socket.connect(address);
            String request =
                    requestLine + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n" + headers + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip|true",
                "br, GZIP;q=0.5|true",
                "deflate|false",
                "gzip;q=0|false",
                "gzip; q=0.000, br|false",
                "xgzip|false"
            })
    void aResponseIsCompressedIfTheClientAcceptsThat(String accepted, boolean compressed) throws IOException {
        for (String path : new String[] {"/", "/metrics"}) {
            String reply = ask("GET " + path, "localhost", "Accept-Encoding: " + accepted + "\r\n");
            assertEquals(compressed, reply.contains("\r\ncontent-encoding: gzip\r\n"), reply.substring(0, 200));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET /, localhost:9180, 200 OK, <dt>driver</dt><dd>memory",
        "GET /metrics?collect=servers, localhost:9180, 200 OK, # TYPE lvsd_metrics_dropped_series gauge",
        "GET /metrics?collect=x, localhost:9180, 400 Bad Request, expected one or several of daemon",
        "GET /api/v1/status?x=y, 127.0.0.1, 400 Bad Request, unknown-parameter",
        "GET /api/v1/status, 127.0.0.1, 200 OK, \"driver\" : \"memory\"",
        "GET /api/v1/status, LOCALHOST, 200 OK, \"dryRun\" : true",
        "GET /api/v1/status, evil.example, 421 Misdirected Request, ''",
        "GET /metrics, localhost:9180, 200 OK, # HELP lvsd_engine_step_duration_seconds Time",
        "GET /metrics, evil.example, 421 Misdirected Request, ''",
        "GET /api/v1/status, 192.0.2.1, 421 Misdirected Request, unknown-host",
        "GET /api/v1/status, [::1]:9180, 421 Misdirected Request, unknown-host",
        "GET /nothing, localhost, 404 Not Found, ''",
        "POST /api/v1/status, localhost, 405 Method Not Allowed, ''",
        "DELETE /, localhost, 405 Method Not Allowed, ''",
    })
    void theEndpointIsReadOnlyAndForLocalHostNamesOnly(String request, String host, String status, String content)
            throws IOException {
        String answer = ask(request, host);
        assertTrue(answer.startsWith("HTTP/1.1 " + status + "\r\n"), answer);
        assertTrue(answer.contains(content), answer);
    }

    @Test
    void healthIsAStatusAndItsConditions() throws IOException {
        String live = ask("GET /livez", "localhost");
        assertTrue(live.startsWith("HTTP/1.1 200 OK\r\n"), live);
        String ready = ask("GET /readyz", "localhost");
        assertTrue(ready.startsWith("HTTP/1.1 503 Service Unavailable\r\n"), ready);
        assertTrue(ready.contains("\"detail\" : \"none has a result\""), ready);
    }

    @Test
    void aHeadHasNoBody() throws IOException {
        String answer = ask("HEAD /api/v1/status", "localhost");
        assertTrue(answer.startsWith("HTTP/1.1 200 OK"), answer);
        assertEquals(answer.length(), answer.indexOf("\r\n\r\n") + 4);
    }

    @Test
    void aPortInUseIsReportedWithItsAddress() {
        IOException e = assertThrows(IOException.class, this::listen);
        assertTrue(String.valueOf(e.getMessage()).contains("" + address.getPort()), e::toString);
    }

    private String exchange(String request) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(10_000);
            socket.connect(address);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET /%4 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET /api/v1/status?a=%q1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "nonsense\r\n\r\n",
            })
    void aMalformedRequestGetsBadRequest(String request) throws IOException {
        String answer = exchange(request);
        assertTrue(answer.startsWith("HTTP/1.1 400 Bad Request\r\n"), answer);
    }

    @Test
    void framingAndContentSniffingAreForbidden() throws IOException {
        String answer = exchange("GET / HTTP/1.0\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 200 OK"), answer);
        assertTrue(answer.contains("x-content-type-options: nosniff\r\n"), answer);
        assertTrue(answer.contains("frame-ancestors 'none'\r\n"), answer);
    }

    @Test
    void aConnectionAboveTheLimitClosesTheLongestIdleOne() throws IOException {
        List<Socket> held = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                held.add(new Socket(address.getAddress(), address.getPort()));
                held.getLast().getOutputStream().write('G');
            }
            assertTrue(ask("GET /api/v1/status", "localhost").startsWith("HTTP/1.1 200 OK"));
            held.getFirst().setSoTimeout(10_000);
            assertTrue(isClosed(held.getFirst()));
        } finally {
            for (Socket socket : held) {
                socket.close();
            }
        }
    }

    private static boolean isClosed(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException _) {
            return true;
        }
    }

    @Test
    void slowInputDoesNotExtendTheDeadlineOfARequest() throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(50);
            assertTrue(dripsUntilClosed(socket));
        }
    }

    private static boolean dripsUntilClosed(Socket socket) throws IOException {
        for (int i = 0; i < 400; i++) {
            try {
                socket.getOutputStream().write('x');
                if (isClosed(socket)) {
                    return true;
                }
            } catch (SocketTimeoutException _) {
                // It is open: the next byte.
            } catch (SocketException _) {
                return true;
            }
        }
        return false;
    }

    @Test
    void anEndlessRequestIsClosed() throws IOException {
        for (String piece : List.of("x".repeat(1_000), "a: b\r\n".repeat(100))) {
            try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
                assertThrows(SocketException.class, () -> sendEndlessly(socket, piece));
            }
        }
    }

    private static void sendEndlessly(Socket socket, String piece) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < 100_000; i++) {
            out.write(piece.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
