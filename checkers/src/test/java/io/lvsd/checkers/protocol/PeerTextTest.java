package io.lvsd.checkers.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.checkers.probe.PrintableText;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Inconclusive;
import io.lvsd.checkers.probe.ProbeResult.Passed;
import io.lvsd.checkers.protocol.Exchange.Action;
import io.lvsd.checkers.protocol.http.Http2UrlExchange;
import io.lvsd.checkers.protocol.http.HttpExchange;
import io.lvsd.checkers.protocol.service.ServiceProtocols;
import io.lvsd.conf.check.GrpcCheck;
import io.lvsd.conf.check.ServiceCheck;
import io.lvsd.conf.check.http.HttpVersion;
import io.lvsd.conf.check.http.JsonMatch;
import io.lvsd.conf.check.http.StatusRange;
import io.lvsd.conf.check.http.Url;
import io.lvsd.conf.check.service.ServiceType;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.ProbeAddress;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What becomes of the text of a server that tries to forge a line of the log, to action the cursor, and to turn the direction of
 * writing: in each protocol that shows text, one line, everything escaped, at most 200 characters.
 */
final class PeerTextTest {
    private static final ProbeAddress WHERE = new ProbeAddress(
            IpAddresses.ofBytes(new byte[] {127, 0, 0, 1}), 80, Optional.empty(), 0, "", 0, Duration.ofSeconds(5));
    private static final String FORGED = "no\u001b[2J\u202e\r\nevent=rs.up to=up";
    /** In a protocol of lines the second one is another; U+202E arrives as three bytes. */
    private static final String FIRST_LINE = "no\\x1b[2Jâ\\x80®";

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String reason(Action action) {
        ProbeResult outcome = switch (action) {
            case Action.Finish(var result, var _) -> result;
            case Action.EvaluateAsync(var evaluation) -> evaluation.get();
            case Action.Read(), Action.Send(var _) -> Passed.plain();
        };
        return switch (outcome) {
            case Passed _ -> "passed";
            case Failed(var _, var detail, var _, var _) -> detail;
            case Inconclusive(var cause) -> cause;
        };
    }

    private static Exchange service(ServiceType type) {
        return ServiceProtocols.exchange(new ServiceCheck(
                WHERE, type, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("secret")));
    }

    private static Arguments lines(String name, Exchange exchange, String said, String reason) {
        return Arguments.of(name, reason(exchange.received(bytes(said + FORGED + "\r\n"))), reason);
    }

    private static byte[] mysql() {
        byte[] text = bytes(FORGED);
        return ByteBuffer.allocate(7 + text.length)
                .put((byte) (3 + text.length))
                .put(new byte[3])
                .put((byte) 0xff)
                .putShort((short) 0x1004)
                .put(text)
                .array();
    }

    private static byte[] postgresql() {
        byte[] fields = bytes("SFATAL\0C53300\0M" + FORGED + "\0\0");
        return ByteBuffer.allocate(5 + fields.length)
                .put((byte) 'E')
                .putInt(4 + fields.length)
                .put(fields)
                .array();
    }

    private static String sip() {
        Exchange exchange = service(ServiceType.SIP);
        String request = new String(exchange.opening(), StandardCharsets.UTF_8);
        String branch = request.replaceFirst("(?s).*branch=z9hG4bK([0-9a-f]+).*", "$1");
        return reason(exchange.received(bytes("SIP/2.0 503 " + FORGED + "\r\nVia: " + branch + "\r\n\r\n")));
    }

    private static String json() {
        Url url = new Url(
                "/",
                "h",
                "GET",
                List.of(),
                Optional.empty(),
                false,
                0,
                List.of(new StatusRange(200, 200)),
                Optional.empty(),
                Optional.empty(),
                List.of(new JsonMatch("a", "ok")),
                Optional.empty());
        HttpExchange exchange = new HttpExchange(url, HttpVersion.V1_0, 80);
        var _ = exchange.received(bytes("HTTP/1.0 200 OK\r\n\r\n{\"a\":\"no\\u001b[2J\\u202e\\r\\nevent=rs.down\"}"));
        return reason(exchange.closed());
    }

    private static HttpExchange http() {
        Url url = new Url("/", "h", List.of(new StatusRange(200, 200)), Optional.empty());
        return new HttpExchange(url, HttpVersion.V1_1, 80);
    }

    private static String grpc(String name, String value) {
        var headers = new DefaultHttp2Headers(false).status("200");
        headers.set("grpc-status", "14").set(name, value);
        return reason(new GrpcExchange(new GrpcCheck(WHERE, Optional.empty(), "")).headers(headers, true));
    }

    static Stream<Arguments> protocols() {
        String whole = "no\\x1b[2J\\u202e\\r\\nevent=rs.up to=up";
        return Stream.of(
                lines("SMTP refusal", new SmtpExchange("h"), "554 ", "expected 220, got 554 " + FIRST_LINE),
                lines(
                        "SMTP second line",
                        new SmtpExchange("h"),
                        "220-",
                        "expected an SMTP reply code, got event=rs.up to=up"),
                Arguments.of(
                        "HTTP status line",
                        reason(http().received(bytes("HTTP/1.1 2" + FORGED + "\r\n\r\n"))),
                        "invalid status line 'HTTP/1.1 2" + FIRST_LINE + "'"),
                Arguments.of(
                        "JSON field", json(), "expected JSON field a = ok, got no\\x1b[2J\\u202e\\r\\nevent=rs.down"),
                lines("agent", new AgentExchange(""), "", "invalid agent reply: " + FIRST_LINE),
                lines("Redis", service(ServiceType.REDIS), "-ERR ", "expected +PONG, got -ERR " + FIRST_LINE),
                lines(
                        "beanstalkd",
                        service(ServiceType.BEANSTALKD),
                        "ERROR ",
                        "expected USING, got ERROR " + FIRST_LINE),
                lines(
                        "memcached",
                        service(ServiceType.MEMCACHED),
                        "ERROR ",
                        "expected VERSION, got ERROR " + FIRST_LINE),
                lines("IMAP", service(ServiceType.IMAP), "* BYE ", "expected * OK, got * BYE " + FIRST_LINE),
                lines("POP3", service(ServiceType.POP3), "-ERR ", "expected +OK, got -ERR " + FIRST_LINE),
                Arguments.of(
                        "MySQL",
                        reason(service(ServiceType.MYSQL).received(mysql())),
                        "expected a greeting, got error 1040: " + whole),
                Arguments.of(
                        "PostgreSQL",
                        reason(service(ServiceType.POSTGRESQL).received(postgresql())),
                        "expected an authentication request, got error 53300: " + whole),
                Arguments.of("SIP", sip(), "expected a status below 500, got SIP/2.0 503 " + FIRST_LINE),
                Arguments.of(
                        "gRPC message",
                        grpc("grpc-message", FORGED),
                        "expected grpc-status 0, got grpc-status 14: " + whole),
                Arguments.of(
                        "gRPC status", grpc("grpc-status", FORGED), "expected grpc-status 0, got grpc-status " + whole),
                Arguments.of(
                        "gRPC HTTP status",
                        reason(new GrpcExchange(new GrpcCheck(WHERE, Optional.empty(), ""))
                                .headers(new DefaultHttp2Headers(false).status(FORGED), true)),
                        "expected HTTP status 200, got HTTP status " + whole),
                Arguments.of(
                        "HTTP/2 status",
                        reason(new Http2UrlExchange(
                                        new Url("/", "h", List.of(new StatusRange(200, 200)), Optional.empty()),
                                        false,
                                        80)
                                .headers(new DefaultHttp2Headers(false).status(FORGED), true)),
                        "response without a valid status"),
                Arguments.of(
                        "HTTP/2 status of any length",
                        reason(new GrpcExchange(new GrpcCheck(WHERE, Optional.empty(), ""))
                                .headers(new DefaultHttp2Headers(false).status("\u001b".repeat(9_000)), true)),
                        "expected HTTP status 200, got HTTP status " + "\\x1b".repeat(17) + "…"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("protocols")
    void textOfAServerIsOneLineOfPrintableCharacters(String name, String reason, String expected) {
        assertEquals(expected, reason, name);
        assertTrue(reason.length() <= PrintableText.MAX, reason);
    }
}
