package io.lvsd.lab.guest;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.lab.bench.AcceptServer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The AgentX master stops for a while: checks are as punctual as before, and its requests are served again afterwards. 100 real
 * servers and 8 s; 1,000 and 60 s with {@code -Pfull}.
 */
@Tag("alone")
final class SnmpdStoppedTest {
    private static final int SERVERS = Integer.getInteger("lvsd.lab.snmp.servers", 100);
    private static final int SECONDS = Integer.getInteger("lvsd.lab.snmp.seconds", 8);
    private static final int OF_A_SERVICE = 100;
    private static final String GET = "snmpget -v2c -c public -On -t 2 -r 0 127.0.0.1:1162 ";
    /** {@code lvsServiceStatsInPkts} of the first service. */
    private static final String PACKETS = NetSnmp.LVS + ".17.1.11.1";
    /** How much later probes may be: the emulated guest is not punctual itself. */
    private static final double FACTOR = 3;

    private static final double MARGIN = 0.05;
    private static final double PROBES = 0.9;

    private static String config(NetSnmp snmp) {
        StringBuilder text = new StringBuilder("global_defs {\n enable_traps\n}\nlvsd {\n http {\n"
                + "  listen 127.0.0.1:9180\n }\n snmp {\n  update_interval 1\n  agentx unix:" + snmp.agentxSocket()
                + "\n }\n}\nvirtual_server 10.1.0.100 80 {\n lvs_sched rr\n lvs_method NAT\n protocol TCP\n"
                + " real_server 10.2.0.11 80 {\n }\n}\n");
        for (int server = 0; server < SERVERS; server++) {
            if (server % OF_A_SERVICE == 0) {
                text.append(server == 0 ? "" : "}\n")
                        .append("virtual_server 10.8.0.")
                        .append(server / OF_A_SERVICE)
                        .append(" 80 {\n delay_loop 1\n lvs_sched rr\n lvs_method NAT\n protocol TCP\n");
            }
            text.append(" real_server 10.9.%d.%d 80 {\n  TCP_CHECK {\n   connect_timeout 5\n  }\n }\n"
                    .formatted(server / OF_A_SERVICE, 1 + server % OF_A_SERVICE));
        }
        return text.append("}\n").toString();
    }

    /** Probes since the start, their lateness, and how many were not later than each limit. */
    private record Lateness(long probes, double sum, Map<Double, Long> within) {
        private static final Pattern BUCKET =
                Pattern.compile("(?m)^lvsd_probe_lateness_seconds_bucket\\{le=\"([0-9.E-]+)\"} (\\S+)$");

        static Lateness read(Bed bed) {
            String metrics = bed.director("curl -sS --fail 127.0.0.1:9180/metrics");
            Map<Double, Long> within = new TreeMap<>();
            BUCKET.matcher(metrics)
                    .results()
                    .forEach(m -> within.put(Double.valueOf(m.group(1)), (long) Double.parseDouble(m.group(2))));
            return new Lateness(
                    (long) value(metrics, "lvsd_probe_lateness_seconds_count"),
                    value(metrics, "lvsd_probe_lateness_seconds_sum"),
                    within);
        }

        private static double value(String metrics, String name) {
            return metrics.lines()
                    .filter(l -> l.startsWith(name + " "))
                    .mapToDouble(l -> Double.parseDouble(l.substring(name.length() + 1)))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no " + name + " in " + metrics));
        }

        Lateness since(Lateness earlier) {
            Map<Double, Long> more = new TreeMap<>(within);
            more.replaceAll((limit, count) -> count - earlier.within.getOrDefault(limit, 0L));
            return new Lateness(probes - earlier.probes, sum - earlier.sum, more);
        }

        double mean() {
            return sum / probes;
        }

        /** The limit that 99 of 100 probes keep. */
        double most() {
            return within.entrySet().stream()
                    .filter(e -> e.getValue() >= 0.99 * probes)
                    .mapToDouble(Map.Entry::getKey)
                    .findFirst()
                    .orElse(Double.POSITIVE_INFINITY);
        }

        /** The limit that all keep. */
        double worst() {
            return within.entrySet().stream()
                    .filter(e -> e.getValue() >= probes)
                    .mapToDouble(Map.Entry::getKey)
                    .findFirst()
                    .orElse(Double.POSITIVE_INFINITY);
        }

        String text() {
            return String.format(
                    Locale.ROOT,
                    "%d probes, late by %.1f ms on average, 99 %% within %.0f ms, all within %.0f ms",
                    probes,
                    mean() * 1_000,
                    most() * 1_000,
                    worst() * 1_000);
        }
    }

    /** Pauses for a part of the period, with one request to the service. */
    private static Lateness during(Bed bed, Lateness before) {
        long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
        return Lateness.read(bed).since(before);
    }

    private static long packets(NetSnmp snmp) {
        String text = snmp.attempt("d", GET + PACKETS);
        int at = text.indexOf("Counter32: ");
        return at < 0 ? -1 : Long.parseLong(text.substring(at + 11).strip());
    }

    @Test
    void checksAreNotLateWhileSnmpdIsStopped() {
        try (Bed bed = new Bed()) {
            NetSnmp snmp = new NetSnmp(bed);
            Shell.ok(bed.in("r1", "ip route add local 10.9.0.0/16 dev lo"));
            bed.director("ip route add 10.9.0.0/16 via 10.2.0.11");
            bed.start("r1", "servers", "lab/bin/run-class -m 64 " + AcceptServer.class.getName() + " 80");
            bed.until(
                    "the servers listen",
                    () -> Shell.ok(bed.in("r1", "ss -Hltn sport = :80")).contains(":80"));
            Background snmpd = snmp.snmpd("");
            LvsdProcess lvsd = bed.lvsd(bed.write("lvsd.conf", config(snmp)));
            Bed.waitFor(
                    "all servers have been checked",
                    () -> Lateness.read(bed).probes() >= 10L * SERVERS,
                    () -> Lateness.read(bed).text());
            snmp.untilServed();
            assertTrue(bed.get("http://10.1.0.100/").endsWith("200"));
            Bed.waitFor("the packets are counted", () -> packets(snmp) > 0, lvsd::log);
            long packets = packets(snmp);

            Lateness before = during(bed, Lateness.read(bed));
            snmpd.signal("STOP");
            Lateness stopped;
            try {
                // A client of snmpd waits, too.
                bed.start("d", "client", "snmpget -v2c -c public -t 1 -r 5 127.0.0.1:1162 " + PACKETS);
                stopped = during(bed, Lateness.read(bed));
                assertTrue(bed.get("http://10.1.0.100/").endsWith("200"));
            } finally {
                snmpd.signal("CONT");
            }
            System.out.println("SnmpdStoppedTest: " + SERVERS + " servers, " + SECONDS + " s; before: " + before.text()
                    + "; stopped: " + stopped.text());
            Bed.waitFor(
                    "snmpd shows counters that have increased",
                    () -> packets(snmp) > packets,
                    () -> snmp.attempt("d", GET + PACKETS) + lvsd.log());
            assertTrue(stopped.probes() >= PROBES * before.probes(), stopped.text() + ", before: " + before.text());
            assertTrue(
                    stopped.mean() <= FACTOR * before.mean() + MARGIN, stopped.text() + ", before: " + before.text());
            assertTrue(
                    stopped.most() <= FACTOR * before.most() + MARGIN, stopped.text() + ", before: " + before.text());
            assertTrue(!lvsd.log().contains("event=check.down"), lvsd.log());
        }
    }
}
