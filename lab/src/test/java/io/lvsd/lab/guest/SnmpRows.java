package io.lvsd.lab.guest;

import io.lvsd.conf.source.IpAddresses;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Services and destinations by name, such as {@code TCP 10.1.0.100:80} and {@code TCP 10.1.0.100:80 10.2.0.11:80}, from a walk or
 * from ipvsadm.
 */
final class SnmpRows {
    private static final Map<String, String> PROTOCOLS = Map.of("6", "TCP", "17", "UDP");
    private static final String VIRTUAL = NetSnmp.KEEPALIVED + ".3.3.1.";
    private static final String REAL = NetSnmp.KEEPALIVED + ".3.4.1.";

    private SnmpRows() {}

    private static String value(Map<String, String> walk, String oid) {
        String value = walk.get(oid);
        if (value == null) {
            throw new AssertionError("no " + oid + " in " + walk);
        }
        return value.substring(value.indexOf(": ") + 2);
    }

    /** The rows of a table: their indices, dotted. */
    private static List<String> indices(Map<String, String> walk, String column) {
        return walk.keySet().stream()
                .filter(oid -> oid.startsWith(column + "."))
                .map(oid -> oid.substring(column.length() + 1))
                .toList();
    }

    private static String values(Map<String, String> walk, String table, String index, IntStream columns) {
        return columns.mapToObj(column -> value(walk, table + column + "." + index))
                .collect(Collectors.joining(" "));
    }

    // ---- names and their numbers

    /** Index of each row of LVS-MIB. IPv6 addresses are 0.0.0.0 there. */
    static Map<String, String> lvs(Map<String, String> walk) {
        String services = NetSnmp.LVS + ".17.1.";
        String reals = NetSnmp.LVS + ".18.1.";
        Map<String, String> rows = new TreeMap<>();
        for (String row : indices(walk, services + 1)) {
            add(rows, service(walk, row), row);
        }
        for (String row : indices(walk, reals + 1)) {
            String real = value(walk, reals + "3." + row) + ":" + value(walk, reals + "4." + row);
            add(rows, service(walk, row.substring(0, row.indexOf('.'))) + " " + real, row);
        }
        return rows;
    }

    private static String service(Map<String, String> walk, String row) {
        String table = NetSnmp.LVS + ".17.1.";
        String mark = value(walk, table + "6." + row);
        return mark.equals("0")
                ? PROTOCOLS.get(value(walk, table + "3." + row)) + " " + value(walk, table + "4." + row) + ":"
                        + value(walk, table + "5." + row)
                : "FWM " + mark;
    }

    /** Index of each row of KEEPALIVED-MIB, other than those of groups. */
    static Map<String, String> keepalived(Map<String, String> walk) {
        Map<String, String> servers = new TreeMap<>();
        for (String row : indices(walk, VIRTUAL + 2)) {
            switch (value(walk, VIRTUAL + "2." + row)) {
                case "1" -> servers.put(row, "FWM " + value(walk, VIRTUAL + "4." + row));
                case "2" ->
                    servers.put(
                            row,
                            (value(walk, VIRTUAL + "8." + row).equals("1") ? "TCP " : "UDP ")
                                    + address(value(walk, VIRTUAL + "6." + row), value(walk, VIRTUAL + "7." + row)));
                default -> {}
            }
        }
        Map<String, String> rows = new TreeMap<>();
        servers.forEach((row, name) -> add(rows, name, row));
        for (String row : indices(walk, REAL + 2)) {
            String server = servers.get(row.substring(0, row.indexOf('.')));
            if (server != null) {
                String real = address(value(walk, REAL + "4." + row), value(walk, REAL + "5." + row));
                add(rows, server + " " + real, row);
            }
        }
        return rows;
    }

    private static void add(Map<String, String> rows, String name, String row) {
        String other = rows.put(name, row);
        if (other != null) {
            throw new AssertionError(name + " is in the rows " + other + " and " + row);
        }
    }

    private static String address(String hex, String port) {
        byte[] bytes = HexFormat.of().parseHex(hex.replaceAll("[\" ]", ""));
        return IpAddresses.text(IpAddresses.ofBytes(bytes), Integer.parseInt(port));
    }

    // ---- counters: connections, packets, bytes, then rates

    /** Counters of the rows of LVS-MIB. */
    static Map<String, String> lvsCounters(Map<String, String> walk) {
        Map<String, String> counters = new TreeMap<>(lvs(walk));
        counters.replaceAll((_, row) -> row.contains(".")
                ? values(walk, NetSnmp.LVS + ".18.1.", row, IntStream.range(7, 17))
                : values(walk, NetSnmp.LVS + ".17.1.", row, IntStream.range(10, 20)));
        return counters;
    }

    /** Counters of the rows of KEEPALIVED-MIB. */
    static Map<String, String> keepalivedCounters(Map<String, String> walk) {
        Map<String, String> counters = new TreeMap<>(keepalived(walk));
        counters.replaceAll((_, row) -> row.contains(".")
                ? values(walk, REAL, row, IntStream.concat(IntStream.of(14), IntStream.range(18, 27)))
                : values(walk, VIRTUAL, row, IntStream.range(27, 37)));
        return counters;
    }

    /** Weight, active and inactive connections of the real servers of KEEPALIVED-MIB; not of sorry servers. */
    static Map<String, String> keepalivedConnections(Map<String, String> walk) {
        Map<String, String> rows = new TreeMap<>(keepalived(walk));
        rows.values().removeIf(row -> !walk.containsKey(REAL + "7." + row));
        rows.replaceAll((_, row) -> values(walk, REAL, row, IntStream.of(7, 15, 16)));
        return rows;
    }

    /** The same of ipvsadm. */
    static Map<String, String> ipvsadmCounters(Bed bed) {
        Map<String, String> counters = new TreeMap<>(ipvsadm(bed, "-Ln --stats --exact", 2, 7));
        Map<String, String> rates = ipvsadm(bed, "-Ln --rate --exact", 2, 7);
        counters.replaceAll((name, values) -> values + " " + rates.get(name));
        return counters;
    }

    /** The same of ipvsadm. */
    static Map<String, String> ipvsadmConnections(Bed bed) {
        return ipvsadm(bed, "-Ln", 3, 6).entrySet().stream()
                .filter(row -> row.getValue().split(" ").length == 3)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, _) -> a, TreeMap::new));
    }

    private static Map<String, String> ipvsadm(Bed bed, String options, int from, int to) {
        Map<String, String> rows = new TreeMap<>();
        String service = "";
        for (String line : bed.director("ipvsadm " + options).lines().toList()) {
            String[] words = line.strip().split("\\s+");
            if (Stream.of("TCP", "UDP", "FWM").anyMatch(words[0]::equals)) {
                service = words[0] + " " + words[1];
                rows.put(service, part(words, from, to));
            } else if (words[0].equals("->") && !words[1].startsWith("RemoteAddress")) {
                rows.put(service + " " + words[1], part(words, from, to));
            }
        }
        return rows;
    }

    private static String part(String[] words, int from, int to) {
        return Arrays.stream(words).skip(from).limit(to - from).collect(Collectors.joining(" "));
    }
}
