package io.lvsd.lab.guest;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import io.lvsd.conf.model.LogConfig;
import io.lvsd.conf.value.LogFacility;
import io.lvsd.conf.value.LogFormat;
import io.lvsd.conf.value.LogLevel;
import io.lvsd.conf.value.LogTarget;
import io.lvsd.core.log.LogSetup;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.Filter;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs the tests of this package in the guest, three classes in parallel, then those with the tag "alone" in sequence, and writes
 * a line for each to /out/results. Reads system properties from /out/lab.properties.
 */
public final class GuestMain {
    private static final Path RESULTS = Path.of("/out/results");
    private static final Path PROPERTIES = Path.of("/out/lab.properties");
    private static final int CONSOLE_LINES = 60;
    private static final int CONSOLE_COLUMNS = 300;

    private GuestMain() {}

    public static void main(String[] classes) throws IOException {
        LogSetup.install();
        LogSetup.apply(new LogConfig(LogFormat.TEXT, LogTarget.STDERR, LogLevel.WARN, LogFacility.DAEMON), false);
        readProperties();
        Files.writeString(RESULTS, "");
        List<? extends DiscoverySelector> selectors = classes.length == 0
                ? List.of(selectPackage("io.lvsd.lab.guest"))
                : Arrays.stream(classes)
                        .map(c -> selectClass("io.lvsd.lab.guest." + c))
                        .toList();
        // QEMU's emulation now and then crashes or hangs a JVM that is in order (SIGSEGV at the first instruction of a
        // compiled method). A test that fails is therefore run once more, alone; what fails twice has failed.
        Writer first = new Writer(true);
        run(selectors, 3, first, TagFilter.excludeTags("alone"));
        run(selectors, 1, first, TagFilter.includeTags("alone"));
        if (!first.failed.isEmpty()) {
            System.out.println("*** once more, alone: " + first.failed.values());
            run(
                    first.failed.keySet().stream()
                            .map(DiscoverySelectors::selectUniqueId)
                            .toList(),
                    1,
                    new Writer(false),
                    TagFilter.includeTags("any()|none()"));
        }
        append("END");
        System.exit(0);
    }

    private static void readProperties() throws IOException {
        Properties properties = new Properties();
        if (Files.exists(PROPERTIES)) {
            try (Reader in = Files.newBufferedReader(PROPERTIES)) {
                properties.load(in);
            }
        }
        properties.stringPropertyNames().forEach(name -> System.setProperty(name, properties.getProperty(name)));
    }

    private static void run(
            List<? extends DiscoverySelector> selectors, int parallelism, Writer writer, Filter<?> which) {
        var request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectors)
                .filters(which)
                .filters(filters())
                .configurationParameters(Map.of(
                        "junit.jupiter.execution.parallel.enabled", "true",
                        "junit.jupiter.execution.parallel.mode.default", "same_thread",
                        "junit.jupiter.execution.parallel.mode.classes.default", "concurrent",
                        "junit.jupiter.execution.parallel.config.strategy", "fixed",
                        "junit.jupiter.execution.parallel.config.fixed.parallelism", "" + parallelism))
                .build();
        LauncherFactory.create().execute(request, writer);
    }

    /** Excludes long tests unless all are to run. */
    private static Filter<?>[] filters() {
        return Boolean.getBoolean("lvsd.lab.full") ? new Filter<?>[0] : new Filter<?>[] {TagFilter.excludeTags("long")};
    }

    private static synchronized void append(String line) {
        try {
            Files.writeString(RESULTS, line + "\n", StandardCharsets.UTF_8, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static final class Writer implements TestExecutionListener {
        private final Map<String, Instant> started = new ConcurrentHashMap<>();
        private final Map<String, String> failed = new ConcurrentHashMap<>();
        private final boolean anotherChance;

        Writer(boolean anotherChance) {
            this.anotherChance = anotherChance;
        }

        @Override
        public void executionStarted(TestIdentifier test) {
            started.put(test.getUniqueId(), Instant.now());
        }

        @Override
        public void executionSkipped(TestIdentifier test, String reason) {
            append("SKIP\t" + name(test) + "\t" + reason);
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            boolean passed = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
            if (test.isTest() || !passed) {
                StringWriter text = new StringWriter();
                result.getThrowable().ifPresent(t -> t.printStackTrace(new PrintWriter(text, true)));
                if (!passed && anotherChance) {
                    append("AGAIN\t" + name(test) + "\t" + flat(text));
                    failed.put(test.getUniqueId(), name(test));
                } else {
                    append((passed ? "PASS" : "FAIL") + "\t" + name(test) + "\t" + flat(text));
                }
                Duration took =
                        Duration.between(started.getOrDefault(test.getUniqueId(), Instant.now()), Instant.now());
                System.out.println((passed ? "ok   " : "FAIL ") + name(test) + " " + took.toSeconds() + " s");
                if (!passed) {
                    // The console is slow; the results have all of it.
                    System.out.println(text.toString()
                            .lines()
                            .limit(CONSOLE_LINES)
                            .map(Writer::cut)
                            .collect(Collectors.joining("\n")));
                }
            }
        }

        private static String flat(StringWriter text) {
            return text.toString().replace("\n", "\\n").replace("\t", " ");
        }

        private static String cut(String line) {
            return line.substring(0, Math.min(line.length(), CONSOLE_COLUMNS));
        }

        private static String name(TestIdentifier test) {
            String id = test.getUniqueId();
            int from = id.indexOf("[class:");
            String type = from < 0
                    ? ""
                    : id.substring(from + 7, id.indexOf(']', from)).replaceAll(".*\\.", "");
            return type + "."
                    + test.getDisplayName()
                            .replaceAll("\\(\\)$", "")
                            .replace('\t', ' ')
                            .replace('\n', ' ');
        }
    }
}
