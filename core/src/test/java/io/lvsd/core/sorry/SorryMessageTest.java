package io.lvsd.core.sorry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.source.IpAddresses;
import io.lvsd.sorryserver.SorryCounters;
import io.lvsd.sorryserver.setup.Bypass;
import io.lvsd.sorryserver.setup.ClientNetwork;
import io.lvsd.sorryserver.setup.Content;
import io.lvsd.sorryserver.setup.ListenerSetup;
import io.lvsd.sorryserver.setup.PageSetup;
import io.lvsd.sorryserver.setup.TlsIdentity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages to and from the process of the sorry server. */
final class SorryMessageTest {
    private static InetSocketAddress address(String host, int port) {
        return new InetSocketAddress(IpAddresses.address(host).orElseThrow(), port);
    }

    private static final PageSetup PAGE = new PageSetup(
            Optional.of(Path.of("/srv/sorry page")),
            503,
            "Back soon",
            120,
            "Größe \"x\"",
            "a\u20ac\uD83D\uDE00",
            Optional.of(Instant.parse("2026-08-01T04:00:00.5Z")));

    static final List<ListenerSetup> ALL = List.of(
            new ListenerSetup(
                    address("192.0.2.1", 18_080),
                    "192.0.2.1:80/tcp",
                    new Content.Page(
                            PAGE,
                            Map.of("a.example.net", PageSetup.DEFAULT),
                            List.of(new TlsIdentity(Path.of("/c"), Path.of("/k"))),
                            new Bypass(
                                    List.of(new ClientNetwork(
                                            IpAddresses.address("2001:db8::").orElseThrow(), 32)),
                                    List.of(address("10.0.0.1", 80))))),
            new ListenerSetup(address("2001:db8::1", 1), "fwmark:1", new Content.Relay(address("127.0.0.1", 80))),
            new ListenerSetup(address("192.0.2.1", 25), "x", new Content.Banner("421 down")),
            new ListenerSetup(address("192.0.2.1", 26), "y", new Content.Reset()),
            new ListenerSetup(address("192.0.2.1", 53), "z", new Content.DnsFailure()));

    @Test
    void whatIsSentIsReceived() throws IOException {
        String line = SorryMessage.apply(ALL);
        assertTrue(line.chars().allMatch(c -> c >= ' ' && c < 127), line);
        assertEquals(Optional.of(ALL), SorryMessage.request(line).listeners());
        assertEquals(
                Optional.empty(), SorryMessage.request(SorryMessage.status()).listeners());
        SorryMessage.Response response = new SorryMessage.Response(
                "id",
                "",
                Map.of(address("192.0.2.1", 80), "port in use"),
                List.of(new SorryCounters("vs", 1, 2, 3, 4, 5, 6, 7, 8)));
        assertEquals(response, SorryMessage.response(SorryMessage.response(response)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{                                                     | Unexpected end-of-input",
                "[]                                                    | expected an object",
                "{\"version\":1,\"request\":\"status\"} x             | Unrecognized token",
                "{\"version\":1,\"request\":\"status\"}{}             | text after the object",
                "{\"version\":2,\"request\":\"status\"}               | message version 2: expected 1",
                "{\"version\":1}                                       | missing member 'request'",
                "{\"version\":1,\"request\":\"stop\"}                 | unknown request 'stop'",
                "{\"version\":1,\"request\":\"status\",\"x\":1}       | unknown members of 'message': [x]",
                "{\"version\":1,\"version\":1,\"request\":\"status\"} | Duplicate field 'version'",
                "{\"version\":1,\"request\":\"apply\",\"listeners\":{}} | invalid 'listeners': expected a list",
                "{\"version\":1,\"request\":\"apply\",\"listeners\":[1]} | invalid 'listeners': expected an object",
                "{\"version\":1,\"request\":\"apply\",\"listeners\":[{\"address\":\"localhost:80\"}]} | invalid"
                        + " address 'localhost:80'",
                "{\"version\":1,\"request\":\"apply\",\"listeners\":[{\"address\":\"1.2.3.4:70000\"}]} | invalid"
                        + " address '1.2.3.4:70000'",
                "{\"version\":1,\"request\":\"apply\",\"listeners\":[[[[[[[[[[[]]]]]]]]]]]} | nesting depth",
                "{\"version\":true}                                    | unexpected VALUE_TRUE",
            })
    void anythingElseIsRefusedWithItsReason(String text, String reason) {
        IOException e = assertThrows(IOException.class, () -> SorryMessage.request(text));
        assertTrue(String.valueOf(e.getMessage()).contains(reason), e::getMessage);
    }
}
