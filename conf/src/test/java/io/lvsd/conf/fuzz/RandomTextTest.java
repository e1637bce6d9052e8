package io.lvsd.conf.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Texts that nobody would write: whatever is loaded, problems are reported and nothing else comes out. */
final class RandomTextTest {
    private static final int TEXTS = Integer.getInteger("texts", 1_000);
    private static final List<String> WORDS = List.of(
            "~SEQ(A, 1, 3) ",
            "~LST({A,B},{1,2}) ",
            "${A}",
            "$A",
            "$A=",
            "\\\n",
            "@x ",
            "@^x ",
            "include ",
            "{",
            "}",
            "\"",
            "#",
            "!",
            "\\#",
            "virtual_server ",
            "real_server ",
            "0.0.0.0",
            "fwmark 1",
            "group g",
            "\u00e9",
            "\0",
            "\r\n",
            "99999999999999999999",
            "-1",
            "10s",
            "${_RANDOM 1 2}",
            "${_ENV X}",
            "lvsd {",
            "~SEQ(",
            "~LST(",
            "::1",
            "/33");

    private final long seed = Long.getLong("seed", 20_261_123L);

    /** The texts that a coverage-guided fuzzer has found to matter, the first byte naming the syntax. */
    private static List<byte[]> corpus() throws IOException {
        List<byte[]> corpus = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("src/test/corpus"))) {
            for (Path file : files.sorted().toList()) {
                corpus.add(Files.readAllBytes(file));
            }
        }
        return corpus;
    }

    private static byte[] mutate(byte[] text, Random random) {
        byte[] result = text;
        for (int times = 1 + random.nextInt(12); times > 0; times--) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            int at = random.nextInt(result.length + 1);
            int length = random.nextInt(Math.min(40, result.length - at + 1));
            out.write(result, 0, at);
            switch (random.nextInt(5)) {
                case 0 -> out.write(result, at + length, result.length - at - length);
                case 1 -> {
                    out.write(result, at, length);
                    out.write(result, at, result.length - at);
                }
                case 2 -> {
                    byte[] noise = new byte[length];
                    random.nextBytes(noise);
                    out.writeBytes(noise);
                    out.write(result, at + length, result.length - at - length);
                }
                default -> {
                    out.writeBytes(WORDS.get(random.nextInt(WORDS.size())).getBytes(StandardCharsets.UTF_8));
                    out.write(result, at, result.length - at);
                }
            }
            result = out.toByteArray();
        }
        return result;
    }

    @Test
    void whatTheFuzzerFoundStillHolds() throws IOException {
        List<byte[]> corpus = corpus();
        assertTrue(corpus.size() > 100, "corpus: " + corpus.size());
        for (byte[] text : corpus) {
            run(text, "src/test/corpus");
        }
    }

    @Test
    void whateverIsLoadedOnlyProblemsComeOut() throws IOException {
        List<byte[]> corpus = corpus();
        for (int i = 0; i < TEXTS; i++) {
            Random random = new Random(seed + i);
            run(mutate(corpus.get(random.nextInt(corpus.size())), random), "-Dseed=" + (seed + i) + " -Dtexts=1");
        }
    }

    private static void run(byte[] text, String context) {
        try {
            ConfigFuzzer.fuzzerTestOneInput(text);
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError(context + "\n" + new String(text, StandardCharsets.ISO_8859_1), e);
        }
    }
}
