package io.lvsd.conf.fuzz;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.ConfigLoader.Loaded;
import io.lvsd.conf.ConfigLoader.Tree;
import io.lvsd.conf.WithoutOrigins;
import io.lvsd.conf.convert.Converter;
import io.lvsd.conf.convert.Converter.Converted;
import io.lvsd.conf.convert.EffectiveConfig;
import io.lvsd.conf.convert.Ldirectord;
import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.conf.source.Problems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What holds for every text: problems are reported and nothing else comes out, within a second; and what was understood can
 * be written, in either syntax, and means the same when it is read again. A coverage-guided fuzzer calls
 * {@link #fuzzerTestOneInput}: {@code lab/bin/fuzz}.
 */
public final class ConfigFuzzer {
    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final Path DIRECTORY = directory();

    private ConfigFuzzer() {}

    private static Path directory() {
        try {
            Path directory = Files.createTempDirectory("lvsd-fuzz-");
            directory.toFile().deleteOnExit();
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first byte says how the rest is read: {@code h} as HOCON, {@code l} as ldirectord's, else as keepalived's. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] text = Arrays.copyOfRange(input, 1, input.length);
        switch (input[0]) {
            case 'h' -> load(text, ConfigFormat.HOCON);
            case 'l' -> ldirectord(new String(text, StandardCharsets.ISO_8859_1));
            default -> load(text, ConfigFormat.KEEPALIVED);
        }
    }

    /** Loads, twice if it was slow: a first call may be slow by itself, while classes are loaded. */
    private static Loaded timed(ConfigLoader.Source source) {
        for (int last = 1; ; last--) {
            long start = System.nanoTime();
            Loaded loaded = source.load();
            Duration taken = Duration.ofNanos(System.nanoTime() - start);
            if (taken.compareTo(LIMIT) <= 0 || !Boolean.getBoolean("fuzz.timed")) {
                return loaded;
            }
            require(last > 0, "took " + taken);
        }
    }

    private static void load(byte[] text, ConfigFormat format) {
        ConfigLoader.Source source = source("fuzz.conf", text, format);
        Loaded loaded = timed(source);
        require(loaded.loadable() || loaded.hasErrors(), "refused without an error");
        loaded.problems().forEach(p -> require(!p.render().isEmpty(), "a problem without words"));
        Tree tree = source.parse(new Problems());
        for (ConfigFormat other : ConfigFormat.values()) {
            Converted converted = Converter.convert(tree, other);
            Converted effective = EffectiveConfig.withSecrets(loaded.config(), other);
            if (loaded.loadable() && effective.lost().isEmpty()) {
                same(loaded, effective.text(), other);
            }
            boolean whole =
                    loaded.loadable() && !loaded.hasErrors() && converted.lost().isEmpty();
            if (whole && !new String(text, StandardCharsets.ISO_8859_1).contains("_RANDOM")) {
                same(loaded, converted.text(), other);
            }
        }
    }

    /** What was written is loadable and means the same. */
    private static void same(Loaded loaded, String written, ConfigFormat format) {
        Loaded again = source("again.conf", written.getBytes(StandardCharsets.UTF_8), format)
                .load();
        List<String> errors = again.problems().stream()
                .filter(ConfigProblem::isError)
                .map(ConfigProblem::render)
                .toList();
        if (loaded.hasErrors() && !again.loadable()) {
            return; // HOCON bears no error, and one of those that were there is one of what was written
        }
        require(loaded.hasErrors() || errors.isEmpty(), "what was written has errors: " + errors + "\n" + written);
        String before = WithoutOrigins.of(
                List.of(loaded.config().lvsd(), loaded.config().virtualServers()));
        String after =
                WithoutOrigins.of(List.of(again.config().lvsd(), again.config().virtualServers()));
        require(
                before.equals(after),
                "what was written means something else:\n" + before + "\n" + after + "\n" + written);
    }

    private static void ldirectord(String text) {
        Problems problems = new Problems();
        Tree tree = Ldirectord.read("fuzz.cf", text, problems);
        for (ConfigFormat format : ConfigFormat.values()) {
            String written = Converter.convert(tree, format).text();
            source("again.conf", written.getBytes(StandardCharsets.UTF_8), format)
                    .load();
        }
    }

    private static ConfigLoader.Source source(String name, byte[] text, ConfigFormat format) {
        try {
            Path file = Files.write(DIRECTORY.resolve(name), text);
            file.toFile().deleteOnExit();
            return new ConfigLoader.Source(file, "x", Optional.of(format));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }
}
