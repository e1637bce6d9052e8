package io.lvsd.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.core.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * The configuration files of {@code src/test/corpus}, each validated by the packaged {@code keepalived -t} and by {@code lvsd
 * check}: both have the same exit status, or DEVIATIONS contains the reason. Needs root, for the scripts in some of them.
 */
final class CorpusIT {
    private static final Path CORPUS = Path.of("src/test/corpus").toAbsolutePath();
    private static final String CRASH = "CRASH";
    private static final int LEAST = 60;

    @TempDir
    private Path directory;

    /** What both make of a file, as text: an exit status, or {@link #CRASH}. */
    private record ExitStatuses(String keepalived, String lvsd) {}

    @BeforeAll
    static void keepalivedIsInstalled() throws Exception {
        PackagedKeepalived.require("CorpusIT");
    }

    static List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(CORPUS)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(n -> n.endsWith(".conf"))
                    .sorted()
                    .toList();
        }
    }

    private static Map<String, ExitStatuses> deviations() {
        Map<String, ExitStatuses> deviations = new TreeMap<>();
        try {
            for (String line : Files.readAllLines(CORPUS.resolve("DEVIATIONS"))) {
                if (!line.startsWith("#")) {
                    String[] words = line.split(" ", 4);
                    assertTrue(words.length == 4 && words[3].length() > 10, "a deviation needs a reason: " + line);
                    deviations.put(words[0], new ExitStatuses(words[1], words[2]));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return deviations;
    }

    @ParameterizedTest
    @MethodSource("files")
    void bothComeToTheSameVerdict(String name) throws Exception {
        Path file = CORPUS.resolve(name);
        String keepalived = keepalived(file);
        String lvsd = check(file);
        ExitStatuses expected = deviations().getOrDefault(name, new ExitStatuses(keepalived, keepalived));
        assertEquals(
                expected,
                new ExitStatuses(keepalived, lvsd),
                () -> "the exit statuses differ; lvsd reports:\n" + report(file));
    }

    @Test
    void theCorpusIsLargeSaysWhatItCoversAndHasNoStaleDeviation() throws IOException {
        List<String> files = files();
        assertTrue(files.size() >= LEAST, "only " + files.size() + " files");
        for (String name : files) {
            assertTrue(Files.readString(CORPUS.resolve(name)).matches("(?s)[#!] [^\\n]{5,}\\n.*"), name);
        }
        deviations().forEach((name, statuses) -> {
            assertTrue(files.contains(name), name);
            assertNotEquals(statuses.keepalived(), statuses.lvsd(), name);
        });
    }

    private String keepalived(Path file) throws IOException, InterruptedException {
        Path output = directory.resolve("keepalived.out");
        int status = PackagedKeepalived.check(file, output);
        return status >= 128 ? CRASH : String.valueOf(status);
    }

    private static String check(Path file) {
        return String.valueOf(run(file, new ByteArrayOutputStream()));
    }

    private static String report(Path file) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int status = run(file, out);
        return out.toString(StandardCharsets.UTF_8) + "exit status " + status;
    }

    private static int run(Path file, ByteArrayOutputStream out) {
        PrintStream before = System.out;
        try {
            System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
            return new CommandLine(new Main()).execute("check", "-f", file.toString());
        } finally {
            System.setOut(before);
        }
    }
}
