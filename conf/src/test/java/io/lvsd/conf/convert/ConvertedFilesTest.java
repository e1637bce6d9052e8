package io.lvsd.conf.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.ConfigLoader.Tree;
import io.lvsd.conf.convert.Converter.Converted;
import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.conf.source.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A converted file has no error that the conversion did not report, and means the same if nothing was reported. */
final class ConvertedFilesTest {
    private static final int MUTATIONS = 15;
    private static final List<String> EXTREMES =
            List.of("0", "-1", "65536", "4294967296", "1.5", "x", "", "10.0.0.1", "fd00::1");

    @TempDir
    private Path directory;

    static List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String place : List.of(
                "../lab/src/test/corpus", "../lab/src/test/mutated", "../lab/src/test/differential", "../examples")) {
            try (Stream<Path> found = Files.walk(Path.of(place))) {
                found.filter(f -> f.toString().endsWith(".conf")).sorted().forEach(files::add);
            }
        }
        return files;
    }

    private static List<ConfigProblem> errors(List<ConfigProblem> problems) {
        return problems.stream().filter(ConfigProblem::isError).toList();
    }

    private static String meaning(ConfigLoader.Source source) {
        return EffectiveConfig.withSecrets(source.load().config(), ConfigFormat.KEEPALIVED)
                .text();
    }

    private void convert(Path file, String what) throws IOException {
        Problems problems = new Problems();
        Tree tree = new ConfigLoader.Source(file, "here", Optional.empty()).parse(problems);
        if (problems.isFatal() || tree.statements().isEmpty()) {
            return;
        }
        for (ConfigFormat format : ConfigFormat.values()) {
            Converted converted = Converter.convert(tree, format);
            Path result = Files.writeString(directory.resolve("result.conf"), converted.text());
            List<ConfigProblem> wrong = errors(new ConfigLoader.Source(result, "here", Optional.of(format))
                    .load()
                    .problems());
            // A HOCON file with an error means nothing.
            if (converted.lost().isEmpty()
                    && new ConfigLoader.Source(file, "here", Optional.empty())
                            .load()
                            .loadable()) {
                assertEquals(
                        meaning(new ConfigLoader.Source(file, "here", Optional.empty())),
                        meaning(new ConfigLoader.Source(result, "here", Optional.of(format))),
                        () -> what + " as " + format + " means something else:\n" + converted.text());
            }
            List<String> announced =
                    converted.lost().stream().map(ConfigProblem::text).toList();
            for (ConfigProblem error : wrong) {
                assertTrue(
                        announced.stream().anyMatch(a -> a.contains(error.text())),
                        () -> what + " as " + format + ": " + error.headline() + "\n" + converted.text() + "\n"
                                + announced);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void eachFileAndChangedOnes(Path file) throws IOException {
        convert(file, file.toString());
        long seed = Long.getLong("seed", System.nanoTime());
        List<String> lines = Files.readAllLines(file, java.nio.charset.StandardCharsets.ISO_8859_1);
        for (int i = 0; i < MUTATIONS && lines.size() > 1; i++) {
            List<String> changed = changed(lines, new Random(seed + i));
            Path other = Files.write(
                    directory.resolve("changed.conf"), changed, java.nio.charset.StandardCharsets.ISO_8859_1);
            convert(other, file + " -Dseed=" + (seed + i));
        }
    }

    private static List<String> changed(List<String> lines, Random random) {
        List<String> changed = new ArrayList<>(lines);
        int at = random.nextInt(lines.size());
        switch (random.nextInt(3)) {
            case 0 -> changed.remove(at);
            case 1 -> changed.add(at, lines.get(random.nextInt(lines.size())));
            default ->
                changed.set(at, lines.get(at).replaceFirst("\\S+\\s*$", EXTREMES.get(random.nextInt(EXTREMES.size()))));
        }
        return changed;
    }

    @Test
    void aDeprecatedKeywordThatStillHasAnEffectRemains() throws IOException {
        Path file = Files.writeString(directory.resolve("k.conf"), """
            virtual_server 192.0.2.1 80 {
             lvs_sched rr
             lvs_method NAT
             protocol TCP
             real_server 10.0.0.1 80 {
              HTTP_GET {
               nb_get_retry 7
               url {
                path /
               }
              }
             }
            }
            """);
        Tree tree = ConfigLoader.Source.of(file).parse(new Problems());
        Converted converted = Converter.convert(tree, ConfigFormat.KEEPALIVED);
        assertTrue(converted.text().contains("nb_get_retry 7"), converted::text);
        assertEquals(1, converted.lost().size());
        assertTrue(
                converted.lost().getFirst().text().matches("error in line \\d+ of the result: .*"),
                converted.lost()::toString);
    }

    @Test
    void aSecretIsNotShown() throws IOException {
        Path file = Files.writeString(directory.resolve("k.conf"), """
            virtual_server 192.0.2.1 80 {
             lvs_sched rr
             lvs_method NAT
             protocol TCP
             real_server 10.0.0.1 80 {
              SSL_GET {
               tls_password "the secret"
               tls_key /no/such/key
               url {
                path /
               }
              }
             }
            }
            """);
        Converted converted = Converter.convert(ConfigLoader.Source.of(file).parse(new Problems()), ConfigFormat.HOCON);
        assertEquals(
                List.of(),
                converted.lost().stream()
                        .map(ConfigProblem::render)
                        .filter(t -> t.contains("the secret"))
                        .toList());
        assertTrue(!converted.lost().isEmpty(), "the key without its certificate is an error");
    }

    @Test
    void aSuspensionOfAFirewallMarkIsLeftOut() throws IOException {
        Path file = Files.writeString(directory.resolve("k.conf"), """
            virtual_server_group G {
             fwmark 1
            }
            virtual_server group G {
             lvs_sched rr
             lvs_method NAT
             ha_suspend
             real_server 10.0.0.1 80 {
             }
            }
            """);
        for (ConfigFormat format : ConfigFormat.values()) {
            Converted converted = Converter.convert(ConfigLoader.Source.of(file).parse(new Problems()), format);
            assertEquals(1, converted.lost().size(), converted.lost()::toString);
            assertTrue(
                    converted
                            .lost()
                            .getFirst()
                            .text()
                            .matches("'ha_suspend' of 'virtual_server group G' is omitted: .*"),
                    converted.lost()::toString);
            Path result = Files.writeString(directory.resolve("r.conf"), converted.text());
            ConfigLoader.Loaded loaded = new ConfigLoader.Source(result, "here", Optional.of(format)).load();
            assertEquals(List.of(), errors(loaded.problems()));
            assertEquals(1, loaded.config().virtualServers().size());
        }
    }
}
