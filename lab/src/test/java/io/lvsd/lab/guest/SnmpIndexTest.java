package io.lvsd.lab.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Row numbers of both MIBs over reloads and restarts. */
final class SnmpIndexTest {
    private static final String SNMP =
            "lvsd {\n snmp {\n  listen udp:127.0.0.1:1161\n  community public\n" + "  update_interval 0.1\n }\n}\n";
    private static final String WALK = "snmpbulkwalk -v2c -c public 127.0.0.1:1161";

    private final Map<String, String> lvs = new TreeMap<>();
    private final Map<String, String> keepalived = new TreeMap<>();

    /** @param address of the virtual server, the last octet; the real servers by their last octets, perhaps with an index */
    private static String service(int address, String more, String... servers) {
        StringBuilder text = new StringBuilder(
                "virtual_server 10.1.0." + address + " 80 {\n lvs_sched rr\n lvs_method NAT\n protocol TCP\n" + more);
        for (String server : servers) {
            String[] words = server.split(" ");
            text.append(" real_server 10.2.0." + words[0] + " 80 {\n"
                    + (words.length > 1 ? "  snmp_index " + words[1] + "\n" : "") + " }\n");
        }
        return text + "}\n";
    }

    /** Compares the rows with those of before: what is still there has the number that it had. */
    private void keeps(Bed bed, int services, int reals) {
        NetSnmp snmp = new NetSnmp(bed);
        Bed.waitFor(
                services + " services and " + reals + " real servers are shown",
                () -> {
                    Map<String, String> walk = snmp.walk(WALK);
                    return SnmpRows.lvs(walk).size() == services + reals
                            && SnmpRows.keepalived(walk).size() == services + reals;
                },
                () -> snmp.walk(WALK).toString());
        Map<String, String> walk = snmp.walk(WALK);
        compare(lvs, SnmpRows.lvs(walk));
        compare(keepalived, SnmpRows.keepalived(walk));
        assertEquals(lvs, keepalived, "both MIBs");
    }

    private static void compare(Map<String, String> before, Map<String, String> after) {
        Map<String, String> kept = new TreeMap<>(after);
        kept.keySet().retainAll(before.keySet());
        Map<String, String> expected = new TreeMap<>(before);
        expected.keySet().retainAll(after.keySet());
        assertEquals(expected, kept);
        // A row that was removed keeps its number for its return.
        before.putAll(after);
    }

    @Test
    void rowsKeepTheirNumbersOverReloadsAndRestarts() {
        try (Bed bed = new Bed()) {
            LvsdProcess lvsd = bed.lvsd(
                    bed.write("lvsd.conf", SNMP + service(100, "", "11", "12", "13") + service(101, "", "11", "12")));
            keeps(bed, 2, 5);
            assertEquals(
                    Map.of(
                            "TCP 10.1.0.100:80", "1",
                            "TCP 10.1.0.100:80 10.2.0.11:80", "1.1",
                            "TCP 10.1.0.100:80 10.2.0.12:80", "1.2",
                            "TCP 10.1.0.100:80 10.2.0.13:80", "1.3",
                            "TCP 10.1.0.101:80", "2",
                            "TCP 10.1.0.101:80 10.2.0.11:80", "2.1",
                            "TCP 10.1.0.101:80 10.2.0.12:80", "2.2"),
                    lvs);
            // A service before the others, servers before and between, one server less; another order.
            String added = service(102, "", "12")
                    + service(101, "", "14", "12", "11")
                    + service(100, "", "15", "13", "16", "11");
            reload(bed, lvsd, added);
            keeps(bed, 3, 8);
            lvsd.terminate();
            lvsd.startAgain();
            keeps(bed, 3, 8);
            // A service less, and the server that had been removed is back.
            reload(bed, lvsd, service(100, "", "12", "11", "13") + service(102, "", "12"));
            keeps(bed, 2, 4);
            lvsd.kill();
            bed.write(
                    "lvsd.conf", SNMP + service(103, "", "11") + service(100, "", "12", "11") + service(101, "", "11"));
            lvsd.startAgain();
            keeps(bed, 3, 4);
            // Numbers of the configuration.
            reload(
                    bed,
                    lvsd,
                    service(104, " snmp_index 40\n", "11 7", "12")
                            + service(103, "", "11")
                            + service(100, "", "11", "12"));
            keeps(bed, 3, 5);
            for (String name : List.of("TCP 10.1.0.104:80", "TCP 10.1.0.104:80 10.2.0.11:80")) {
                assertEquals(name.endsWith(".11:80") ? "40.7" : "40", lvs.get(name), name);
            }
        }
    }

    private static void reload(Bed bed, LvsdProcess lvsd, String services) {
        bed.write("lvsd.conf", SNMP + services);
        lvsd.reload("event=config.loaded");
    }
}
