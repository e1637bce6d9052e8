package io.lvsd.lab.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** LVS-MIB beside ipvsadm, by net-snmp's own client. */
final class SnmpTest {
    private static final String BASE = ".1.3.6.1.4.1.8225.4711.";
    private static final String SNMP = "lvsd {\n snmp {\n  listen udp:127.0.0.1:1161\n  community public\n }\n}\n";

    private static String service(String address, int port) {
        return "virtual_server %s %d {\n delay_loop 2\n lvs_sched rr\n lvs_method NAT\n protocol TCP\n real_server 10.2.0.11 80 {\n }\n real_server 10.2.0.12 80 {\n }\n}\n"
                .formatted(address, port);
    }

    @Test
    void rowsAgreeWithIpvsadmAndKeepTheirNumbers() {
        try (Bed bed = new Bed()) {
            bed.web("r1", "80", "one");
            bed.web("r2", "80", "two");
            LvsdProcess lvsd =
                    bed.lvsd(bed.write("lvsd.conf", SNMP + service("10.1.0.100", 80) + service("10.1.0.101", 80)));
            bed.until("all servers are in", () -> bed.destinations().size() == 4);
            for (int i = 0; i < 6; i++) {
                assertTrue(bed.get("http://10.1.0.100/").endsWith("200"));
            }
            Map<String, String> walk = new HashMap<>();
            List<String> expected = new ArrayList<>();
            Bed.waitFor(
                    "the walk and ipvsadm agree",
                    () -> {
                        walk.clear();
                        walk.putAll(walk(bed));
                        expected.clear();
                        expected.addAll(ipvsadmStats(bed));
                        return expected.equals(snmpStats(walk));
                    },
                    () -> expected + "\n" + walk);
            assertEquals("STRING: \"1.2.1\"", walk.get("1.0"));
            assertEquals("INTEGER: 2", walk.get("2.0"));
            assertEquals("INTEGER: 4096", walk.get("3.0"));
            assertEquals("INTEGER: 900", walk.get("4.0"));
            assertEquals("INTEGER: 120", walk.get("5.0"));
            assertEquals("INTEGER: 300", walk.get("6.0"));
            assertEquals("INTEGER: 0", walk.get("7.0"));
            assertEquals("\"\"", walk.get("8.0"));
            String named = bed.director("snmpwalk -v2c -c public -M lab/src/test/resources/mibs:snmp/src/main/mibs"
                    + " -m LVS-MIB -Os 127.0.0.1:1161 lvs");
            for (String line : List.of(
                    "lvsVersion.0 = STRING: \"1.2.1\"",
                    "lvsNumServices.0 = INTEGER: 2",
                    "lvsHashTableSize.0 = INTEGER: 4096",
                    "lvsTcpTimeOut.0 = INTEGER: 900",
                    "lvsTcpFinTimeOut.0 = INTEGER: 120",
                    "lvsUdpTimeOut.0 = INTEGER: 300",
                    "lvsDaemonState.0 = INTEGER: none(0)",
                    "lvsServiceProto.1 = INTEGER: tcp(6)",
                    "lvsRealServerFlags.1.2 = INTEGER: masq(0)")) {
                assertTrue(named.contains(line), line + "\n" + named);
            }
            assertEquals("IpAddress: 10.1.0.100", walk.get("17.1.4.1"));
            assertEquals("IpAddress: 10.1.0.101", walk.get("17.1.4.2"));
            assertEquals("IpAddress: 10.2.0.12", walk.get("18.1.3.1.2"));

            bed.write(
                    "lvsd.conf",
                    SNMP + service("10.1.0.102", 80) + service("10.1.0.100", 80) + service("10.1.0.101", 80));
            lvsd.reload("event=config.loaded");
            Bed.waitFor(
                    "the new service shows",
                    () -> "INTEGER: 3".equals(walk(bed).get("2.0")),
                    () -> walk(bed).toString());
            Map<String, String> after = walk(bed);
            assertEquals("IpAddress: 10.1.0.100", after.get("17.1.4.1"));
            assertEquals("IpAddress: 10.1.0.101", after.get("17.1.4.2"));
            assertEquals("IpAddress: 10.1.0.102", after.get("17.1.4.3"));
            String denied = Shell.run(bed.in(
                            "d", "snmpwalk -v2c -c wrong -t 1 -r 0 -On -m \"\" 127.0.0.1:1161 1.3.6.1.4.1.8225.4711"))
                    .text();
            assertTrue(denied.contains("Timeout"), denied);
        }
    }

    private static Map<String, String> walk(Bed bed) {
        Map<String, String> values = new HashMap<>();
        for (String line : bed.director("snmpwalk -v2c -c public -On -m \"\" 127.0.0.1:1161 1.3.6.1.4.1.8225.4711")
                .lines()
                .toList()) {
            int equals = line.indexOf(" = ");
            if (equals > 0 && line.startsWith(BASE)) {
                values.put(line.substring(BASE.length(), equals), line.substring(equals + 3));
            }
        }
        return values;
    }

    /** name conns inpkts outpkts inbytes outbytes, services and destinations sorted. */
    private static List<String> ipvsadmStats(Bed bed) {
        List<String> rows = new ArrayList<>();
        String service = "";
        for (String line : bed.director("ipvsadm -Ln --stats --exact").lines().toList()) {
            String[] words = line.strip().split("\\s+");
            if (words.length == 7 && words[0].equals("TCP")) {
                service = words[1];
                rows.add(service + " " + String.join(" ", List.of(words).subList(2, 7)));
            } else if (words.length == 7 && words[0].equals("->") && words[2].matches("\\d+")) {
                rows.add(service + " " + words[1] + " "
                        + String.join(" ", List.of(words).subList(2, 7)));
            }
        }
        rows.sort(null);
        return rows;
    }

    private static List<String> snmpStats(Map<String, String> walk) {
        List<String> rows = new ArrayList<>();
        for (String oid : walk.keySet()) {
            String[] parts = oid.split("\\.");
            if (oid.startsWith("17.1.1.")) {
                String row = parts[3];
                rows.add(address(walk, "17.1.4." + row) + ":" + number(walk, "17.1.5." + row)
                        + columns(walk, "17.1.", 10, row));
            } else if (oid.startsWith("18.1.1.")) {
                String row = parts[3] + "." + parts[4];
                String service = address(walk, "17.1.4." + parts[3]) + ":" + number(walk, "17.1.5." + parts[3]);
                rows.add(service + " " + address(walk, "18.1.3." + row) + ":" + number(walk, "18.1.4." + row)
                        + columns(walk, "18.1.", 7, row));
            }
        }
        rows.sort(null);
        return rows;
    }

    private static String columns(Map<String, String> walk, String table, int first, String row) {
        StringBuilder out = new StringBuilder();
        for (int column = first; column < first + 5; column++) {
            out.append(' ').append(number(walk, table + column + "." + row));
        }
        return out.toString();
    }

    private static String number(Map<String, String> walk, String oid) {
        return walk.getOrDefault(oid, "?: ?").replaceAll(".*: ", "");
    }

    private static String address(Map<String, String> walk, String oid) {
        return number(walk, oid);
    }
}
