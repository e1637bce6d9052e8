package io.lvsd.checkers.protocol.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.checkers.probe.AgentReply;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.protocol.Exchange.Action;
import io.lvsd.conf.check.http.HttpVersion;
import io.lvsd.conf.check.http.JsonMatch;
import io.lvsd.conf.check.http.Regex;
import io.lvsd.conf.check.http.StatusRange;
import io.lvsd.conf.check.http.Url;
import io.lvsd.conf.check.http.WeightPart;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HttpExchangeTest {
    private static String evaluated(String answer, String digest, int chunk) {
        Url url = new Url(
                "/",
                "h",
                List.of(new StatusRange(200, 299), new StatusRange(304, 304)),
                Optional.of(digest).filter(d -> !d.isEmpty()));
        HttpExchange reader = new HttpExchange(url, HttpVersion.V1_0, 81);
        byte[] bytes = answer.replace("~", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        for (int at = 0; at < bytes.length; at += chunk) {
            Action action = reader.received(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + chunk)));
            if (!(action instanceof Action.Read)) {
                return text(action);
            }
        }
        return text(reader.closed());
    }

    private static String text(Action action) {
        ProbeResult outcome = switch (action) {
            case Action.Finish(var now, var _) -> now;
            case Action.EvaluateAsync(var evaluation) -> evaluation.get();
            case Action.Read(), Action.Send _ -> throw new AssertionError(action);
        };
        return outcome instanceof Failed(var _, var detail, var _, var _) ? detail : "passed";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP/1.0 200 OK~~body | '' | passed",
                "HTTP/1.1 299 ~~ | '' | passed",
                "HTTP/1.1 304 Not Modified~~ | '' | passed",
                "HTTP/1.1 300 Choices~~ | '' | expected 200-299 304, got 300",
                "HTTP/1.1 502 Bad~~ | '' | expected 200-299 304, got 502",
                "HTTP/1.1 200~~ | '' | invalid status line 'HTTP/1.1 200'",
                "nonsense~~ | '' | invalid status line 'nonsense'",
                "ICY 200 OK~~ | '' | passed",
                "http/1.1 200 ok~~ | '' | passed",
                "HTTP 200 OK~~ | '' | passed",
                "HTTP/1.1 200 \u0085~~ | '' | passed",
                "HTTP/1.1 999 Odd~~ | '' | expected 200-299 304, got 999",
                "HTTP/1.1 200 OK~Header: x~ | '' | connection closed within the header",
                "'' | '' | connection closed without a response",
                "HTTP/1.0 200 OK~~hello | 5d41402abc4b2a76b9719d911017c592 | passed",
                "HTTP/1.0 200 OK~content-length: 5~~hello and more | 5d41402abc4b2a76b9719d911017c592 | passed",
                "HTTP/1.0 200 OK~~content-length: 2~~ | 5d41402abc4b2a76b9719d911017c592 | expected digest"
                        + " 5d41402abc4b2a76b9719d911017c592, got digest 8e2e069e8edd32d7f586e535adfbb723"
            })
    void aResponseIsEvaluatedHoweverItArrives(String answer, String digest, String evaluation) {
        for (int chunk : new int[] {1, 3, 1_000}) {
            String result = evaluated(answer, digest, chunk);
            assertEquals(evaluation, result);
        }
    }

    @Test
    void aHeaderWithBareLineFeedsFailsWithThatReason() {
        String reason = "header lines end with LF: expected CR LF";
        assertEquals(reason, evaluated("HTTP/1.0 200 OK\nServer: x\n\nbody", "", 3));
        assertEquals(reason, evaluated("HTTP/1.0 200 OK\nServer: x\n\n" + "body\n".repeat(4_000), "", 500));
    }

    @Test
    void bodiesOfGzipMayHaveSeveralMembers() throws IOException {
        for (int piece : new int[] {1, 7, 10_000}) {
            ByteArrayOutputStream plain = new ByteArrayOutputStream();
            CompressedBody inflation = new CompressedBody(true, (bytes, from, length) -> {
                plain.write(bytes, from, length);
                return Optional.empty();
            });
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            for (String member : List.of("hello ", "world")) {
                try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
                    out.write(member.getBytes(StandardCharsets.US_ASCII));
                }
            }
            byte[] all = packed.toByteArray();
            for (int at = 0; at < all.length; at += piece) {
                assertEquals(Optional.empty(), inflation.feed(all, at, Math.min(piece, all.length - at)));
            }
            assertEquals("hello world", plain.toString(StandardCharsets.US_ASCII));
            assertTrue(inflation.isComplete());
            inflation.close();
        }
    }

    @Test
    void anEndlessHeaderCostsNoMoreThanItsLimit() {
        assertEquals(
                "header of more than 16384 bytes",
                evaluated("HTTP/1.0 200 OK\r\n" + "a: b\r\n".repeat(4_000), "", 500));
    }

    @Test
    void endlessInterimAnswersCostNoMoreThanThat() {
        assertEquals(
                "header of more than 16384 bytes",
                evaluated(
                        url("GET", false, 0, Optional.empty(), ""),
                        HttpVersion.V1_1,
                        bytes("HTTP/1.1 102 Processing~~".repeat(1_000))));
    }

    private static Url url(String method, boolean compressed, int redirects, Optional<Regex> regex, String json) {
        return new Url(
                "/x",
                "h:81",
                method,
                List.of("X-Check: lvsd", "user-agent: other"),
                method.equals("POST") ? Optional.of("ä=1") : Optional.empty(),
                compressed,
                redirects,
                List.of(new StatusRange(200, 299)),
                Optional.empty(),
                regex,
                json.isEmpty() ? List.of() : List.of(new JsonMatch(json.split("=")[0], json.split("=")[1])),
                Optional.of(new WeightPart.Header("X-Weight")));
    }

    private static String evaluated(Url url, HttpVersion version, byte[] answer) {
        HttpExchange reader = new HttpExchange(url, version, 81);
        for (int at = 0; at < answer.length; at += 5) {
            Action action = reader.received(Arrays.copyOfRange(answer, at, Math.min(answer.length, at + 5)));
            if (!(action instanceof Action.Read)) {
                return text(action);
            }
        }
        return text(reader.closed()) + reader.redirect().map(r -> " to " + r).orElse("");
    }

    private static byte[] bytes(String text) {
        return text.replace("~", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] compressed(String head, byte[] body, boolean gzip) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(bytes(head));
        try (OutputStream packed = gzip ? new GZIPOutputStream(out) : new DeflaterOutputStream(out)) {
            packed.write(body);
        }
        return out.toByteArray();
    }

    @Test
    void aRequestHasMethodHeadersAndBody() {
        assertEquals(
                "POST /x HTTP/1.1\r\nConnection: close\r\nHost: h:81\r\nAccept-Encoding: gzip, deflate\r\n"
                        + "Content-Length: 4\r\nX-Check: lvsd\r\nuser-agent: other\r\n\r\nä=1",
                new String(
                        new HttpExchange(url("POST", true, 0, Optional.empty(), ""), HttpVersion.V1_1, 81).opening(),
                        StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~4~fine~0~~ | passed",
                "HTTP/1.1 200 OK~transfer-encoding: gzip, CHUNKED~~2;x=y~fi~A~ne and wel~0~a: b~~ | passed",
                "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~4~fin | connection closed within the body",
                "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~four~fine~0~~ | invalid chunk size: expected hexadecimal"
                        + " digits",
                "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~2~fine~0~~ | chunk is longer than its size",
                "HTTP/1.1 200 OK~~fail | expected a body that matches ^fi.e, got fail",
                "HTTP/1.1 100 Continue~~HTTP/1.1 103 Early Hints~Link: x~~HTTP/1.1 200 OK~~fine | passed",
                "HTTP/1.1 101 Switching Protocols~~fine | expected 200-299, got 101"
            })
    void chunksAreTakenApartAndInterimAnswersPassedOver(String answer, String evaluation) {
        Regex regex = new Regex("^fi.e", List.of(), true, 0, 0);
        assertEquals(
                evaluation, evaluated(url("GET", false, 0, Optional.of(regex), ""), HttpVersion.V1_1, bytes(answer)));
    }

    @Test
    void compressedBodiesAreDecompressed() throws IOException {
        Url url = url("GET", true, 0, Optional.of(new Regex("^fine$", List.of(), true, 0, 0)), "");
        byte[] fine = bytes("fine");
        assertEquals(
                "passed",
                evaluated(url, HttpVersion.V1_0, compressed("HTTP/1.0 200 OK~Content-Encoding: gzip~~", fine, true)));
        assertEquals(
                "passed",
                evaluated(
                        url, HttpVersion.V1_0, compressed("HTTP/1.0 200 OK~Content-Encoding: deflate~~", fine, false)));
        byte[] whole = compressed("HTTP/1.0 200 OK~Content-Encoding: gzip~~", fine, true);
        assertEquals(
                "compressed body is cut off",
                evaluated(url, HttpVersion.V1_0, Arrays.copyOf(whole, whole.length - 10)));
        assertEquals(
                "compressed body: not in gzip format",
                evaluated(url, HttpVersion.V1_0, bytes("HTTP/1.0 200 OK~Content-Encoding: gzip~~not a gzip stream")));
        byte[] bomb = compressed("HTTP/1.0 200 OK~Content-Encoding: gzip~~", new byte[40_000_000], true);
        assertEquals("compressed body grows by more than a factor of 250", evaluated(url, HttpVersion.V1_0, bomb));
    }

    @Test
    void aBodyWithoutEndIsAFailure() {
        HttpExchange reader = new HttpExchange(url("GET", false, 0, Optional.empty(), ""), HttpVersion.V1_0, 81);
        Action action = reader.received(bytes("HTTP/1.0 200 OK~~"));
        byte[] piece = new byte[64 * 1024];
        int pieces = 0;
        while (action instanceof Action.Read && pieces < 1_000) {
            action = reader.received(piece);
            pieces++;
        }
        assertEquals("body of more than 16 MiB", text(action));
        assertEquals(257, pieces);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "302 | /y?z#a | passed to /y?z",
                "301 | http://h:81/y | passed to /y",
                "307 | http://h/y | passed to /y",
                "308 | http://h:81 | passed to /",
                "302 | http://elsewhere/y | expected 200-299, got 302",
                "302 | http://h:82/y | expected 200-299, got 302",
                "302 | https:// | expected 200-299, got 302",
                "404 | /y | expected 200-299, got 404"
            })
    void redirectsAreFollowedToTheSameServerOnly(String status, String location, String evaluation) {
        byte[] answer = bytes("HTTP/1.0 " + status + " See~Location: " + location + "~~");
        assertEquals(evaluation, evaluated(url("GET", false, 1, Optional.empty(), ""), HttpVersion.V1_0, answer));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "db.0.state=ok | {'db':[{'state':'ok'}]} | passed",
                "db.0.state=ok | {'db':[{'state':'bad'}]} | expected JSON field db.0.state = ok, got bad",
                "up=true | {'up':true} | passed",
                "a.b=1 | {'a':{'c':{'b':2}},'b':1} | expected JSON field a.b = 1, got no such field",
                "a=1 | {'a':1 | passed",
                "a=1 | no JSON | expected JSON field a = 1, got no such field"
            })
    void fieldsOfJsonMustBeAsWanted(String wanted, String body, String evaluation) {
        byte[] answer = bytes("HTTP/1.0 200 OK~~" + body.replace('\'', '"'));
        assertEquals(evaluation, evaluated(url("GET", false, 0, Optional.empty(), wanted), HttpVersion.V1_0, answer));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "all is well | 0 | 0 | true | passed",
                "is | 5 | 0 | true | expected a body that matches is, got all is well",
                "is | 4 | 0 | true | passed",
                "well | 0 | 7 | true | expected a body that matches well, got all is well",
                "well | 0 | 8 | true | passed",
                "well | 0 | 0 | false | expected a body that does not match well, got all is well",
                "bad | 0 | 0 | false | passed",
                "^HTTP | 0 | 0 | true | expected a body that matches ^HTTP, got all is well",
                "(a?.*)*$b | 0 | 0 | true | expected a body that matches (a?.*)*$b, got all is well",
                "x | 99 | 0 | true | expected a body that matches x, got all is well"
            })
    void expressionsSeeTheBodyAlone(String expression, int min, int max, boolean wanted, String evaluation) {
        Regex regex = new Regex(expression, List.of(), wanted, min, max);
        byte[] answer = bytes("HTTP/1.0 200 OK~X: y~~all is well");
        assertEquals(evaluation, evaluated(url("GET", false, 0, Optional.of(regex), ""), HttpVersion.V1_0, answer));
    }

    @Test
    void anExpressionThatNeedsTooManyStepsFails() {
        Regex regex = new Regex("(.*a){30}[bc]", List.of(), true, 0, 0);
        byte[] answer = bytes("HTTP/1.0 200 OK~~" + "a".repeat(5_000));
        assertEquals(
                "expression needs too many steps for this body",
                evaluated(url("GET", false, 0, Optional.of(regex), ""), HttpVersion.V1_0, answer));
    }

    @Test
    void aHeaderMaySayTheWeight() {
        HttpExchange reader = new HttpExchange(url("GET", false, 0, Optional.empty(), ""), HttpVersion.V1_0, 81);
        Action _ = reader.received(bytes("HTTP/1.0 200 OK~x-weight: 40% up~~"));
        assertEquals(
                new Action.Finish(new ProbeResult.Passed(AgentReply.parse("40% up")), new byte[0]).result(),
                reader.closed() instanceof Action.Finish(var outcome, var _) ? outcome : null);
    }
}
