package io.lvsd.lab.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Notifications when all real servers of a virtual server die and return, as snmptrapd receives them in each way. */
final class SnmpNotificationTest {
    private static final String ENGINE = "8000274b0511223344";
    private static final String RECEIVER = "udp:127.0.0.1:1163";
    private static final String TRAP_OID = ".1.3.6.1.6.3.1.1.4.1.0";
    private static final String EVENTS = NetSnmp.KEEPALIVED + ".3.5.0.";
    private static final String VIRTUAL = NetSnmp.KEEPALIVED + ".3.3.1.";
    private static final String REAL = NetSnmp.KEEPALIVED + ".3.4.1.";
    /** Type and last words of what {@code %P} of snmptrapd is. */
    private static final Pattern SECURITY =
            Pattern.compile("(TRAP2|INFORM), SNMP (v2c|v3), (?:community|user) (\\w+).*");

    private static final List<String> OWN =
            List.of("TRAP2 v2c plain", "INFORM v2c confirmed", "TRAP2 v3 trapper", "INFORM v3 informer");
    private static final String MASTER = "TRAP2 v2c master";
    private static final List<String> START = List.of("quorum met 10.1.0.101 1/1", "quorum met 10.1.0.100 3/3");
    private static final List<String> DOWN = List.of(
            "rs 10.2.0.11:80 dead 10.1.0.100 2/3",
            "rs 10.2.0.11:81 dead 10.1.0.100 1/3",
            "rs 10.2.0.12:80 dead 10.1.0.100 0/3",
            "quorum notMet 10.1.0.100 0/3");
    private static final List<String> UP = List.of(
            "rs 10.2.0.12:80 alive 10.1.0.100 1/3",
            "quorum met 10.1.0.100 1/3",
            "rs 10.2.0.11:80 alive 10.1.0.100 2/3",
            "rs 10.2.0.11:81 alive 10.1.0.100 3/3");
    private static final List<String> STOP =
            List.of("quorum shutdown 10.1.0.101 1/1", "quorum shutdown 10.1.0.100 3/3");

    private static String rs(String at) {
        return " real_server " + at + " {\n  TCP_CHECK {\n   connect_timeout 3\n   retry 0\n  }\n }\n";
    }

    private static String config(NetSnmp snmp) {
        return "global_defs {\n router_id bed\n enable_traps\n}\nlvsd {\n snmp {\n  engine_id 0x" + ENGINE
                + "\n  agentx unix:" + snmp.agentxSocket() + "\n" + NetSnmp.user("trapper", "")
                + NetSnmp.user("informer", "") + "  sink " + RECEIVER + " community plain\n  sink " + RECEIVER
                + " community confirmed inform\n  sink " + RECEIVER + " user trapper\n  sink " + RECEIVER
                + " user informer inform\n }\n}\n"
                + "virtual_server 10.1.0.101 80 {\n lvs_sched rr\n lvs_method NAT\n protocol TCP\n"
                + " real_server 10.2.0.12 80 {\n }\n}\n"
                + "virtual_server 10.1.0.100 80 {\n delay_loop 1\n lvs_sched rr\n lvs_method NAT\n protocol TCP\n"
                + " sorry_server 10.2.0.99 80\n" + rs("10.2.0.11 80") + rs("10.2.0.11 81") + rs("10.2.0.12 80")
                + "}\n";
    }

    private static String receiver() {
        return "authCommunity log plain\nauthCommunity log confirmed\nauthCommunity log master\n"
                + "createUser -e 0x" + ENGINE + " trapper SHA-256 trapper-auth-pass AES trapper-priv-pass\n"
                + "createUser informer SHA-256 informer-auth-pass AES informer-priv-pass\n"
                + "authUser log trapper priv\nauthUser log informer priv\n";
    }

    /** What each sender delivered of KEEPALIVED-MIB, in order. */
    private static Map<String, List<String>> received(NetSnmp snmp) {
        Map<String, List<String>> received = new TreeMap<>();
        Set<String> seen = new HashSet<>();
        for (String line : snmp.notifications().lines().toList()) {
            int bar = line.indexOf('|');
            var security = SECURITY.matcher(line.substring(0, Math.max(bar, 0)));
            if (security.matches()) {
                String sender = security.group(1) + " " + security.group(2) + " " + security.group(3);
                Map<String, String> values = new HashMap<>();
                for (String binding : line.substring(bar + 1).split("\t")) {
                    int equals = binding.indexOf(" = ");
                    values.put(binding.substring(0, equals), binding.substring(equals + 3));
                }
                String event = value(values, TRAP_OID);
                // An inform that is acknowledged late is sent again.
                boolean first = seen.add(sender + " " + line.substring(bar + 1));
                if (event.startsWith(EVENTS) && first) {
                    received.computeIfAbsent(sender, _ -> new ArrayList<>()).add(summary(event, values));
                }
            }
        }
        return received;
    }

    private static String summary(String event, Map<String, String> values) {
        String server =
                address(values, VIRTUAL + 6) + " " + value(values, VIRTUAL + 21) + "/" + value(values, VIRTUAL + 20);
        assertEquals(
                "62 65 64",
                value(values, NetSnmp.KEEPALIVED + ".1.2.0").replace("\"", "").strip());
        assertEquals("80", value(values, VIRTUAL + 7));
        if (event.equals(EVENTS + "1")) {
            String state = value(values, REAL + 6).equals("1") ? "alive" : "dead";
            return "rs " + address(values, REAL + 4) + ":" + value(values, REAL + 5) + " " + state + " " + server;
        }
        assertEquals(EVENTS + "2", event);
        String state = List.of("met", "notMet", "shutdown").get(Integer.parseInt(value(values, VIRTUAL + 23)) - 1);
        return "quorum " + state + " " + server;
    }

    private static String value(Map<String, String> values, String oid) {
        String value = values.getOrDefault(oid, "");
        return value.substring(value.indexOf(": ") + 2).strip();
    }

    private static String address(Map<String, String> values, String oid) {
        List<String> octets = Pattern.compile("[0-9A-F]{2}")
                .matcher(value(values, oid))
                .results()
                .map(MatchResult::group)
                .map(octet -> "" + Integer.parseInt(octet, 16))
                .toList();
        return String.join(".", octets);
    }

    /** Waits until every sender has delivered as many, and compares all of them. */
    private static void expect(NetSnmp snmp, List<String> expected, boolean master) {
        List<String> senders = new ArrayList<>(OWN);
        if (master) {
            senders.add(MASTER);
        }
        Bed.waitFor(
                expected.size() + " notifications of " + senders,
                () -> {
                    Map<String, List<String>> received = received(snmp);
                    return senders.stream()
                            .allMatch(s -> received.getOrDefault(s, List.of()).size() >= expected.size());
                },
                snmp::notifications);
        Map<String, List<String>> all = new TreeMap<>();
        senders.forEach(sender -> all.put(sender, expected));
        Map<String, List<String>> received = received(snmp);
        received.keySet().removeIf(sender -> sender.equals(MASTER) && !master);
        assertEquals(all, received);
    }

    private static int in(Bed bed) {
        return (int) bed.destinations().stream()
                .filter(d -> !d.contains("10.2.0.99"))
                .count();
    }

    @Test
    void everyReceiverGetsEachChangeOnceAndInOrder() {
        try (Bed bed = new Bed()) {
            NetSnmp snmp = new NetSnmp(bed);
            snmp.snmptrapd(receiver());
            snmp.snmpd("trap2sink 127.0.0.1:1163 master");
            Background one = bed.web("r1", "80", "one");
            Background two = bed.web("r1", "81", "two");
            Background three = bed.web("r2", "80", "three");
            LvsdProcess lvsd = bed.lvsd(bed.write("lvsd.conf", config(snmp)));
            bed.until("all servers are in", () -> in(bed) == 4);
            snmp.untilServed();
            List<String> expected = new ArrayList<>(START);
            expect(snmp, expected, false);
            // snmpd may have accepted the subagent after the start.
            boolean master = received(snmp).containsKey(MASTER);
            int left = 4;
            for (Background server : List.of(one, two, three)) {
                server.close();
                int rest = --left;
                bed.until("a server is out", () -> in(bed) == rest);
            }
            expected.addAll(DOWN);
            expect(snmp, expected, master);
            for (String listen : List.of("r2 80 three", "r1 80 one", "r1 81 two")) {
                String[] words = listen.split(" ");
                bed.web(words[0], words[1], words[2]);
                int now = ++left;
                bed.until("a server is in", () -> in(bed) == now);
            }
            expected.addAll(UP);
            expect(snmp, expected, master);
            if (!master) {
                List<String> later = expected.subList(START.size(), expected.size());
                assertEquals(later, received(snmp).get(MASTER));
            }
            assertEquals(0, lvsd.terminate());
            expected.addAll(STOP);
            expect(snmp, expected, false);
            System.out.println("SnmpNotificationTest: " + received(snmp));
        }
    }
}
