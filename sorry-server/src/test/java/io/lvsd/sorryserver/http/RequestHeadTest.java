package io.lvsd.sorryserver.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.sorryserver.http.RequestHead.Result;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestHeadTest {
    private final RequestHead head = new RequestHead();
    private byte[] bytes = {};

    private Result read(String text) {
        bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return head.read(bytes, 0, bytes.length, 0);
    }

    private void complete(String text) {
        assertEquals(Result.COMPLETE, read(text), text);
    }

    @Test
    void theFieldsThatHaveAnEffectAreFound() {
        String request = "HEAD /a%20b?c HTTP/1.1\r\nhOsT:  example.org:80 \r\nAccept: text/html\r\nRange: bytes=0-1\r\n"
                + "If-Range: \"x\"\r\nIf-None-Match: \"y\"\r\nUser-Agent: none\r\n\r\n";
        complete(request + "rest");
        assertEquals(request.length(), head.end());
        assertTrue(head.isHead() && head.isGetOrHead() && head.keepAlive() && !head.isHttp10());
        assertEquals("/a%20b?c", head.target.text(bytes));
        assertEquals("example.org:80", head.host.text(bytes));
        assertEquals("text/html", head.accept.text(bytes));
        assertEquals("bytes=0-1", head.range.text(bytes));
        assertEquals("\"x\"", head.ifRange.text(bytes));
        assertEquals("\"y\"", head.ifNoneMatch.text(bytes));
        assertFalse(head.chunked() || head.expects() || head.isGrpc() || head.offersHttp2());
        assertEquals(0, head.bodyLength());
    }

    @Test
    void nothingRemainsOfTheRequestBefore() {
        complete("HEAD / HTTP/1.0\r\nHost: a\r\nConnection: close\r\nContent-Length: 3\r\nExpect: 100-continue\r\n"
                + "Content-Type: application/grpc\r\nAccept: a\r\nRange: b\r\n\r\n");
        complete("GET / HTTP/1.1\r\nHost: b\r\n\r\n");
        assertTrue(head.keepAlive() && head.accept.isEmpty() && head.range.isEmpty());
        assertFalse(head.isHead() || head.isHttp10() || head.expects() || head.isGrpc());
        assertEquals(0, head.bodyLength());
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1, '', true",
        "HTTP/1.1, Connection: close, false",
        "HTTP/1.1, 'Connection: foo, CLOSE', false",
        "HTTP/1.1, Connection: keep-alive, true",
        "HTTP/1.0, '', false",
        "HTTP/1.0, Connection: Keep-Alive, true",
        "HTTP/1.0, Connection: close, false",
        "HTTP/1.7, '', true",
        "HTTP/2.0, '', false",
        "HTTP/0.9, '', false"
    })
    void theVersionAndTheFieldConnectionDecideAboutTheConnection(String version, String field, boolean keeps) {
        complete("GET / " + version + "\r\nHost: x\r\n" + field + (field.isEmpty() ? "" : "\r\n") + "\r\n");
        assertEquals(keeps, head.keepAlive());
    }

    @Test
    void lineFeedsAloneEndLines() {
        complete("GET / HTTP/1.1\nHost: x\n\n");
        assertEquals(24, head.end());
        complete("GET / HTTP/1.0\n\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "GET /\r\n\r\n",
                "GET  / HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET / HTTP/1.1 \r\nHost: x\r\n\r\n",
                "GET / HTTP/11\r\nHost: x\r\n\r\n",
                "GET / http/1.1\r\nHost: x\r\n\r\n",
                "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
                "G@T / HTTP/1.1\r\nHost: x\r\n\r\n",
                " GET / HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n",
                "GET / HTTP/1.0\r\nHost: x\r\nhost: y\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nNo colon\r\n\r\n",
                "GET / HTTP/1.1\r\nHost : x\r\n\r\n",
                "GET / HTTP/1.1\r\n: x\r\nHost: x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1,1\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
                "POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            })
    void whatIsNotARequestIsInvalid(String text) {
        assertEquals(Result.INVALID, read(text));
    }

    /** Each prefix is incomplete, whatever part of it was searched before. */
    @Test
    void aPrefixIsIncomplete() {
        byte[] request = "GET / HTTP/1.1\r\nHost: x\r\nX: y\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        for (int to = 0; to < request.length; to++) {
            assertEquals(Result.INCOMPLETE, head.read(request, 0, to, 0));
            assertEquals(Result.COMPLETE, head.read(request, 0, request.length, to));
            assertEquals(request.length, head.end());
        }
    }

    @Test
    void aHeadHasALimit() {
        String start = "GET / HTTP/1.1\r\nHost: x\r\nX: ";
        int free = RequestHead.MAX_LENGTH - start.length() - 4;
        complete(start + "y".repeat(free) + "\r\n\r\n");
        assertEquals(Result.INVALID, read(start + "y".repeat(free + 1) + "\r\n\r\n"));
        assertEquals(Result.INVALID, read(start + "y".repeat(RequestHead.MAX_LENGTH)));
    }

    @Test
    void anOfferOfHttp2NeedsSettingsAndNoBody() {
        String offer = "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n";
        complete(offer + "HTTP2-Settings: AAMAAABk\r\n\r\n");
        assertTrue(head.offersHttp2() && head.keepAlive());
        complete(offer + "\r\n");
        assertFalse(head.offersHttp2());
        complete(offer + "HTTP2-Settings: AAMAAABk\r\nContent-Length: 1\r\n\r\n");
        assertFalse(head.offersHttp2());
        complete("GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nHTTP2-Settings: AAMAAABk\r\n\r\n");
        assertFalse(head.offersHttp2());
    }
}
