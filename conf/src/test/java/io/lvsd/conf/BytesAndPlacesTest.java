package io.lvsd.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.conf.source.Problems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same configuration in other bytes, or under another locale, means the same, or is one clear error. */
final class BytesAndPlacesTest {
    private static final String TEXT = """
        virtual_server 192.0.2.10 80 {
          delay_loop 6
          lvs_sched wlc
          lvs_method NAT
          protocol TCP
          virtualhost MAIL.EXAMPLE.INFO
          real_server 10.0.0.11 8080 {
            weight 2
            HTTP_GET {
              url {
                path /i
                digest 0123456789abcdef0123456789abcdef
              }
            }
          }
        }
        """;

    @TempDir
    private Path directory;

    private ConfigLoader.Loaded load(byte[] bytes) throws IOException {
        Path file = directory.resolve("test.conf");
        Files.write(file, bytes);
        return ConfigLoader.load(file);
    }

    private ConfigLoader.Loaded load(String text) throws IOException {
        return load(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The configuration without its places. */
    private static String meaning(DaemonConfig config) {
        return config.toString().replaceAll("origin=[^,\\]]*:\\d+:\\d+", "");
    }

    private void assertMeansTheSame(String text) throws IOException {
        ConfigLoader.Loaded other = load(text);
        assertEquals(List.of(), other.problems());
        assertEquals(meaning(load(TEXT).config()), meaning(other.config()));
    }

    @Test
    void endsOfLinesAndAByteOrderMarkMeanNothing() throws IOException {
        assertMeansTheSame(TEXT.replace("\n", "\r\n"));
        assertMeansTheSame("\ufeff" + TEXT);
        assertMeansTheSame(TEXT.replace("  ", "\t"));
        assertMeansTheSame(TEXT.replace("\n", " \t\n\n"));
        assertMeansTheSame(TEXT.strip());
    }

    @Test
    void aTurkishLocaleChangesNothing() throws IOException {
        Locale before = Locale.getDefault();
        String expected = meaning(load(TEXT).config());
        try {
            Locale.setDefault(Locale.of("tr", "TR"));
            assertEquals(expected, meaning(load(TEXT).config()));
            List<ConfigProblem> problems =
                    load(TEXT.replace("protocol", "PROTOCOLI")).problems();
            assertTrue(problems.stream().anyMatch(p -> p.headline().contains("error: unknown keyword 'PROTOCOLI'")));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void bytesThatAreNoTextAreKeptAndSaid() throws IOException {
        byte[] bytes = TEXT.replace("/i", "/x").getBytes(StandardCharsets.UTF_8);
        bytes[TEXT.indexOf("path /") + 6] = (byte) 0xff;
        ConfigLoader.Loaded loaded = load(bytes);
        assertEquals(1, loaded.problems().size());
        assertTrue(loaded.problems().getFirst().text().contains("not valid UTF-8"));
        assertTrue(loaded.config().toString().contains("/\u00ff"));
    }

    @Test
    void aLineOfAHundredThousandCharactersIsOneErrorAndTheRestIsRead() throws IOException {
        ConfigLoader.Loaded loaded =
                load(TEXT.replace("  delay_loop 6\n", "  delay_loop 6\n  quorum " + "1".repeat(100_000) + "\n"));
        assertEquals(1, loaded.problems().size());
        assertEquals(3, loaded.problems().getFirst().origin().line());
        assertEquals(1, loaded.config().virtualServers().size());
    }

    @Test
    void aLargeFileIsNotRefusedForTheNumberOfItsWarnings() throws IOException {
        StringBuilder servers = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            // Two identical checks are a warning.
            servers.append(String.format(
                    Locale.ROOT,
                    "  real_server 10.1.%d.%d 80 {\n    TCP_CHECK {\n    }\n    TCP_CHECK {\n    }\n  }\n",
                    i / 250,
                    i % 250 + 1));
        }
        ConfigLoader.Loaded loaded = load(TEXT.replace("  real_server", servers + "  real_server"));
        assertTrue(loaded.loadable());
        assertEquals(20_000, loaded.problems().size());
        assertEquals(
                20_001,
                loaded.config().virtualServers().getFirst().realServers().size());
    }

    @Test
    void aLineThatStandsForManyTellsSomeOfTheirProblems() throws IOException {
        ConfigLoader.Loaded loaded = load(TEXT + "~SEQ(I, 60000) no_such_$I\n~SEQ(I, 60000) weight\n");
        assertEquals(Problems.MAX_OF_A_LINE + 2, loaded.problems().size());
        assertTrue(loaded.loadable());
    }

    @Test
    void aSeedMakesRandomNumbersTheSame() throws IOException {
        String text = "global_defs {\n  random_seed 7\n}\n" + TEXT.replace("weight 2", "weight ${_RANDOM 1 30000}");
        assertEquals(meaning(load(text).config()), meaning(load(text).config()));
    }

    @Test
    void aZeroByteIsOneErrorAndTheRestIsRead() throws IOException {
        ConfigLoader.Loaded loaded = load(TEXT.replace("weight 2", "weight 2\0"));
        assertEquals(1, loaded.problems().size());
        assertEquals(8, loaded.problems().getFirst().origin().line());
        assertEquals(
                1,
                loaded.config()
                        .virtualServers()
                        .getFirst()
                        .realServers()
                        .getFirst()
                        .weight());
    }
}
