package io.lvsd.core.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The files for monitoring systems that use SNMP are well-formed, and contain objects of the MIB files only. */
final class SnmpExamplesTest {
    private static final Path EXAMPLES = Path.of("../examples/monitoring");
    private static final Path MIBS = Path.of("../snmp/src/main/mibs");
    private static final String ENTERPRISES = "1.3.6.1.4.1";

    /** A definition begins in the first column and ends with its parent and number. */
    private static final Pattern DEFINITION = Pattern.compile("(?ms)^([a-z]\\w*) +[A-Z].*?::= \\{ (\\w+) (\\d+) }");

    private static final Pattern OID = Pattern.compile("(?<![\\d.])\\.?(1\\.3\\.6\\.1\\.4\\.1\\.(?:8225|9586)[\\d.]*)");
    private static final Pattern NAME =
            Pattern.compile("\\b(?:lvs(?:[A-Z]|Real|Service)|virtualServer|realServer)\\w*(?![\\w.(])");

    /** A name and its OID, as each kind of file has them. */
    private static final Map<String, Pattern> PAIRS = Map.of(
            "snmp_exporter/snmp.yml", Pattern.compile("- name: (?<name>\\w+)\\n +oid: (?<oid>[\\d.]+)"),
            "snmp_exporter/generator.yml", Pattern.compile("- (?<oid>1[\\d.]+) +# (?<name>\\w+)"),
            "cacti/lvsd_services.xml", Pattern.compile("(?s)<(?<name>lvs\\w+)>(?:(?!</lvs).)*<oid>\\.(?<oid>[\\d.]+)"),
            "cacti/lvsd_real_servers.xml",
                    Pattern.compile("(?s)<(?<name>lvs(?!RealIndex)\\w+)>(?:(?!</lvs).)*<oid>\\.(?<oid>[\\d.]+)"),
            "zabbix/lvsd.yaml",
                    Pattern.compile("snmp_oid: (?<oid>1[\\d.]+?)(?:\\.\\{#\\w+})?\\n"
                            + "(?:(?! +- uuid:).*\\n"
                            + ")*? +description: '?(?<name>\\w+)"),
            "librenms/os_discovery/lvsd.yaml",
                    Pattern.compile("value: [A-Z-]+::(?<name>\\w+)\\n +num_oid: '\\.(?<oid>[\\d.]+)\\."),
            "nagios/lvsd.cfg",
                    Pattern.compile(
                            "(?<name>(?:lvs|virtual)\\w+)(?=[,.]| of LVS).*\\n(?:.*\\n){1,3}?.*-o (?<oid>[\\d.]+)\\."));

    /** OIDs by name, of both files. */
    private static Map<String, String> objects() throws IOException {
        Map<String, String> oids = new HashMap<>(Map.of(
                "enterprises", ENTERPRISES, "project", ENTERPRISES + ".9586.100", "opencon", ENTERPRISES + ".8225"));
        for (String module : List.of("LVS-MIB", "KEEPALIVED-MIB")) {
            List<MatchResult> open = new ArrayList<>(DEFINITION
                    .matcher(Files.readString(MIBS.resolve(module)).replaceAll("(?m)--.*$", ""))
                    .results()
                    .toList());
            while (open.removeIf(m -> add(oids, m))) {
                // a parent may be defined after its children
            }
            assertEquals(List.of(), open.stream().map(m -> m.group(1)).toList());
        }
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

    static List<Path> files() throws IOException {
        try (Stream<Path> walk = Files.walk(EXAMPLES)) {
            List<Path> files = walk.filter(Files::isRegularFile)
                    .filter(file -> EXAMPLES.relativize(file).getNameCount() > 1)
                    .sorted()
                    .toList();
            assertFalse(files.isEmpty());
            return files;
        }
    }

    private static boolean isColumn(String oid) {
        return oid.matches(
                "(?:1\\.3\\.6\\.1\\.4\\.1\\.8225\\.4711|1\\.3\\.6\\.1\\.4\\.1\\.9586\\.100\\.5\\.3)\\.\\d+\\.1\\.\\d+");
    }

    /** An OID of the MIB files, an instance of a scalar, or of a column. */
    private static boolean isKnown(Set<String> oids, String oid) {
        if (oids.contains(oid) || oid.endsWith(".0") && oids.contains(oid.substring(0, oid.length() - 2))) {
            return true;
        }
        String parent = oid;
        for (int i = 0; i < 2; i++) {
            parent = parent.substring(0, parent.lastIndexOf('.'));
            if (oids.contains(parent) && isColumn(parent)) {
                return true;
            }
        }
        return false;
    }

    @ParameterizedTest
    @MethodSource("files")
    void oidsAreThoseOfTheMibFiles(Path file) throws IOException {
        Set<String> oids = new HashSet<>(objects().values());
        Set<String> unknown = new TreeSet<>();
        OID.matcher(Files.readString(file))
                .results()
                .map(m -> m.group(1).replaceAll("\\.$", ""))
                .filter(oid -> !isKnown(oids, oid))
                .forEach(unknown::add);
        assertEquals(Set.of(), unknown);
    }

    @ParameterizedTest
    @MethodSource("files")
    void namesAreThoseOfTheMibFiles(Path file) throws IOException {
        Set<String> names = objects().keySet();
        Set<String> unknown = new TreeSet<>();
        NAME.matcher(Files.readString(file))
                .results()
                .map(MatchResult::group)
                .filter(name -> !names.contains(name) && !name.equals("lvsRealIndex"))
                .forEach(unknown::add);
        assertEquals(Set.of(), unknown);
    }

    @Test
    void namesBelongToTheirOids() throws IOException {
        Map<String, String> objects = objects();
        for (Map.Entry<String, Pattern> entry : PAIRS.entrySet()) {
            List<MatchResult> pairs = entry.getValue()
                    .matcher(Files.readString(EXAMPLES.resolve(entry.getKey())))
                    .results()
                    .toList();
            assertFalse(pairs.size() < 2, entry.getKey() + ": " + pairs.size());
            for (MatchResult pair : pairs) {
                String oid = pair.group("oid");
                String expected = objects.get(pair.group("name"));
                assertTrue(
                        oid.equals(expected) || oid.equals(expected + ".0"),
                        () -> entry.getKey() + ": " + pair.group("name") + " " + oid);
            }
        }
    }

    /** The plugin composes its OIDs from a table and columns. */
    @Test
    void columnsOfThePluginAreThoseOfTheMibFiles() throws IOException {
        Set<String> oids = new HashSet<>(objects().values());
        String plugin = Files.readString(EXAMPLES.resolve("nagios/check_lvsd_snmp"));
        MatchResult columns = Pattern.compile("for column in ([\\d. ]+); do")
                .matcher(plugin)
                .results()
                .findFirst()
                .orElseThrow();
        assertTrue(plugin.contains("table=.1.3.6.1.4.1.9586.100.5.3\n"));
        for (String column : columns.group(1).split(" ")) {
            assertTrue(oids.contains("1.3.6.1.4.1.9586.100.5.3." + column), column);
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void filesAreWellFormed(Path file) throws Exception {
        String name = file.toString();
        if (name.endsWith(".xml")) {
            DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
        } else if (name.endsWith(".yml") || name.endsWith(".yaml")) {
            YAMLFactory yaml = new YAMLFactory();
            try (MappingIterator<JsonNode> documents =
                    new ObjectMapper(yaml).readValues(yaml.createParser(Files.readString(file)), JsonNode.class)) {
                assertFalse(documents.next().isEmpty(), name);
            }
        }
    }

    /** Zabbix identifies each part of a template by a different random UUID. */
    @Test
    void identifiersOfTheTemplateAreUnique() throws IOException {
        List<String> uuids = Pattern.compile("(?m)^ *(?:- )?uuid: (\\S+)$")
                .matcher(Files.readString(EXAMPLES.resolve("zabbix/lvsd.yaml")))
                .results()
                .map(m -> m.group(1))
                .toList();
        assertEquals(uuids.size(), Set.copyOf(uuids).size());
        uuids.forEach(uuid -> assertTrue(uuid.matches("[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}"), uuid));
    }
}
