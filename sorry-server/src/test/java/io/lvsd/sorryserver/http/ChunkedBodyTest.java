package io.lvsd.sorryserver.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChunkedBodyTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0\r\n\r\n",
                "3\r\nabc\r\n0\r\n\r\n",
                "00A;name=\"v\"\r\n0123456789\r\n0\r\n\r\n",
                "3\nabc\n0\n\n",
                "1\r\n\n\r\n1\r\n0\r\n000\r\nTrailer: x\r\nOther: y\r\n\r\n"
            })
    void theEndIsFoundHoweverTheBodyIsDivided(String body) {
        byte[] bytes = (body + "GET").getBytes(StandardCharsets.US_ASCII);
        for (int cut = 0; cut <= body.length(); cut++) {
            ChunkedBody chunks = new ChunkedBody();
            int at = chunks.skip(bytes, 0, cut);
            assertEquals(cut, at);
            assertEquals(cut == body.length(), chunks.isComplete(), body + " divided at " + cut);
            at = chunks.skip(bytes, at, bytes.length);
            assertTrue(chunks.isComplete() && !chunks.isInvalid());
            assertEquals(body.length(), at);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\r\n",
                "\r\n",
                "-1\r\n",
                "3\r\nabcd\r\n",
                "fffffffffffffffff\r\n",
                "1 \r\nab",
                ";a\r\n",
                "1x\r\n"
            })
    void anInvalidBodyIsNoticed(String body) {
        ChunkedBody chunks = new ChunkedBody();
        byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
        chunks.skip(bytes, 0, bytes.length);
        assertTrue(chunks.isInvalid() && !chunks.isComplete());
    }

    @Test
    void extensionsAndTrailersHaveALimit() {
        for (String start : new String[] {"1;", "0\r\n"}) {
            ChunkedBody chunks = new ChunkedBody();
            byte[] bytes = (start + "x".repeat(20_000)).getBytes(StandardCharsets.US_ASCII);
            int at = chunks.skip(bytes, 0, bytes.length);
            assertTrue(chunks.isInvalid() && at < bytes.length);
            assertFalse(chunks.isComplete());
        }
    }
}
