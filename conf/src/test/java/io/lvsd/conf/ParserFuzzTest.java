package io.lvsd.conf;

import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.junit.jupiter.api.io.TempDir;

/** Texts that nobody would write: whatever is loaded, problems are reported and nothing else comes out. */
final class ParserFuzzTest {
    private static final int TEXTS = Integer.getInteger("texts", 2_000);
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

    @TempDir
    private Path directory;

    private final long seed = Long.getLong("seed", System.nanoTime());

    private static List<byte[]> corpus() throws IOException {
        List<byte[]> corpus = new ArrayList<>();
        try (Stream<Path> examples = Files.walk(Path.of("..", "examples"))) {
            for (Path file : examples.filter(Files::isRegularFile).toList()) {
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
    void whateverIsLoadedOnlyProblemsComeOut() throws IOException {
        List<byte[]> corpus = corpus();
        Path file = directory.resolve("fuzz.conf");
        for (int i = 0; i < TEXTS; i++) {
            Random random = new Random(seed + i);
            Files.write(file, mutate(corpus.get(random.nextInt(corpus.size())), random));
            try {
                ConfigLoader.Loaded loaded = ConfigLoader.load(file, "x");
                assertTrue(loaded.loadable() || loaded.hasErrors());
                loaded.problems().forEach(p -> assertFalse(p.render().isEmpty()));
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError(
                        "-Dseed=" + (seed + i) + " -Dtexts=1\n" + Files.readString(file, StandardCharsets.ISO_8859_1),
                        e);
            }
        }
    }
}
