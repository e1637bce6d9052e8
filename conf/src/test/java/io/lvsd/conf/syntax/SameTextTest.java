package io.lvsd.conf.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.syntax.TextFiles.Content;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A file that changed little is decoded as any other one. */
final class SameTextTest {
    private static final int RUNS = 3_000;
    private static final List<String> PARTS =
            List.of("\n", "\r", "\r\n", "a", "weight 5", "\ufeff", "\u00e9", "\u0080", "\u20ac", "\ufffd", "\0");

    private static FileBytes bytes(String text) {
        return FileBytes.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String lines(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append("  real_server 10.0.0.").append(i).append(" 80 {\n    weight 1\n  }\n");
        }
        return text.toString();
    }

    @Test
    void anEditedTextIsThatOfTheDecoderOrNone() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        int found = 0;
        for (int run = 0; run < RUNS; run++) {
            StringBuilder text = new StringBuilder(lines(random.nextInt(60)));
            if (random.nextInt(4) == 0) {
                text.insert(random.nextInt(text.length() + 1), PARTS.get(random.nextInt(PARTS.size())));
            }
            Content former = TextFiles.content(bytes(text.toString()));
            for (int edit = random.nextInt(3); edit >= 0; edit--) {
                int at = random.nextInt(text.length() + 1);
                int end = Math.min(text.length(), at + random.nextInt(3) * random.nextInt(20));
                text.replace(at, end, random.nextInt(4) == 0 ? "" : PARTS.get(random.nextInt(PARTS.size())));
            }
            FileBytes now = bytes(text.toString());
            assertTrue(!SameText.is(now, former) || TextFiles.content(now).equals(former), "-Dseed=" + seed);
            Optional<Content> same = SameText.of(now, former);
            if (same.isPresent()) {
                found++;
                assertEquals(TextFiles.content(now), same.get(), "-Dseed=" + seed + ", run " + run);
                assertEquals(TextFiles.content(now).equals(former), same.get().isSame(former), "-Dseed=" + seed);
            }
        }
        assertTrue(found > RUNS / 10, "-Dseed=" + seed);
    }

    @Test
    void aFewLinesMayDiffer() {
        Content former = TextFiles.content(bytes(lines(200)));
        String longer = lines(200).replace("10.0.0.77 80 {\n    weight 1", "10.0.0.77 80 {\n    weight 10");
        assertEquals(longer, SameText.of(bytes(longer), former).orElseThrow().text());
        assertEquals(
                lines(199), SameText.of(bytes(lines(199)), former).orElseThrow().text());
    }

    @Test
    void aLargeTextIsComparedToItsLastByte() {
        String text = lines(5_000);
        Content former = TextFiles.content(bytes(text));
        assertTrue(SameText.is(bytes(text), former));
        for (int at : new int[] {0, (16 << 10) - 1, 16 << 10, text.length() - 1}) {
            assertFalse(SameText.is(bytes(text.substring(0, at) + "x" + text.substring(at + 1)), former), "at " + at);
        }
        assertFalse(SameText.is(bytes(text + "x"), former));
        assertFalse(SameText.is(bytes(text.substring(1)), former));
    }

    @Test
    void aCarriageReturnBeforeALineFeedIsRemoved() {
        Content former = TextFiles.content(bytes("a\rb\n" + lines(200)));
        FileBytes now = bytes("a\r\nb\n" + lines(200));
        assertEquals("a\nb\n" + lines(200), TextFiles.content(now).text());
        assertTrue(SameText.of(now, former).isEmpty());
    }

    @Test
    void aTextWithOtherCharactersIsDecoded() {
        Content former = TextFiles.content(bytes("\u00e9\n" + lines(200)));
        assertTrue(SameText.of(bytes("\u00e9\n" + lines(200)), former).isEmpty());
        FileBytes latin = FileBytes.of(("\u00e9\n" + lines(200)).getBytes(StandardCharsets.ISO_8859_1));
        Content bytewise = TextFiles.content(latin);
        assertFalse(bytewise.utf8());
        assertTrue(SameText.of(latin, bytewise).isEmpty());
    }
}
