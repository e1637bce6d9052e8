package io.lvsd.snmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tools of net-snmp load both MIB files without the modules of the IETF, and without a warning. */
final class MibFilesTest {
    private static final Path MIBS = Path.of("src/main/mibs").toAbsolutePath();
    private static final int DEADLINE_SECONDS = 60;
    /** A definition begins in the first column and ends with its parent and number. */
    private static final Pattern DEFINITION = Pattern.compile("(?ms)^([a-z]\\w*) +[A-Z].*?::= \\{ (\\w+) (\\d+) }");

    private static final Map<String, String> ROOTS = Map.of(
            "enterprises",
            ".1.3.6.1.4.1",
            "iso",
            ".1",
            "project",
            ".1.3.6.1.4.1.9586.100",
            "opencon",
            ".1.3.6.1.4.1.8225");

    @TempDir
    private Path directory;

    private record Output(String out, String err) {}

    @BeforeAll
    static void requireTools() throws IOException, InterruptedException {
        boolean installed = new ProcessBuilder("sh", "-c", "command -v snmptranslate")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
        if (!installed) {
            String text = "the test of the MIB files needs snmptranslate: apt-get install snmp";
            assertNotEquals("required", System.getProperty("lab"), text);
            System.err.println("WARNING: SKIPPED: " + text);
            Assumptions.abort(text);
        }
    }

    private Output translate(String path, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("snmptranslate", "-M", path));
        Files.createDirectories(directory.resolve("cert_indexes")); // created with a message otherwise
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile());
        builder.environment().put("SNMPCONFPATH", directory.toString());
        builder.environment().put("SNMP_PERSISTENT_DIR", directory.toString());
        Process process = builder.start();
        assertTrue(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS), "timeout");
        return new Output(
                Files.readString(directory.resolve("out"), StandardCharsets.UTF_8),
                Files.readString(directory.resolve("err"), StandardCharsets.UTF_8));
    }

    /** Path in the order of the packages: a directory has precedence over those before it. */
    private static String path() {
        return MIBS.resolve("base") + ":" + MIBS;
    }

    /** OIDs by name, as the text of the file defines them. */
    private static Map<String, String> definitions(String module) throws IOException {
        Map<String, String> oids = new TreeMap<>(ROOTS);
        List<MatchResult> open = new ArrayList<>(DEFINITION
                .matcher(Files.readString(MIBS.resolve(module)).replaceAll("(?m)--.*$", ""))
                .results()
                .toList());
        assertTrue(open.size() > 10, module);
        while (open.removeIf(m -> add(oids, m))) {
            // a parent may be defined after its children
        }
        assertEquals(List.of(), open.stream().map(m -> m.group(1)).toList());
        ROOTS.keySet().forEach(oids::remove);
        return oids;
    }

    private static boolean add(Map<String, String> oids, MatchResult definition) {
        String parent = oids.get(definition.group(2));
        if (parent == null) {
            return false;
        }
        oids.put(definition.group(1), parent + "." + definition.group(3));
        return true;
    }

    @ParameterizedTest
    @CsvSource({"LVS-MIB, 48", "KEEPALIVED-MIB, 196"})
    void everyObjectIsTranslatedWithoutAWarning(String module, int objects) throws Exception {
        Map<String, String> oids = definitions(module);
        assertEquals(objects, oids.size());
        List<String> arguments = new ArrayList<>(List.of("-m", "LVS-MIB:KEEPALIVED-MIB", "-On"));
        oids.keySet().forEach(name -> arguments.add(module + "::" + name));
        Output output = translate(path(), arguments);
        assertEquals("", output.err());
        assertEquals(
                List.copyOf(oids.values()),
                output.out().lines().filter(line -> !line.isEmpty()).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"LVS-MIB", "KEEPALIVED-MIB", "LVS-MIB:KEEPALIVED-MIB", "ALL"})
    void eachSelectionOfModulesIsLoadedWithoutAWarning(String modules) throws Exception {
        Output output = translate(path(), List.of("-m", modules, "-On", ".1.3"));
        assertEquals("", output.err());
    }

    @Test
    void tablesHaveAllColumns() throws Exception {
        Map<String, Integer> columns = new TreeMap<>();
        for (String module : List.of("LVS-MIB", "KEEPALIVED-MIB")) {
            Map<String, String> oids = definitions(module);
            oids.forEach((name, oid) -> {
                if (name.endsWith("Entry")) {
                    long count = oids.values().stream()
                            .filter(other -> other.startsWith(oid + "."))
                            .count();
                    columns.put(name, (int) count);
                }
            });
        }
        assertEquals(
                Map.of(
                        "lvsServiceEntry", 19,
                        "lvsRealEntry", 16,
                        "virtualServerGroupEntry", 2,
                        "virtualServerGroupMemberEntry", 8,
                        "virtualServerEntry", 78,
                        "realServerEntry", 63),
                columns);
    }

    @ParameterizedTest
    @CsvSource({
        "LVS-MIB::lvsTcpTimeOut.0, .1.3.6.1.4.1.8225.4711.4.0",
        "LVS-MIB::lvsServiceStatsInBytes.3, .1.3.6.1.4.1.8225.4711.17.1.13.3",
        "LVS-MIB::lvsRealRateOutBPS.3.4, .1.3.6.1.4.1.8225.4711.18.1.16.3.4",
        "KEEPALIVED-MIB::version.0, .1.3.6.1.4.1.9586.100.5.1.1.0",
        "KEEPALIVED-MIB::routerId.0, .1.3.6.1.4.1.9586.100.5.1.2.0",
        "KEEPALIVED-MIB::virtualServerGroupMemberPort.1.2, .1.3.6.1.4.1.9586.100.5.3.2.1.8.1.2",
        "KEEPALIVED-MIB::virtualServerQuorumStatus.1, .1.3.6.1.4.1.9586.100.5.3.3.1.23.1",
        "KEEPALIVED-MIB::virtualServerRateInBPSLow.1, .1.3.6.1.4.1.9586.100.5.3.3.1.47.1",
        "KEEPALIVED-MIB::virtualServerRateOutBPS64.1, .1.3.6.1.4.1.9586.100.5.3.3.1.78.1",
        "KEEPALIVED-MIB::realServerStatus.1.2, .1.3.6.1.4.1.9586.100.5.3.4.1.6.1.2",
        "KEEPALIVED-MIB::realServerNotRunCheckers.1.2, .1.3.6.1.4.1.9586.100.5.3.4.1.63.1.2",
        "KEEPALIVED-MIB::realServerStateChange, .1.3.6.1.4.1.9586.100.5.3.5.0.1",
        "KEEPALIVED-MIB::virtualServerQuorumStateChange, .1.3.6.1.4.1.9586.100.5.3.5.0.2",
        "KEEPALIVED-MIB::lvsSyncDaemonMcastGroupAddrValue.0, .1.3.6.1.4.1.9586.100.5.3.6.9.0",
        "KEEPALIVED-MIB::lvsTimeoutUdp.0, .1.3.6.1.4.1.9586.100.5.3.7.3.0"
    })
    void oidsAreThoseOfExistingTools(String name, String oid) throws Exception {
        Output output = translate(path(), List.of("-m", "LVS-MIB:KEEPALIVED-MIB", "-On", name));
        assertEquals(new Output(oid + "\n", ""), output);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "LVS-MIB::lvsUdpTimeOut | TEXTUAL CONVENTION TimeInterval",
                "LVS-MIB::lvsServicePort | SYNTAX\tINTEGER {fwmark(-1)}",
                "LVS-MIB::lvsServiceStatsInBytes | SYNTAX\tCounter64",
                "KEEPALIVED-MIB::realServerWeight | SYNTAX\tInteger32",
                "KEEPALIVED-MIB::realServerWeight | MAX-ACCESS\tread-write",
                "KEEPALIVED-MIB::realServerStatsConns | SYNTAX\tGauge32",
                "KEEPALIVED-MIB::virtualServerQuorumStatus | SYNTAX\tINTEGER {met(1), notMet(2), shutdown(3)}"
            })
    void syntaxesAreThoseOfExistingTools(String name, String syntax) throws Exception {
        Output output = translate(path(), List.of("-m", "LVS-MIB:KEEPALIVED-MIB", "-Td", name));
        assertEquals("", output.err());
        assertTrue(output.out().contains(syntax), output.out());
    }
}
