package io.lvsd.core.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The table of docs/logging.md lists each event that the sources have, with its levels and keys, and no other. */
final class EventTableTest {
    private static final Path DOCUMENT = Path.of("../docs/logging.md");
    private static final Path TRANSCRIPTS = Path.of("src/test/transcripts");
    private static final Pattern ROW = Pattern.compile(
            "\\| `([a-z][a-z0-9_]*\\.[a-z][a-z0-9_]*)` \\| ([a-z, ]+) \\| ([^|]*) \\| ([^|]*) \\| ([^|]*) \\|");
    private static final Pattern LINE = Pattern.compile("    log ([A-Z]+) event=([a-z0-9_.]+)(.*)");
    private static final Pattern KEY = Pattern.compile(" ([a-z_]+)=(\"[^\"]*\"|\\S*)");

    /** Texts in the sources that look like the name of an event: files, resources, properties and attributes. */
    private static final Set<String> NOT_EVENTS = Set.of(
            "checkers.pid",
            "host.name",
            "io.lvsd",
            "keepalived.conf",
            "keepalived.data",
            "lvsd.conf",
            "lvsd.css",
            "lvsd.debug",
            "lvsd.events",
            "lvsd.js",
            "lvsd.notifications",
            "lvsd.pid",
            "lvsd.sock",
            "lvsd.svg",
            "lvsd.terminal",
            "openapi.json",
            "os.name",
            "process.cpu",
            "service.name",
            "service.version",
            "slf4j.provider",
            "sorry.json",
            "sorry.sock",
            "store.new",
            "system.cpus",
            "user.name");

    /** A row of the table. */
    private record Row(Set<String> levels, Set<String> keys, String meaning, String action) {}

    private static Map<String, Row> rows = Map.of();
    private static List<EventSources.Place> places = List.of();

    @BeforeAll
    static void read() throws IOException {
        EventSources sources = EventSources.read(NOT_EVENTS);
        assertEquals(Set.of(), sources.unusedExceptions(), "no source has these texts");
        assertEquals(
                Set.of(
                        "Endpoints.java .listening",
                        "Endpoints.java .not_opened",
                        "Failures.java .failed",
                        "Failures.java .recovered"),
                sources.suffixes(),
                "names of events are composed in these files only");
        List<EventSources.Place> all = new ArrayList<>(sources.places());
        all.add(sources.place(
                Set.of("kernel.failed", "ipvs.failed", "sorry.failed"),
                "TableStep.kernelFailed",
                "TableStep.applied",
                "TableStep.sorry",
                "SorryStep.report",
                "Failures.about"));
        all.add(sources.place(Set.of("kernel.recovered", "ipvs.recovered", "sorry.recovered"), "Failures.recovered"));
        all.add(sources.place(
                Set.of("http.listening", "http.not_opened", "snmp.listening", "snmp.not_opened"), "Endpoints.listen"));
        places = all;
        rows = rows();
    }

    private static Map<String, Row> rows() throws IOException {
        Map<String, Row> rows = new TreeMap<>();
        for (String line : Files.readAllLines(DOCUMENT)) {
            Matcher m = ROW.matcher(line);
            if (m.matches()) {
                Set<String> keys = words(m.group(3).replace("`", ""));
                Row row = new Row(
                        words(m.group(2)), keys, m.group(4).strip(), m.group(5).strip());
                assertTrue(rows.put(m.group(1), row) == null, () -> "two rows: " + m.group(1));
            }
        }
        return rows;
    }

    private static Set<String> words(String text) {
        return Arrays.stream(text.split("[ ,]+"))
                .filter(w -> !w.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Row row(String event) {
        Row row = rows.get(event);
        if (row == null) {
            throw new AssertionError("docs/logging.md has no row for " + event);
        }
        return row;
    }

    private static List<EventSources.Place> placesOf(String event) {
        return places.stream().filter(p -> p.names().contains(event)).toList();
    }

    @Test
    void everyEventHasARowAndEveryRowAnEvent() {
        Set<String> names =
                places.stream().flatMap(p -> p.names().stream()).collect(Collectors.toCollection(TreeSet::new));
        assertTrue(names.size() > 100, names::toString);
        assertEquals(String.join("\n", names), String.join("\n", rows.keySet()), "sources, docs/logging.md");
    }

    @Test
    void everyRowHasAMeaningAndAnAction() {
        rows.forEach((name, row) -> {
            assertFalse(row.meaning().isEmpty(), name);
            assertFalse(row.action().isEmpty(), name);
        });
    }

    @Test
    void aRowHasTheLevelsOfItsEvent() {
        List<String> wrong = new ArrayList<>();
        for (EventSources.Place place : places) {
            Set<String> documented = union(place, true);
            place.levels().stream()
                    .filter(l -> !documented.contains(l))
                    .forEach(l -> wrong.add(place.names() + ": " + place.where() + " has the level " + l));
        }
        rows.forEach((name, row) -> {
            Set<String> used =
                    placesOf(name).stream().flatMap(p -> p.levels().stream()).collect(Collectors.toSet());
            // The level of log.suppressed is that of the lines that it counts.
            if (!(used.isEmpty() ? Set.of("as", "counted") : used).containsAll(row.levels())) {
                wrong.add(name + ": docs/logging.md has " + row.levels() + ", the source " + used);
            }
        });
        assertEquals(List.of(), wrong);
    }

    @Test
    void aRowHasTheKeysOfItsEvent() {
        List<String> wrong = new ArrayList<>();
        for (EventSources.Place place : places) {
            Set<String> documented = union(place, false);
            place.keys().stream()
                    .filter(k -> !documented.contains(k))
                    .forEach(k -> wrong.add(place.names() + ": " + place.where() + " has the key " + k));
        }
        rows.forEach((name, row) -> {
            Set<String> used =
                    placesOf(name).stream().flatMap(p -> p.keys().stream()).collect(Collectors.toSet());
            row.keys().stream()
                    .filter(k -> !used.contains(k))
                    .forEach(k -> wrong.add(name + ": only docs/logging.md has the key " + k));
        });
        assertEquals(List.of(), wrong);
    }

    private static Set<String> union(EventSources.Place place, boolean levels) {
        return place.names().stream()
                .map(EventTableTest::row)
                .flatMap(row -> (levels ? row.levels() : row.keys()).stream())
                .collect(Collectors.toSet());
    }

    /** What the engine really publishes: the transcripts have the level and the keys of each line. */
    @Test
    void linesOfTheTranscriptsAreAsTheTableHasThem() throws IOException {
        List<String> wrong = new ArrayList<>();
        int lines = 0;
        try (Stream<Path> files = Files.list(TRANSCRIPTS)) {
            for (Path file : files.filter(p -> p.toString().endsWith(".txt")).toList()) {
                for (String text : Files.readAllLines(file)) {
                    Matcher line = LINE.matcher(text);
                    if (line.matches()) {
                        lines++;
                        Row row = row(line.group(2));
                        Set<String> keys = KEY.matcher(line.group(3))
                                .results()
                                .map(r -> r.group(1))
                                .collect(Collectors.toCollection(TreeSet::new));
                        keys.removeAll(row.keys());
                        if (!keys.isEmpty()
                                || !row.levels().contains(line.group(1).toLowerCase(Locale.ROOT))) {
                            wrong.add(file.getFileName() + ": " + text + " " + keys);
                        }
                    }
                }
            }
        }
        assertTrue(lines > 20, "lines of events: " + lines);
        assertEquals(List.of(), wrong);
    }
}
