package io.lvsd.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One format for all sources, and licences that fit. */
final class HouseRulesTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static List<Path> sources(String module, String part) throws IOException {
        Path directory = ROOT.resolve(module).resolve(part);
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(p -> p.toString().endsWith(".java")).sorted().toList();
        }
    }

    /** {@code mvn test -pl core -am -Dtest=HouseRulesTest -Dformat=write -Dsurefire.failIfNoSpecifiedTests=false} rewrites the files. */
    @Test
    void everySourceHasTheOneFormat() throws IOException, FormatterException {
        Formatter formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
                .style(JavaFormatterOptions.Style.PALANTIR)
                .build());
        List<String> wrong = new ArrayList<>();
        for (String module : List.of("ipvs", "conf", "sorry-server", "checkers", "snmp", "core", "lab")) {
            for (String part : List.of("src/main/java", "src/test/java")) {
                for (Path source : sources(module, part)) {
                    String text = Files.readString(source);
                    String formatted = formatter.formatSourceAndFixImports(text);
                    if (!formatted.equals(text)) {
                        wrong.add(ROOT.relativize(source).toString());
                        if ("write".equals(System.getProperty("format"))) {
                            Files.writeString(source, formatted);
                        }
                    }
                }
            }
        }
        assertEquals(List.of(), wrong, "not in the project's format");
    }

    /** The level of the configuration applies to loggers below io.lvsd; others only log warnings. */
    @Test
    void everyLoggerIsOneOfOurs() throws IOException {
        Pattern foreign = Pattern.compile("LoggerFactory\\.getLogger\\(\\s*\"(?!io\\.lvsd\\.)");
        List<Path> wrong = new ArrayList<>();
        for (String module : List.of("ipvs", "conf", "sorry-server", "checkers", "snmp", "core")) {
            for (Path source : sources(module, "src/main/java")) {
                if (foreign.matcher(Files.readString(source)).find()) {
                    wrong.add(ROOT.relativize(source));
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    /** Licences of what is shipped, by the artifact's file name up to its version. */
    private static final Map<String, String> LICENCES = Map.ofEntries(
            Map.entry("netty-", "Apache-2.0"),
            Map.entry("slf4j-", "MIT"),
            Map.entry("logback-", "EPL-2.0 OR LGPL-2.1-only"),
            Map.entry("snmp4j-", "Apache-2.0"),
            Map.entry("picocli-", "Apache-2.0"),
            Map.entry("jackson-core-", "Apache-2.0"),
            Map.entry("pcollections-", "MIT"),
            Map.entry("micrometer-", "Apache-2.0"),
            Map.entry("prometheus-metrics-", "Apache-2.0"),
            Map.entry("opentelemetry-proto-", "Apache-2.0"),
            Map.entry("protobuf-java-", "BSD-3-Clause"),
            Map.entry("HdrHistogram-", "CC0-1.0 OR BSD-2-Clause"),
            Map.entry("jspecify-", "Apache-2.0"),
            Map.entry("commons-net-", "Apache-2.0"),
            Map.entry("commons-io-", "Apache-2.0"),
            Map.entry("config-", "Apache-2.0"),
            Map.entry("jSerialComm-", "Apache-2.0 OR LGPL-3.0"));

    @Test
    void everyDependencyHasALicenceThatFits() throws IOException {
        Set<String> unknown = new TreeSet<>();
        for (String entry : System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                .split(":")) {
            Path jar = Path.of(entry);
            String name = String.valueOf(jar.getFileName());
            boolean shipped = name.endsWith(".jar") && isRuntime(name);
            if (shipped && LICENCES.keySet().stream().noneMatch(name::startsWith)) {
                unknown.add(name);
            }
            assertTrue(!name.startsWith("snmp4j-agentx"), "GPL: " + name);
            if (shipped) {
                try (JarFile file = new JarFile(entry)) {
                    assertTrue(file.size() > 0, name);
                }
            }
        }
        assertEquals(Set.of(), unknown, "add their licences");
    }

    /** What is on the class path of tests only. */
    private static boolean isRuntime(String name) {
        return Stream.of(
                        "lvsd-",
                        "junit-",
                        "opentest4j",
                        "apiguardian",
                        "palantir",
                        "archunit",
                        "guava",
                        "failureaccess",
                        "listenablefuture",
                        "functionaljava",
                        "jackson-databind",
                        "jackson-annotations",
                        "jackson-datatype",
                        "jackson-module",
                        "jackson-dataformat",
                        "byte-buddy",
                        "surefire",
                        "j2objc",
                        "error_prone",
                        "google-java",
                        "jsr305",
                        "checker-qual",
                        "snakeyaml",
                        "json-schema-validator",
                        "itu-",
                        "gradle",
                        "logger-usage")
                .noneMatch(name::startsWith);
    }
}
