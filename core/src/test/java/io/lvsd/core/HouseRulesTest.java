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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What keeps the house in order: one format, the directions between modules, and licences. */
final class HouseRulesTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    /** Package prefixes of ours that the sources of a module may import, besides its own. */
    private static final Map<String, Set<String>> DIRECTIONS = Map.of(
            "ipvs", Set.of(),
            "conf", Set.of(),
            "sorry-server", Set.of(),
            "checkers", Set.of("io.lvsd.conf", "io.lvsd.ipvs.ffm"),
            "snmp", Set.of("io.lvsd.ipvs", "io.lvsd.conf"),
            "core", Set.of("io.lvsd.ipvs", "io.lvsd.conf", "io.lvsd.sorryserver", "io.lvsd.checkers", "io.lvsd.snmp"));

    private static List<Path> sources(String module, String part) throws IOException {
        Path directory = ROOT.resolve(module).resolve(part);
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(p -> p.toString().endsWith(".java")).sorted().toList();
        }
    }

    @Test
    void modulesImportOnlyInTheirDirections() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (var module : DIRECTIONS.entrySet()) {
            String own = "io.lvsd." + module.getKey().replace("-", "");
            for (Path source : sources(module.getKey(), "src/main/java")) {
                Files.readString(source)
                        .lines()
                        .filter(l -> l.matches("import (static )?io\\.lvsd\\..*"))
                        .map(l -> l.replaceAll("import (static )?|;", ""))
                        .filter(i -> !i.startsWith(own + ".")
                                && module.getValue().stream().noneMatch(a -> i.startsWith(a + ".")))
                        .forEach(i -> wrong.add(ROOT.relativize(source) + " imports " + i));
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void theEngineAndThePlansArePure() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (String part : List.of("engine", "plan", "model")) {
            for (Path source : sources("core", "src/main/java/io/lvsd/core/" + part)) {
                Files.readString(source)
                        .lines()
                        .filter(l -> l.matches(".*(System\\.(nanoTime|currentTimeMillis)|Instant\\.now|new"
                                + " Random|java\\.io\\.|java\\.nio\\.file|Thread\\b|LoggerFactory).*"))
                        .forEach(l -> wrong.add(ROOT.relativize(source) + ": " + l.strip()));
            }
        }
        assertEquals(List.of(), wrong);
    }

    /** {@code mvn test -pl core -am -Dtest=HouseRulesTest -Dformat=write -Dsurefire.failIfNoSpecifiedTests=false} mends it. */
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

    /** Licences of what is shipped, by the artifact's file name up to its version. */
    private static final Map<String, String> LICENCES = Map.ofEntries(
            Map.entry("netty-", "Apache-2.0"),
            Map.entry("slf4j-", "MIT"),
            Map.entry("snmp4j-", "Apache-2.0"),
            Map.entry("picocli-", "Apache-2.0"),
            Map.entry("jackson-core-", "Apache-2.0"),
            Map.entry("pcollections-", "MIT"),
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
        assertEquals(Set.of(), unknown, "say under which licence these are");
    }

    /** What is on the class path of tests only. */
    private static boolean isRuntime(String name) {
        return Stream.of(
                        "lvsd-",
                        "junit-",
                        "opentest4j",
                        "apiguardian",
                        "palantir",
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
                        "gradle",
                        "logger-usage")
                .noneMatch(name::startsWith);
    }
}
