package io.lvsd.checkers.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Inconclusive;
import io.lvsd.checkers.probe.ProbeResult.Passed;
import io.lvsd.checkers.protocol.Exchange.Action;
import io.lvsd.checkers.protocol.service.ServiceProtocols;
import io.lvsd.conf.check.DnsCheck;
import io.lvsd.conf.check.ServiceCheck;
import io.lvsd.conf.check.UdpCheck;
import io.lvsd.conf.check.service.ServiceType;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.ProbeAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What is said and what is made of the answers. In a conversation {@code >} is what must be sent, {@code <} what arrives,
 * {@code ~} an end of line, {@code X} that the server closes; the rest is the outcome.
 */
final class ExchangesTest {
    private static final ProbeAddress WHERE = new ProbeAddress(
            IpAddresses.ofBytes(new byte[] {127, 0, 0, 1}), 80, Optional.empty(), 0, "", 0, Duration.ofSeconds(5));

    private static String outcome(Exchange exchange, String conversation) {
        StringBuilder sent = new StringBuilder(text(exchange.opening()));
        String result = "waits";
        for (String part : conversation.split(" *\\| *")) {
            Action action = new Action.Read();
            if (part.startsWith(">")) {
                assertEquals(part.substring(1).replace("~", "\r\n"), sent.toString());
                sent.setLength(0);
            } else if (part.equals("X")) {
                action = exchange.closed();
            } else {
                byte[] bytes = part.substring(1).replace("~", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
                for (int i = 0; i < bytes.length && action instanceof Action.Read; i += 7) {
                    action = exchange.received(Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + 7)));
                }
            }
            switch (action) {
                case Action.Read() -> {}
                case Action.Send(byte[] bytes) -> sent.append(text(bytes));
                case Action.EvaluateAsync(var evaluation) -> result = word(evaluation.get());
                case Action.Finish(var outcome, var _) -> result = word(outcome);
            }
        }
        return result;
    }

    private static String word(ProbeResult outcome) {
        return switch (outcome) {
            case Passed(var reply) ->
                reply.map(w -> "passed " + w.percent().orElse(-1)).orElse("passed");
            case Failed(var _, var detail, var _, var _) -> detail;
            case Inconclusive(var cause) -> "inconclusive " + cause;
        };
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static ServiceCheck service(ServiceType type) {
        return new ServiceCheck(
                WHERE, type, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("secret"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "<220 hi~ | >HELO h~ | <250 ok~ | >QUIT~ | <221 bye~ ; passed",
                "<220-hi~220-there~220 you~ | >HELO h~ | <250-one~250 two~ | >QUIT~ | X ; passed",
                "<220~ | >HELO h~ | <250~ | >QUIT~ | <500 what~ ; passed",
                "<554 no service~ ; expected 220, got 554 no service",
                "<220 hi~ | <550 who are you~ ; expected 250, got 550 who are you",
                "<220 hi~ | X ; connection closed before the reply",
                "<hello~ ; expected an SMTP reply code, got hello",
                "<220 hi ; waits"
            })
    void smtp(String conversation, String outcome) {
        assertEquals(outcome, outcome(new SmtpExchange("h"), conversation));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "<75%~ ; passed 75",
                "<up 30% | X ; passed 30",
                "<42 | X ; passed 42",
                "X ; inconclusive agent closed the connection without a reply",
                "<nonsense~ ; inconclusive invalid agent reply: nonsense"
            })
    void agent(String conversation, String outcome) {
        assertEquals(outcome, outcome(new AgentExchange(""), conversation));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "REDIS     ; >PING~ | <+PONG~ ; passed",
                "REDIS     ; <-NOAUTH Authentication required.~ ; passed",
                "REDIS     ; <-LOADING Redis is loading~ ; expected +PONG, got -LOADING Redis is loading",
                "REDIS     ; <-MASTERDOWN Link~ ; expected +PONG, got -MASTERDOWN Link",
                "MEMCACHED ; >version~ | <VERSION 1.6~ ; passed",
                "MEMCACHED ; <ERROR~ ; expected VERSION, got ERROR",
                "BEANSTALKD ; >list-tube-used~ | <USING default~ ; passed",
                "BEANSTALKD ; <OUT_OF_MEMORY~ ; expected USING, got OUT_OF_MEMORY",
                "IMAP      ; <* OK ready~ ; passed",
                "IMAP      ; <* BYE overloaded~ ; expected * OK, got * BYE overloaded",
                "POP3      ; <+OK~ ; passed",
                "POP3      ; <-ERR~ ; expected +OK, got -ERR"
            })
    void linesOfServices(ServiceType type, String conversation, String outcome) {
        assertEquals(outcome, outcome(ServiceProtocols.exchange(service(type)), conversation));
    }

    @ParameterizedTest
    @CsvSource({
        // ErrorResponse with a code (C) and a message (M)
        "POSTGRESQL, 52000000080000000000, passed",
        "POSTGRESQL, 4500000013433537503033004d77616974000000, 'expected an authentication request, got error 57P03:"
                + " wait'",
        "POSTGRESQL, 4500000013433238303030004d77686f3f000000, passed",
        "POSTGRESQL, 4500000013433533333030004d66756c6c000000, 'expected an authentication request, got error 53300:"
                + " full'",
        "POSTGRESQL, 480000000500, 'expected a PostgreSQL message, got message type 72'",
        "MYSQL, 17000000ff1004546f6f206d616e7920636f6e6e656374696f6e73, 'expected a greeting, got error 1040: Too many"
                + " connections'",
        "MYSQL, 0500000009352e3000, 'expected MySQL protocol 10, got protocol 9'",
        "LDAP, 300c02010161070a010004000400, passed",
        "LDAP, 300c02010161070a013304000400, 'expected an LDAP result that is not busy or unavailable, got LDAP result"
                + " 51'",
        "LDAP, 300c02010164070a010004000400, 'expected a response to an LDAP bind, got another message'"
    })
    void bytesOfServices(ServiceType type, String hex, String outcome) {
        Exchange exchange = ServiceProtocols.exchange(service(type));
        byte[] _ = exchange.opening();
        byte[] bytes = HexFormat.of().parseHex(hex);
        Action action = new Action.Read();
        for (int i = 0; i < bytes.length && action instanceof Action.Read; i++) {
            action = exchange.received(new byte[] {bytes[i]});
        }
        assertEquals(outcome, action instanceof Action.Finish(var end, var _) ? word(end) : action.toString());
    }

    @ParameterizedTest
    @EnumSource(ServiceType.class)
    void anyOtherResponseFails(ServiceType type) {
        Exchange exchange = ServiceProtocols.exchange(service(type));
        byte[] _ = exchange.opening();
        Action action =
                exchange.received("\u0000\u0001something else~\r\n".repeat(9).getBytes(StandardCharsets.US_ASCII));
        assertTrue(!(action instanceof Action.Finish(Passed _, var _)), action::toString);
    }

    @Test
    void aNameServersAnswerIsKnownByItsNumberAndAnErrorInItFails() {
        DnsExchange exchange = new DnsExchange(new DnsCheck(WHERE, "AAAA", "www.example.org"));
        byte[] query = exchange.opening();
        String hex = HexFormat.of().formatHex(query);
        assertTrue(hex.endsWith("03777777076578616d706c65036f726700001c0001"), hex);
        assertEquals("0100", hex.substring(4, 8), "recursion desired");
        byte[] answer = Arrays.copyOf(query, 12);
        assertTrue(exchange.received(answer) instanceof Action.Read, "a query is not a response");
        answer[2] |= (byte) 0x80;
        answer[0] ^= 1;
        assertTrue(exchange.received(answer) instanceof Action.Read, "another number");
        answer[0] ^= 1;
        assertTrue(exchange.received(Arrays.copyOf(answer, 11)) instanceof Action.Read, "too short");
        assertTrue(exchange.received(answer) instanceof Action.Finish(Passed _, var _));
        answer[3] |= 2;
        assertTrue(exchange.received(answer) instanceof Action.Finish(Failed _, var _));
    }

    @ParameterizedTest
    @CsvSource({
        "none, 0, 255, 00, passed",
        "'',   0, 255, 00, passed",
        "'',   2, 255, 00, 'expected a reply of 2 to 255 bytes, got 1 bytes'",
        "'',   0, 1,   0000, 'expected a reply of 0 to 1 bytes, got 2 bytes'",
        "0axB, 0, 255, 0a2b99, passed",
        "0axB, 0, 255, 0a2c, 'expected byte 1 of the reply xb, got byte 1 2c'",
        "0axB, 0, 255, 0a, passed"
    })
    void udp(String reply, int min, int max, String answer, String outcome) {
        Optional<String> wanted = reply.equals("none") ? Optional.empty() : Optional.of(reply);
        Exchange exchange = new UdpExchange(new UdpCheck(WHERE, "00ff", wanted, min, max));
        assertEquals("00ff", HexFormat.of().formatHex(exchange.opening()));
        Action action = exchange.received(HexFormat.of().parseHex(answer));
        assertEquals(outcome, action instanceof Action.Finish(var end, var _) ? word(end) : action.toString());
    }
}
