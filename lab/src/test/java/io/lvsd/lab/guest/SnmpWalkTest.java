package io.lvsd.lab.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** All values of a table with traffic, by each version of SNMP and through snmpd: the same, and those of ipvsadm. */
final class SnmpWalkTest {
    private static final String OWN = "127.0.0.1:1161";
    private static final String MASTER = "127.0.0.1:1162";
    private static final String PUBLIC = "-c public ";
    /** Identifiers in one request. */
    private static final int GET_SIZE = 100;

    private static final boolean FULL = Boolean.getBoolean("lvsd.lab.full");

    private static String service(String target, String lines) {
        return "virtual_server " + target + " {\n delay_loop 60\n lvs_sched wrr\n lvs_method NAT\n" + lines + "}\n";
    }

    private static String rs(String at, int weight) {
        return " real_server " + at + " {\n  weight " + weight + "\n }\n";
    }

    /** TCP, a sorry server in use, UDP, a persistent service, a firewall mark, IPv6, a group. */
    private static String config(NetSnmp snmp) {
        String check = " real_server 10.2.0.11 9 {\n  TCP_CHECK {\n   retry 0\n  }\n }\n";
        return "global_defs {\n router_id bed\n}\nlvsd {\n snmp {\n  listen udp:" + OWN + "\n  listen tcp:" + OWN
                + "\n  community public\n  update_interval 1\n  agentx unix:" + snmp.agentxSocket() + "\n"
                + NetSnmp.user("walker", "") + " }\n}\n"
                + "virtual_server_group web {\n 10.1.0.102 8080\n 10.1.0.102 8081\n}\n"
                + service(
                        "10.1.0.100 80",
                        " protocol TCP\n sorry_server 10.2.0.99 80\n" + rs("10.2.0.11 80", 2) + rs("10.2.0.12 80", 3))
                + service("10.1.0.101 80", " protocol TCP\n alpha\n sorry_server 10.2.0.12 80\n" + check)
                + service("10.1.0.101 53", " protocol UDP\n" + rs("10.2.0.11 53", 1))
                + service(
                        "10.1.0.102 80",
                        " protocol TCP\n persistence_timeout 300\n" + rs("10.2.0.11 80", 1) + rs("10.2.0.12 80", 0))
                + service("fwmark 5", rs("10.2.0.12 80", 65_000))
                + service("fd00:1::100 80", " protocol TCP\n" + rs("fd00:2::11 80", 4))
                + service("group web", " protocol TCP\n" + rs("10.2.0.12 80", 1));
    }

    /** Some connections; then the kernel stops its estimation, so that counters and rates stay as they are. */
    private static void traffic(Bed bed) {
        for (int i = 0; i < 3; i++) {
            for (String host : List.of("10.1.0.100", "10.1.0.101", "10.1.0.102", "[fd00:1::100]")) {
                assertTrue(bed.get("http://" + host + "/").endsWith("200"), host);
            }
            bed.client("echo request > /dev/udp/10.1.0.101/53");
        }
        Bed.waitFor(
                "the kernel shows counters and rates",
                () -> SnmpRows.ipvsadmCounters(bed).entrySet().stream()
                        .filter(row -> row.getKey().matches("(TCP|UDP) (10.1.0.10[0-2]|\\[fd00:1::100\\]):(80|53)"))
                        .allMatch(row -> row.getValue().startsWith("3 ")
                                && !row.getValue().contains(" 0 0 0 0 0 0")),
                () -> SnmpRows.ipvsadmCounters(bed).toString());
        bed.director("sysctl -qw net.ipv4.vs.run_estimation=0");
    }

    @Test
    void everyWayGivesTheSameValuesAndThoseOfIpvsadm() {
        try (Bed bed = new Bed()) {
            NetSnmp snmp = new NetSnmp(bed);
            bed.web("r1", "80", "one");
            bed.web("r2", "80", "two");
            snmp.snmpd("");
            bed.lvsd(bed.write("lvsd.conf", config(snmp)));
            bed.until("all servers are in", () -> bed.destinations().size() == 10);
            traffic(bed);
            snmp.untilServed();
            Map<String, String> walk = new LinkedHashMap<>();
            Bed.waitFor(
                    "the walk and ipvsadm agree",
                    () -> {
                        walk.clear();
                        walk.putAll(snmp.walk("snmpbulkwalk -v2c " + PUBLIC + OWN));
                        return differences(bed, walk).isEmpty();
                    },
                    () -> differences(bed, walk).toString());
            everyVersion(snmp, walk);
            throughSnmpd(snmp, walk);
            types(snmp);
            tables(snmp, walk);
            same("the same walk again", walk, snmp.walk("snmpbulkwalk -v2c " + PUBLIC + OWN));
            String denied = snmp.attempt("d", "snmpwalk -v2c -c wrong -t 1 -r 0 " + OWN + " " + NetSnmp.LVS);
            assertTrue(denied.contains("Timeout"), denied);
        }
    }

    private static Map<String, String> differences(Bed bed, Map<String, String> walk) {
        Map<String, String> differences = new TreeMap<>();
        Map<String, String> kernel = SnmpRows.ipvsadmCounters(bed);
        Map<String, String> ipv4 = new TreeMap<>();
        kernel.forEach((name, values) -> ipv4.put(name.replaceAll("\\[[0-9a-f:]*]", "0.0.0.0"), values));
        Map<String, String> lvs = SnmpRows.lvsCounters(walk);
        if (!lvs.equals(ipv4)) {
            differences.put("LVS-MIB", lvs + "\nipvsadm: " + ipv4);
        }
        Map<String, String> keepalived = SnmpRows.keepalivedCounters(walk);
        // The group is not in these rows; real servers and sorry servers that are not in the table have no counters.
        kernel.keySet().removeIf(name -> name.startsWith("TCP 10.1.0.102:808"));
        keepalived
                .keySet()
                .removeIf(name -> !kernel.containsKey(name)
                        && keepalived.getOrDefault(name, "").equals("0 0 0 0 0 0 0 0 0 0"));
        if (!keepalived.equals(kernel)) {
            differences.put("KEEPALIVED-MIB", keepalived + "\nipvsadm: " + kernel);
        }
        Map<String, String> connections = SnmpRows.ipvsadmConnections(bed);
        Map<String, String> shown = SnmpRows.keepalivedConnections(walk);
        shown.keySet().retainAll(connections.keySet());
        connections.keySet().retainAll(shown.keySet());
        if (!shown.equals(connections) || shown.size() < 7) {
            differences.put("weights and connections", shown + "\nipvsadm: " + connections);
        }
        return differences;
    }

    private static Map<String, String> without64(Map<String, String> walk) {
        Map<String, String> narrow = new LinkedHashMap<>(walk);
        narrow.values().removeIf(value -> value.startsWith("Counter64"));
        assertTrue(narrow.size() < walk.size());
        return narrow;
    }

    /** Requests for single values are slow in the guest: only {@code -Pfull} walks KEEPALIVED-MIB with them. */
    private static Map<String, String> walkSingly(NetSnmp snmp, String command) {
        return FULL ? snmp.walk(command) : snmp.walk(command, NetSnmp.LVS);
    }

    /** What {@link #walkSingly} must have found. */
    private static Map<String, String> singly(Map<String, String> walk) {
        Map<String, String> part = new LinkedHashMap<>(walk);
        part.keySet().removeIf(oid -> !FULL && !oid.startsWith(NetSnmp.LVS + "."));
        return part;
    }

    private static void everyVersion(NetSnmp snmp, Map<String, String> walk) {
        same("v2c GETNEXT", singly(walk), walkSingly(snmp, "snmpwalk -v2c " + PUBLIC + OWN));
        same("v1 GETNEXT", singly(without64(walk)), walkSingly(snmp, "snmpwalk -v1 " + PUBLIC + OWN));
        same("v3 GETBULK", walk, snmp.walk("snmpbulkwalk -Cr40 " + NetSnmp.as("walker") + OWN));
        same("v2c GET by TCP", walk, get(snmp, "-v2c " + PUBLIC + "tcp:" + OWN, walk));
        same("v3 GET by TCP", walk, get(snmp, NetSnmp.as("walker") + "tcp:" + OWN, walk));
    }

    private static void throughSnmpd(NetSnmp snmp, Map<String, String> walk) {
        same("snmpd, GETBULK", walk, snmp.walk("snmpbulkwalk -v2c " + PUBLIC + MASTER));
        same("snmpd, GETNEXT", singly(walk), walkSingly(snmp, "snmpwalk -v2c " + PUBLIC + MASTER));
        same("snmpd, v1", singly(without64(walk)), walkSingly(snmp, "snmpwalk -v1 " + PUBLIC + MASTER));
        same("snmpd, GET by TCP", singly(walk), get(snmp, "-v2c " + PUBLIC + "tcp:" + MASTER, singly(walk)));
    }

    private static void same(String what, Map<String, String> expected, Map<String, String> actual) {
        System.out.println("SnmpWalkTest: " + what + ": " + actual.size() + " values");
        Map<String, String> missing = new LinkedHashMap<>(expected);
        missing.entrySet().removeIf(e -> e.getValue().equals(actual.get(e.getKey())) || isTimed(e.getKey()));
        Map<String, String> others = new LinkedHashMap<>(actual);
        others.entrySet().removeIf(e -> e.getValue().equals(expected.get(e.getKey())) || isTimed(e.getKey()));
        assertTrue(missing.isEmpty() && others.isEmpty(), what + ": expected " + missing + "\nbut has " + others);
        assertEquals(List.copyOf(expected.keySet()), List.copyOf(actual.keySet()), what + ": order");
    }

    /** Inactive connections expire: realServerStatsInactiveConns. */
    private static boolean isTimed(String oid) {
        return oid.startsWith(NetSnmp.KEEPALIVED + ".3.4.1.16.");
    }

    private static Map<String, String> get(NetSnmp snmp, String agent, Map<String, String> walk) {
        List<String> oids = List.copyOf(walk.keySet());
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < oids.size(); i += GET_SIZE) {
            List<String> part = oids.subList(i, Math.min(oids.size(), i + GET_SIZE));
            values.putAll(NetSnmp.values(snmp.ok("snmpget -t 30 -Onx " + agent + " " + String.join(" ", part))));
        }
        return values;
    }

    /** net-snmp reports a value that has another type than the MIB declares. */
    private static void types(NetSnmp snmp) {
        List<String> lines = new ArrayList<>();
        for (String root : List.of(NetSnmp.LVS, NetSnmp.KEEPALIVED)) {
            lines.addAll(snmp.ok("snmpbulkwalk -v2c " + PUBLIC + NetSnmp.NAMES + "-t 30 " + OWN + " " + root)
                    .lines()
                    .toList());
        }
        for (String line : lines) {
            assertFalse(line.contains("Wrong Type"), line);
            assertTrue(line.matches("(LVS|KEEPALIVED)-MIB::[A-Za-z]\\w*\\.[0-9.]+ = .*"), line);
        }
        for (String line : List.of(
                "LVS-MIB::lvsVersion.0 = STRING: \"1.2.1\"",
                "LVS-MIB::lvsNumServices.0 = INTEGER: 8",
                "LVS-MIB::lvsHashTableSize.0 = INTEGER: 4096",
                "LVS-MIB::lvsTcpTimeOut.0 = INTEGER: 900",
                "LVS-MIB::lvsTcpFinTimeOut.0 = INTEGER: 120",
                "LVS-MIB::lvsUdpTimeOut.0 = INTEGER: 300",
                "LVS-MIB::lvsDaemonState.0 = INTEGER: none(0)",
                "LVS-MIB::lvsRealServerFlags.1.2 = INTEGER: masq(0)",
                "KEEPALIVED-MIB::routerId.0 = STRING: bed")) {
            assertTrue(lines.contains(line), line + "\n" + lines);
        }
    }

    /** Each row is a line, and snmpd shows the same ones. */
    private static void tables(NetSnmp snmp, Map<String, String> walk) {
        Map<String, String> columns = Map.of(
                "LVS-MIB::lvsServiceTable", NetSnmp.LVS + ".17.1.1.",
                "LVS-MIB::lvsRealTable", NetSnmp.LVS + ".18.1.1.",
                "KEEPALIVED-MIB::virtualServerTable", NetSnmp.KEEPALIVED + ".3.3.1.2.",
                "KEEPALIVED-MIB::realServerTable", NetSnmp.KEEPALIVED + ".3.4.1.2.");
        columns.forEach((table, column) -> {
            String command = "snmptable -v2c -Ci -t 30 " + PUBLIC + NetSnmp.NAMES;
            String own = snmp.ok(command + OWN + " " + table);
            long rows = own.lines().filter(l -> l.matches("\\s*[0-9.]+ .*")).count();
            assertEquals(
                    walk.keySet().stream().filter(oid -> oid.startsWith(column)).count(), rows, own);
            assertEquals(own, snmp.ok(command + MASTER + " " + table));
        });
        assertEquals(
                List.of("1", "2", "3", "4", "5", "6", "7", "8"),
                walk.keySet().stream()
                        .filter(oid -> oid.startsWith(NetSnmp.LVS + ".17.1.1."))
                        .map(oid -> oid.substring(oid.lastIndexOf('.') + 1))
                        .collect(Collectors.toList()));
    }
}
