package io.lvsd.sorryserver.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.sorryserver.page.SorryPage.Conditions;
import io.lvsd.sorryserver.setup.PageSetup;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SorryPageTest {
    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
    private static final byte[] DATE = "Sat, 28 Nov 2026 12:00:00 GMT".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path root;

    private static PageSetup setup(Optional<Path> root, String title, String message, Optional<Instant> until) {
        return new PageSetup(root, 503, "Closed", 30, title, message, until);
    }

    private static String http1(Answer answer, Ending ending) {
        ByteBuf out = Unpooled.buffer();
        answer.writeHead(out, ending, DATE);
        answer.writeBody(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String body(Answer answer) {
        return answer.body().toString(StandardCharsets.UTF_8);
    }

    @Test
    void theHeadSaysWhatIsConfigured() throws IOException {
        SorryPage page = SorryPage.of(setup(Optional.empty(), "", "", Optional.empty()), NOON);
        String html = http1(page.answer(Format.HTML), Ending.CLOSED);
        assertEquals(
                "HTTP/1.1 503 Closed\r\nDate: Sat, 28 Nov 2026 12:00:00 GMT\r\n"
                        + "Content-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n"
                        + "X-Content-Type-Options: nosniff\r\nContent-Security-Policy: frame-ancestors 'none'\r\n"
                        + "Retry-After: 30\r\nContent-Length: "
                        + page.answer(Format.HTML).bodyLength() + "\r\nConnection: close\r\n",
                html.substring(0, html.indexOf("\r\n\r\n") + 2));
        assertFalse(http1(page.answer(Format.HTML), Ending.OPEN).contains("Connection"));
        assertTrue(http1(page.answer(Format.HTML), Ending.OPEN_10).contains("\r\nConnection: keep-alive\r\n"));
        assertEquals("503", page.answer(Format.HTML).headers().status().toString());
        assertEquals("30", page.answer(Format.HTML).headers().get("retry-after").toString());
    }

    @Test
    void textOfTheOperatorIsEscaped() throws IOException {
        SorryPage page =
                SorryPage.of(setup(Optional.empty(), "A & <b>\"Co\"", "Line 1\nLine \\ 'two'", Optional.empty()), NOON);
        String html = body(page.answer(Format.HTML));
        assertTrue(html.contains("<title>A &amp; &lt;b&gt;&quot;Co&quot;</title>"), html);
        assertTrue(html.contains("Line 1\nLine \\ &#39;two&#39;"), html);
        assertEquals(
                "{\"status\":503,\"title\":\"A & <b>\\\"Co\\\"\",\"message\":\"Line 1\\u000aLine \\\\ 'two'\","
                        + "\"retry_after\":30}\n",
                body(page.answer(Format.JSON)));
    }

    @Test
    void untilTheEndTheRemainingTimeIsSent() throws IOException {
        Instant end = NOON.plusSeconds(90);
        SorryPage page = SorryPage.of(setup(Optional.empty(), "", "", Optional.of(end)), NOON);
        assertEquals("90", page.answer(Format.HTML).headers().get("retry-after").toString());
        assertTrue(body(page.answer(Format.HTML)).contains("<time datetime=\"2026-11-28T12:01:30Z\">"));
        assertTrue(body(page.answer(Format.JSON)).contains("\"retry_after\":90,\"until\":\"2026-11-28T12:01:30Z\""));
        assertTrue(body(page.answer(Format.TEXT)).contains("Expected to return: "));
        SorryPage later = page.at(NOON.plusMillis(60_001));
        assertEquals(
                "30", later.answer(Format.HTML).headers().get("retry-after").toString());
        assertSame(later, later.at(NOON.plusMillis(60_900)));
        SorryPage after = later.at(end);
        assertEquals(
                "30", after.answer(Format.HTML).headers().get("retry-after").toString());
        assertFalse(body(after.answer(Format.HTML)).contains("<time"));
    }

    @Test
    void aGrpcRequestGetsUnavailable() throws IOException {
        Answer answer = SorryPage.of(PageSetup.DEFAULT, NOON).grpcAnswer();
        assertEquals("200", answer.headers().status().toString());
        assertEquals("14", answer.headers().get("grpc-status").toString());
        assertEquals("application/grpc", answer.headers().get("content-type").toString());
        assertEquals(0, answer.bodyLength());
    }

    // ---- files

    private SorryPage page() throws IOException {
        Files.writeString(root.resolve("404.html"), "own page");
        Files.writeString(root.resolve("index.html"), "index");
        Files.createDirectories(root.resolve("css"));
        Files.writeString(root.resolve("css/a.css"), "0123456789");
        return SorryPage.of(setup(Optional.of(root), "", "", Optional.empty()), NOON);
    }

    private static Answer asset(SorryPage page, String ifNoneMatch, String range, String ifRange) {
        return page.asset("/css/a.css", new Conditions(ifNoneMatch, range, ifRange))
                .orElseThrow();
    }

    @Test
    void assetsAreServedAndPagesAreNot() throws IOException {
        SorryPage page = page();
        assertEquals("own page", body(page.answer(Format.HTML)));
        Answer css = page.asset("/css/a.css", Conditions.NONE).orElseThrow();
        assertEquals(200, css.status());
        assertEquals(
                "text/css; charset=utf-8", css.headers().get("content-type").toString());
        assertEquals("no-cache", css.headers().get("cache-control").toString());
        assertTrue(css.headers().get("etag").toString().matches("\"[0-9a-f]{32}\""));
        assertEquals("0123456789", body(css));
        for (String path :
                new String[] {"/", "/404.html", "/index.html", "/css", "/css/", "css/a.css", "//css/a.css"}) {
            assertTrue(page.asset(path, Conditions.NONE).isEmpty(), path);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-3|206|0123|bytes 0-3/10",
                "bytes=3-|206|3456789|bytes 3-9/10",
                "bytes=-4|206|6789|bytes 6-9/10",
                "bytes=-40|206|0123456789|bytes 0-9/10",
                "bytes=8-100|206|89|bytes 8-9/10",
                "BYTES=9-9|206|9|bytes 9-9/10",
                "bytes=10-|416|''|bytes */10",
                "bytes=-0|416|''|bytes */10",
                "bytes=5-4|200|0123456789|",
                "bytes=0-1,3-4|200|0123456789|",
                "bytes=-|200|0123456789|",
                "lines=0-1|200|0123456789|",
                "bytes=0-9999999999999999999999|200|0123456789|"
            })
    void rangesOfAssets(String range, int status, String body, String contentRange) throws IOException {
        Answer answer = asset(page(), "", range, "");
        assertEquals(status, answer.status());
        assertEquals(body, body(answer));
        CharSequence sent = answer.headers().get("content-range");
        assertEquals(contentRange, sent == null ? null : sent.toString());
    }

    @Test
    void validatorsOfAssets() throws IOException {
        SorryPage page = page();
        String etag = asset(page, "", "", "").headers().get("etag").toString();
        for (String match : new String[] {etag, "W/" + etag, "*", "\"x\", " + etag}) {
            Answer unchanged = asset(page, match, "bytes=0-1", "");
            assertEquals(304, unchanged.status(), match);
            assertFalse(http1(unchanged, Ending.OPEN).contains("Content-Length"));
        }
        assertEquals(200, asset(page, "\"x\"", "", "").status());
        assertEquals(206, asset(page, "", "bytes=0-1", etag).status());
        assertEquals(200, asset(page, "", "bytes=0-1", "\"x\"").status());
    }

    @Test
    void changedFilesAreReadAgain() throws IOException {
        SorryPage page = page();
        assertSame(page, page.at(NOON));
        Files.writeString(root.resolve("404.html"), "another page");
        Files.delete(root.resolve("css/a.css"));
        SorryPage changed = page.at(NOON);
        assertNotSame(page, changed);
        assertEquals("another page", body(changed.answer(Format.HTML)));
        assertTrue(changed.asset("/css/a.css", Conditions.NONE).isEmpty());
    }
}
