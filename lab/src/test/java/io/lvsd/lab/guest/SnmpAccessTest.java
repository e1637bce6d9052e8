package io.lvsd.lab.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Who may read and write, and how often. */
final class SnmpAccessTest {
    private static final String SERVICE = "virtual_server 10.1.0.100 80 {\n"
            + " lvs_sched wrr\n"
            + " lvs_method NAT\n"
            + " protocol TCP\n"
            + " real_server 10.2.0.11 80 {\n"
            + "  weight 2\n"
            + " }\n"
            + " real_server 10.2.0.12 80 {\n"
            + "  weight 3\n"
            + " }\n"
            + "}\n";
    private static final String OWN = "127.0.0.1:1161 ";
    private static final String MASTER = "127.0.0.1:1162 ";
    /** {@code realServerWeight} of the first real server. */
    private static final String WEIGHT = NetSnmp.KEEPALIVED + ".3.4.1.7.1.1";
    /** A request of SNMPv2c for {@code sysUpTime.0}, in the community public, as bash's printf writes it. */
    private static final String REQUEST =
            "\\x30\\x26\\x02\\x01\\x01\\x04\\x06public\\xa0\\x19\\x02\\x01\\x01\\x02\\x01\\x00"
                    + "\\x02\\x01\\x00\\x30\\x0e\\x30\\x0c\\x06\\x08\\x2b\\x06\\x01\\x02\\x01\\x01\\x03\\x00\\x05\\x00";

    private static final int REQUESTS = 3_000;
    private static final int PER_SECOND = 20;
    private static final double NANOS = 1e9;

    private static long counter(Bed bed, String type) {
        String metrics = bed.director("curl -sS --fail 127.0.0.1:9180/metrics");
        Matcher value = Pattern.compile("(?m)^lvsd_snmp_requests_total\\{type=\"" + type + "\"} (\\S+)$")
                .matcher(metrics);
        assertTrue(value.find(), metrics);
        return (long) Double.parseDouble(value.group(1));
    }

    @Test
    void aSourceIsLimitedAndOthersGetNoResponse() {
        try (Bed bed = new Bed()) {
            NetSnmp snmp = new NetSnmp(bed);
            bed.lvsd(bed.write(
                    "lvsd.conf",
                    "lvsd {\n http {\n  listen 127.0.0.1:9180\n }\n snmp {\n  listen udp:10.1.0.1:1161\n"
                            + "  community public 10.1.0.0/30\n  rate_limit " + PER_SECOND + "\n }\n}\n" + SERVICE));
            bed.until("both servers are in", () -> bed.destinations().size() == 2);
            String get = "snmpget -v2c -c public -t 1 -r 0 10.1.0.1:1161 " + NetSnmp.LVS + ".2.0";
            Bed.waitFor(
                    "the agent responds to the client",
                    () -> snmp.attempt("c", get).contains("INTEGER: 1"),
                    () -> snmp.attempt("c", get));
            long unauthorized = counter(bed, "unauthorized");
            assertTrue(snmp.attempt("r1", get).contains("Timeout"));
            assertEquals(unauthorized + 1, counter(bed, "unauthorized"));
            long accepted = counter(bed, "get");
            assertEquals(0, counter(bed, "limited"));

            long begin = System.nanoTime();
            bed.client("exec 3<>/dev/udp/10.1.0.1/1161; for ((i = 0; i < " + REQUESTS + "; i++)); do printf \""
                    + REQUEST + "\" >&3; done");
            double seconds = (System.nanoTime() - begin) / NANOS;
            // The kernel drops what does not fit in the receive buffer of the agent.
            Bed.waitFor(
                    "requests are limited",
                    () -> counter(bed, "limited") > 0,
                    () -> counter(bed, "get") - accepted + " and limited " + counter(bed, "limited"));
            long processed = counter(bed, "get") - accepted;
            double elapsed = (System.nanoTime() - begin) / NANOS;
            long limited = counter(bed, "limited");
            System.out.printf(
                    "SnmpAccessTest: %d requests in %.1f s: %d processed, %d limited%n",
                    REQUESTS, seconds, processed, limited);
            assertTrue(processed <= PER_SECOND * (elapsed + 1), processed + " in " + elapsed + " s");
            assertTrue(processed >= PER_SECOND, "fewer than a burst of one second");
            Bed.waitFor(
                    "the client gets responses again",
                    () -> snmp.attempt("c", get).contains("INTEGER: 1"),
                    () -> snmp.attempt("c", get));
        }
    }

    private static String set(String as, String agent, int weight) {
        return "snmpset -t 30 -r 0 " + as + "-- " + agent + WEIGHT + " i " + weight;
    }

    private static void hasWeight(Bed bed, int weight) {
        bed.until("the weight is " + weight, () -> bed.destinations().contains("10.2.0.11:80 " + weight));
        assertTrue(bed.destinations().contains("10.2.0.12:80 3"), bed.table());
    }

    private static void refused(Bed bed, NetSnmp snmp, String command, String error) {
        String text = snmp.attempt("d", command);
        assertTrue(text.contains(error), command + "\n" + text);
        assertTrue(bed.destinations().stream().noneMatch(d -> d.endsWith(" 66")), bed.table());
    }

    @Test
    void aWeightIsSetByUsersWithWriteOnly() {
        try (Bed bed = new Bed()) {
            NetSnmp snmp = new NetSnmp(bed);
            snmp.snmpd("rwcommunity private 127.0.0.1");
            String config = "lvsd {\n snmp {\n  listen udp:127.0.0.1:1161\n  community public\n  community private\n"
                    + "  write on\n  update_interval 0.1\n  agentx unix:" + snmp.agentxSocket() + "\n"
                    + NetSnmp.user("writer", "   write on\n") + NetSnmp.user("reader", "") + " }\n}\n";
            LvsdProcess lvsd = bed.lvsd(bed.write("lvsd.conf", config + SERVICE));
            hasWeight(bed, 2);
            snmp.untilServed();
            refused(bed, snmp, set("-v2c -c public ", OWN, 66), "noAccess");
            refused(bed, snmp, set("-v2c -c private ", OWN, 66), "noAccess");
            refused(bed, snmp, set("-v1 -c public ", OWN, 66), "noSuchName");
            refused(bed, snmp, set(NetSnmp.as("reader"), OWN, 66), "noAccess");
            refused(bed, snmp, set("-v2c -c public ", MASTER, 66), "noAccess");
            refused(bed, snmp, set("-v2c -c private ", MASTER, -1), "wrongValue");
            refused(bed, snmp, set(NetSnmp.as("writer"), OWN, -1), "wrongValue");
            hasWeight(bed, 2);

            assertTrue(snmp.ok(set(NetSnmp.as("writer"), OWN, 7)).contains("INTEGER: 7"));
            hasWeight(bed, 7);
            bed.write("lvsd.conf", config + SERVICE.replace("weight 2", "weight 4"));
            lvsd.reload("event=config.loaded");
            hasWeight(bed, 7);

            assertTrue(snmp.ok(set("-v2c -c private ", MASTER, 9)).contains("INTEGER: 9"));
            hasWeight(bed, 9);
            lvsd.kill();
            lvsd.startAgain();
            hasWeight(bed, 9);
            for (String agent : new String[] {OWN, MASTER}) {
                Bed.waitFor(
                        "the weight is shown by " + agent,
                        () -> snmp.attempt("d", "snmpget -v2c -c public -On " + agent + WEIGHT)
                                .contains("INTEGER: 9"),
                        () -> snmp.attempt("d", "snmpget -v2c -c public -On " + agent + WEIGHT));
            }
        }
    }
}
