package io.lvsd.lab.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The results of an axis.
 *
 * @param head what the comment says: date, commit, machine and more, by name
 * @param rows in the order of the targets, then of the recorded cases, and by size
 */
record AxisResults(Axis axis, Map<String, String> head, List<Row> rows) {
    private record Key(String what, long size) {}

    /** Reads the lines of a file that {@code lab/bench} wrote. */
    static AxisResults parse(Axis axis, List<String> lines) {
        Map<String, String> head = new LinkedHashMap<>();
        List<Measurement> measurements = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith("#")) {
                int colon = line.indexOf(':');
                head.put(
                        line.substring(1, colon).strip(),
                        line.substring(colon + 1).strip());
            } else if (!line.startsWith("axis\t")) {
                measurements.add(Measurement.parse(line));
            }
        }
        return new AxisResults(axis, head, rows(axis, measurements));
    }

    private static List<Row> rows(Axis axis, List<Measurement> measurements) {
        Map<Key, List<Measurement>> byKey = new LinkedHashMap<>();
        measurements.forEach(m -> byKey.computeIfAbsent(new Key(m.what(), m.size()), _ -> new ArrayList<>())
                .add(m));
        Map<String, Integer> order = new HashMap<>();
        axis.targets().forEach(t -> order.putIfAbsent(t.what(), order.size()));
        measurements.forEach(m -> order.putIfAbsent(m.what(), order.size()));
        return byKey.entrySet().stream()
                .sorted(Comparator.comparingInt((Map.Entry<Key, List<Measurement>> e) ->
                                order.get(e.getKey().what()))
                        .thenComparingLong(e -> e.getKey().size()))
                .flatMap(e -> rows(axis, e.getKey(), e.getValue()).stream())
                .toList();
    }

    /** A row for each target of the case: one that is compared with several peers has several. */
    private static List<Row> rows(Axis axis, Key key, List<Measurement> measurements) {
        Map<String, List<Double>> values = new TreeMap<>();
        measurements.forEach(
                m -> values.computeIfAbsent(m.subject(), _ -> new ArrayList<>()).add(m.value()));
        Map<String, Sample> samples = new TreeMap<>();
        values.forEach((subject, all) -> samples.put(subject, Sample.of(all)));
        List<Target> targets =
                axis.targets().stream().filter(t -> t.what().equals(key.what())).toList();
        return (targets.isEmpty() ? List.of(Target.figure(key.what())) : targets)
                .stream()
                        .map(t -> new Row(t, key.size(), measurements.getFirst().unit(), samples))
                        .toList();
    }

    /** All subjects: lvsd first, then the older build and the peers. */
    List<String> subjects() {
        return rows.stream()
                .flatMap(r -> r.samples().keySet().stream())
                .distinct()
                .sorted(Comparator.comparing(AxisResults::rank))
                .toList();
    }

    private static String rank(String subject) {
        return switch (subject) {
            case "lvsd" -> "0";
            case "before" -> "1";
            default -> "2" + subject;
        };
    }

    /** The rows of each case, one for each size. */
    List<List<Row>> cases() {
        Map<String, Map<Long, Row>> cases = new LinkedHashMap<>();
        rows.forEach(r ->
                cases.computeIfAbsent(r.target().what(), _ -> new TreeMap<>()).putIfAbsent(r.size(), r));
        return cases.values().stream().map(c -> List.copyOf(c.values())).toList();
    }
}
