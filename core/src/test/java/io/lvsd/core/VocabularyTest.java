package io.lvsd.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What users read uses the field's words: string literals of the product (messages, help, log events, JSON keys), KEYWORDS.md,
 * README, the manual, the changelog and the examples. For each rejected word the table names the one to use.
 */
final class VocabularyTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** A rejected word as a regular expression, and what to write instead. */
    private static final Map<String, String> REJECTED = new TreeMap<>(Map.ofEntries(
            Map.entry("questions?", "check"),
            Map.entry("asks?|asked|asking", "request, probe, query"),
            Map.entry("tells?|told|telling", "report, notify"),
            Map.entry("says?|said|saying", "report, state, set"),
            Map.entry("looks?|looked|looking", "probe, read, refresh"),
            Map.entry("judg(?:es?|ed|ing|e?ments?)", "evaluate, validate"),
            Map.entry("verdicts?", "result, state"),
            Map.entry("borne|bears?", "tolerated"),
            Map.entry("wish(?:es|ed)?", "agent reply"),
            Map.entry("mends?|mended", "fix"),
            Map.entry("rehears(?:e|es|ed|als?)", "dry run"),
            Map.entry("silence", "unanswered traffic, timeout"),
            Map.entry("who|whom|whoever", "a sentence with an explicit subject"),
            Map.entry("somebody|nobody|anybody|everybody|someone|anyone", "the program, client or operator by name"),
            Map.entry("what holds|what it holds|as it was", "effective, unchanged"),
            Map.entry("stands? (?:here|in|there|before|behind|for)", "is in, is used instead of"),
            Map.entry("stands? twice", "duplicate"),
            Map.entry("lets? go|letting go", "release"),
            Map.entry("(?:not )?acted on|acts? on", "supported, ignored"),
            Map.entry("earlier life|this life|a life", "run"),
            Map.entry("(?<!there )(?:is|are) no (?:[a-z]+)", "invalid x: expected y"),
            Map.entry("no end within", "timeout after"),
            Map.entry("remembers?|remembered", "stored, persisted"),
            Map.entry("will be remembered", "is persisted"),
            Map.entry("goes? round", "loops"),
            Map.entry("is meant|are meant", "state what is expected"),
            Map.entry("so many", "a number"),
            Map.entry("twin|kin|sort of", "plain words"),
            Map.entry("behind it", "after it")));

    private static final Pattern WORDS = Pattern.compile(
            "(?<![\\w$-])(?:" + String.join("|", REJECTED.keySet()) + ")(?![\\w-])", Pattern.CASE_INSENSITIVE);
    /** A comment, a text block, a string or a character of Java; comments begin in code only. */
    private static final Pattern TOKEN = Pattern.compile(
            "//[^\\n]*|/\\*.*?\\*/|\"\"\"(.*?)\"\"\"|\"((?:\\\\.|[^\"\\\\\\n])*)\"" + "|'(?:\\\\.|[^'\\\\\\n])+'",
            Pattern.DOTALL);
    /** Names of keywords and of the field that contain a rejected word. */
    private static final Pattern ALLOWED = Pattern.compile("trust_verdicts|(?:is|are) no longer|user nobody");

    @Test
    void stringsOfTheProductUseTheFieldsWords() throws IOException {
        List<String> found = new ArrayList<>();
        for (String module : List.of("ipvs", "conf", "sorry-server", "checkers", "snmp", "core")) {
            for (Path file : files(ROOT.resolve(module).resolve("src/main/java"), ".java")) {
                String source = Files.readString(file);
                TOKEN.matcher(source)
                        .results()
                        .filter(VocabularyTest::isString)
                        .forEach(m -> find(file, line(source, m.start()), m.group(), found));
            }
        }
        assertEquals("", String.join("\n", found));
    }

    private static boolean isString(MatchResult token) {
        return token.group(1) != null || token.group(2) != null;
    }

    @Test
    void documentsUseTheFieldsWords() throws IOException {
        List<Path> documents = new ArrayList<>(files(ROOT.resolve("docs"), ".md"));
        documents.addAll(files(ROOT.resolve("examples"), ".conf"));
        for (String name : List.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "conf/KEYWORDS.md", "lvsd")) {
            documents.add(ROOT.resolve(name));
        }
        List<String> found = new ArrayList<>();
        for (Path file : documents) {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                find(file, i + 1, lines.get(i), found);
            }
        }
        assertFalse(documents.isEmpty());
        assertEquals("", String.join("\n", found));
    }

    private static List<Path> files(Path directory, String suffix) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(p -> p.toString().endsWith(suffix)).sorted().toList();
        }
    }

    private static int line(String text, int position) {
        return (int) text.substring(0, position).lines().count() + 1;
    }

    private static void find(Path file, int line, String text, List<String> found) {
        WORDS.matcher(ALLOWED.matcher(text).replaceAll("")).results().forEach(m -> {
            String instead = REJECTED.entrySet().stream()
                    .filter(e -> Pattern.compile(e.getKey(), Pattern.CASE_INSENSITIVE)
                            .matcher(m.group())
                            .matches())
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse("");
            found.add(ROOT.relativize(file) + ":" + line + ": '" + m.group() + "', write: " + instead + ": "
                    + text.strip());
        });
    }

    /** The search itself: it must find what it is for, and nothing else. */
    @ParameterizedTest
    @CsvSource({
        "the server says that it is down, 1",
        "'x' is no port, 1",
        "Nobody asks, 2",
        "trust_verdicts 30, 0",
        "the file is no longer there, 0",
        "a task that is basked in, 0",
        "duplicate 'x'; this value is used, 0"
    })
    void theSearchFindsWords(String text, int count) {
        List<String> found = new ArrayList<>();
        find(ROOT.resolve("README.md"), 1, text, found);
        assertEquals(count, found.size(), found::toString);
    }
}
