package io.lvsd.conf.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.keyword.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every keyword of keepalived is known, in every block in which keepalived knows it. */
final class KeepalivedKeywordsTest {
    @ParameterizedTest
    @CsvSource({"2.2.7, 300", "2.4, 10"})
    void everyKeywordOfKeepalivedIsKnown(String version, int atLeast) throws IOException {
        List<String> unknown = new ArrayList<>();
        int count = 0;
        for (String line : lines("/keepalived/keywords-" + version + ".txt")) {
            String[] parts = line.split(": ", 2);
            Scope scope = scope(parts[0]);
            List<String> words = Arrays.asList(parts[1].split(" "));
            count += words.size();
            words.stream().filter(w -> Language.find(scope, w).isEmpty()).forEach(w -> unknown.add(scope + " " + w));
        }
        assertEquals(List.of(), unknown);
        assertTrue(count >= atLeast, "only " + count + " keywords were compared");
    }

    private static Scope scope(String name) {
        return Language.KEYWORDS.scopes().stream()
                .filter(s -> s.toString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> lines(String resource) throws IOException {
        try (InputStream in = Objects.requireNonNull(KeepalivedKeywordsTest.class.getResourceAsStream(resource))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(l -> !l.startsWith("#"))
                    .toList();
        }
    }
}
