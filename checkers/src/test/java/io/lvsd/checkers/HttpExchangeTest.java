package io.lvsd.checkers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.checkers.Exchange.Move;
import io.lvsd.checkers.ProbeOutcome.Failed;
import io.lvsd.conf.keyword.Types.StatusRange;
import io.lvsd.conf.model.Question.HttpVersion;
import io.lvsd.conf.model.Question.Url;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HttpExchangeTest {
    private static String judge(String answer, String digest, int chunk) {
        Url url = new Url(
                "/",
                "h",
                List.of(new StatusRange(200, 299), new StatusRange(304, 304)),
                Optional.of(digest).filter(d -> !d.isEmpty()));
        HttpExchange reader = new HttpExchange(url, HttpVersion.V1_0);
        byte[] bytes = answer.replace("~", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        for (int at = 0; at < bytes.length; at += chunk) {
            Move move = reader.received(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + chunk)));
            if (!(move instanceof Move.Wait)) {
                return text(move);
            }
        }
        return text(reader.closed());
    }

    private static String text(Move move) {
        ProbeOutcome outcome = switch (move) {
            case Move.End(var now, var _) -> now;
            case Move.Later(var judgement) -> judgement.get();
            case Move.Wait(), Move.Send _ -> throw new AssertionError(move);
        };
        return outcome instanceof Failed(var _, var detail) ? detail : "passed";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP/1.0 200 OK~~body | '' | passed",
                "HTTP/1.1 299 ~~ | '' | passed",
                "HTTP/1.1 304 Not Modified~~ | '' | passed",
                "HTTP/1.1 300 Choices~~ | '' | status 300",
                "HTTP/1.1 502 Bad~~ | '' | status 502",
                "HTTP/1.1 200~~ | '' | no status in the first line",
                "nonsense~~ | '' | no status in the first line",
                "HTTP/1.1 200 OK~Header: x~ | '' | closed within the header",
                "'' | '' | closed without an answer",
                "HTTP/1.0 200 OK~~hello | 5d41402abc4b2a76b9719d911017c592 | passed",
                "HTTP/1.0 200 OK~content-length: 5~~hello and more | 5d41402abc4b2a76b9719d911017c592 | passed",
                "HTTP/1.0 200 OK~~content-length: 2~~ | 5d41402abc4b2a76b9719d911017c592 | digest"
                        + " 8ac9a1d7c0f0b4b4c5d5c1b8f9a0ce4f"
            })
    void anAnswerIsJudgedHoweverItArrives(String answer, String digest, String verdict) {
        for (int chunk : new int[] {1, 3, 1_000}) {
            String judged = judge(answer, digest, chunk);
            assertTrue(verdict.startsWith("digest") ? judged.startsWith("digest") : judged.equals(verdict), judged);
        }
    }

    @Test
    void anEndlessHeaderCostsNoMoreThanItsLimit() {
        assertEquals(
                "no end of the header within 16384 bytes",
                judge("HTTP/1.0 200 OK\r\n" + "a: b\r\n".repeat(4_000), "", 500));
    }
}
