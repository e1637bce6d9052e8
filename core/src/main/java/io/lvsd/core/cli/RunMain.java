package io.lvsd.core.cli;

import io.lvsd.checkers.tls.TlsAlgorithms;
import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.source.ConfigPaths;
import io.lvsd.conf.value.Driver;
import io.lvsd.core.log.LogSetup;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A main class for the usual form of {@code lvsd run}, which starts sooner. {@link Main} handles everything else. */
public final class RunMain {
    private static final Set<String> VALUES = Set.of("-f", "-i", "--driver", "--run-dir", "--state-dir");
    private static final Set<String> FLAGS = Set.of("--strict", "--force");

    private RunMain() {}

    /** See {@link Main#main}. */
    public static void main(String[] arguments) {
        Optional<DaemonStart> start = parse(List.of(arguments));
        if (start.isEmpty()) {
            Main.main(arguments);
            return;
        }
        HeapExhaustion.handle();
        LogSetup.install();
        TlsAlgorithms.prepare();
        System.exit(run(start.get()));
    }

    private static int run(DaemonStart start) {
        try {
            return start.run();
        } catch (Exception e) {
            return Failure.report(e, new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        }
    }

    /** The options; empty if {@link Main} must parse them. */
    static Optional<DaemonStart> parse(List<String> arguments) {
        Map<String, String> values = new HashMap<>();
        Set<String> flags = new HashSet<>();
        Deque<String> words = new ArrayDeque<>(arguments);
        if (!"run".equals(words.poll())) {
            return Optional.empty();
        }
        while (!words.isEmpty()) {
            String word = words.remove();
            String value = VALUES.contains(word) ? words.poll() : null;
            boolean valid = value != null && isPlain(value)
                    ? values.put(word, value) == null
                    : FLAGS.contains(word) && flags.add(word);
            if (!valid) {
                return Optional.empty();
            }
        }
        try {
            return Optional.of(start(values, flags));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** Whether the full parser would read a word as it stands. */
    private static boolean isPlain(String word) {
        return !word.isEmpty() && "-@\"'".indexOf(word.charAt(0)) < 0 && !word.equals("/dev/stdin");
    }

    /** @throws IllegalArgumentException if a value is invalid */
    private static DaemonStart start(Map<String, String> values, Set<String> flags) throws InvalidPathException {
        Path file = Optional.ofNullable(values.get("-f")).map(Path::of).orElse(ConfigPaths.DEFAULT_FILE);
        String configId = Optional.ofNullable(values.get("-i")).orElseGet(ConfigLoader::nodeName);
        return new DaemonStart(
                new ConfigLoader.Source(file, configId, Optional.empty()),
                Optional.ofNullable(values.get("--driver")).map(d -> Driver.valueOf(d.toUpperCase(Locale.ROOT))),
                false,
                flags.contains("--strict"),
                flags.contains("--force"),
                Optional.ofNullable(values.get("--run-dir")).map(Path::of),
                Optional.ofNullable(values.get("--state-dir")).map(Path::of));
    }
}
