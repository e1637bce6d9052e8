package io.lvsd.core.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The digest of a page, from the command line. */
final class GenhashCommandTest {
    private HttpServer server;
    private int port;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        port = server.getAddress().getPort();
        server.createContext("/", exchange -> {
            boolean known = exchange.getRequestURI().getPath().equals("/x")
                    && "www.example.org".equals(exchange.getRequestHeaders().getFirst("Host"));
            byte[] body = "hello\n".getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(known ? 200 : 404, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private record Outcome(int status, String out, String err) {}

    private static Outcome lvsd(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        try {
            System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
            int status = new CommandLine(new GenhashCommand()).execute(arguments);
            return new Outcome(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
        }
    }

    @Test
    void theDigestIsThatOfTheBody() {
        // printf 'hello\n' | md5sum
        assertEquals(
                new Outcome(0, "MD5SUM = b1946ac92492d2347c6235b4d2611184\n", ""),
                lvsd("-s", "127.0.0.1", "-p", "" + port, "-u", "/x", "-V", "www.example.org"));
    }

    @Test
    void aNotFoundPageHasADigestToo() {
        assertEquals(
                new Outcome(0, "MD5SUM = b1946ac92492d2347c6235b4d2611184\n", ""),
                lvsd("-s", "127.0.0.1", "-p", "" + port, "-u", "/y"));
    }

    @Test
    void theOptionsOfGenhashAreAccepted() {
        Outcome outcome =
                lvsd("-v", "-P", "1.0c", "-s", "127.0.0.1", "-p", "" + port, "-u", "/x", "-V", "www.example.org");
        assertEquals(0, outcome.status());
        assertEquals("MD5SUM = b1946ac92492d2347c6235b4d2611184\n", outcome.out());
        assertTrue(outcome.err().startsWith("GET /x HTTP/1.0c, Host: www.example.org"), outcome.err());
        assertEquals(0, lvsd("-h").status());
        assertEquals(0, lvsd("--help").status());
    }

    @Test
    void anInvalidOptionIsAUsageError() {
        for (String[] bad :
                new String[][] {{"-P", "2"}, {"-m", "-1"}, {"-m", "4294967296"}, {"-I"}, {"-u", "x"}, {"-p", "65536"}
                }) {
            String[] all = new String[bad.length + 2];
            all[0] = "-s";
            all[1] = "127.0.0.1";
            System.arraycopy(bad, 0, all, 2, bad.length);
            assertEquals(2, lvsd(all).status(), bad[0]);
        }
    }

    @Test
    void aHostNameIsAUsageError() {
        Outcome outcome = lvsd("-s", "www.example.org");
        assertEquals(2, outcome.status());
        assertTrue(outcome.err().contains("expected an IP address"), outcome.err());
    }
}
