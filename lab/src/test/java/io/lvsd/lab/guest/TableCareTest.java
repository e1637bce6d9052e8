package io.lvsd.lab.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the daemon does to the kernel's table, and what it leaves alone; nlmon is the witness. */
final class TableCareTest {
    private static final String SERVICE =
            "virtual_server 10.1.0.100 80 {\n delay_loop 1\n lvs_sched rr\n lvs_method NAT\n protocol TCP\n";

    private static String server(int n) {
        return " real_server 10.2.0.1" + n + " 80 {\n  TCP_CHECK {\n   connect_timeout 2\n  }\n }\n";
    }

    private static String config(String stop) {
        return "lvsd {\n stop " + stop + "\n}\n" + SERVICE + server(1) + server(2) + "}\n";
    }

    private static final List<String> BOTH = List.of("10.2.0.11:80 1", "10.2.0.12:80 1");

    private static boolean both(Bed bed) {
        return bed.destinations().stream().filter(BOTH::contains).count() == 2;
    }

    @Test
    void theTableIsKeptRestoredAndLeftAsTheStopModeSays() {
        try (Bed bed = new Bed()) {
            bed.web("r1", "80", "one");
            bed.web("r2", "80", "two");
            Path file = bed.write("lvsd.conf", config("remove"));
            LvsdProcess lvsd = bed.lvsd(file);
            bed.until("both servers are in", () -> both(bed));

            bed.director("ipvsadm -C");
            bed.until("what was cleared is restored", () -> both(bed));

            bed.director("ipvsadm -A -t 10.9.9.9:99 -s rr; ipvsadm -a -t 10.9.9.9:99 -r 10.9.9.8:99 -m -w 7");
            Witness reload = bed.witness();
            lvsd.reload("event=config.loaded");
            waitForReads(lvsd);
            assertEquals(List.of(), reload.writes(), "a reload of an unchanged file writes nothing");
            assertTrue(bed.destinations().contains("10.9.9.8:99 7"), "a service added by hand is untouched");

            Witness crash = bed.witness();
            lvsd.kill();
            lvsd.startAgain();
            waitForReads(lvsd);
            assertEquals(List.of(), crash.writes(), "a start after a crash writes nothing");
            assertTrue(both(bed), "and no destination is missing");

            bed.write("lvsd.conf", config("keep"));
            lvsd.reload("event=config.loaded");
            waitForReads(lvsd);
            Witness keep = bed.witness();
            assertEquals(0, lvsd.terminate());
            assertEquals(List.of(), keep.writes(), "stop keep writes nothing");
            assertTrue(both(bed));

            lvsd.startAgain();
            bed.write("lvsd.conf", config("remove"));
            lvsd.reload("event=config.loaded");
            assertEquals(0, lvsd.terminate());
            assertEquals(
                    List.of("10.9.9.8:99 7"),
                    bed.destinations(),
                    "stop remove takes away what is ours and nothing else");
        }
    }

    /** Two more readings of the table have been made and answered. */
    private static void waitForReads(LvsdProcess lvsd) {
        for (int i = 0; i < 2; i++) {
            long start = System.nanoTime();
            assertEquals(0, lvsd.ask("table").status());
            Bed.waitFor("time for a reading", () -> System.nanoTime() - start > 3_000_000_000L, () -> "");
        }
    }

    @Test
    void aHealthyServerThatLeavesTheFileFinishesItsConnectionsFirst() {
        try (Bed bed = new Bed()) {
            bed.web("r1", "80", "one");
            bed.web("r2", "80", "two");
            Path file = bed.write("lvsd.conf", config("remove"));
            LvsdProcess lvsd = bed.lvsd(file);
            bed.until("both servers are in", () -> both(bed));
            bed.start("c", "idle", "bash -c \"exec 3<>/dev/tcp/10.1.0.100/80; sleep 300\"");
            bed.start("c", "idle2", "bash -c \"exec 3<>/dev/tcp/10.1.0.100/80; sleep 300\"");
            bed.until(
                    "each server has a connection",
                    () -> bed.table()
                                    .lines()
                                    .filter(l -> l.matches(".*-> 10.2.*Masq +1 +1 .*"))
                                    .count()
                            == 2);
            bed.write("lvsd.conf", "lvsd {\n removal_grace 8\n}\n" + SERVICE + server(1) + "}\n");
            lvsd.reload("event=config.loaded");
            bed.until("it stays at weight 0", () -> bed.destinations().contains("10.2.0.12:80 0"));
            bed.until(
                    "and is gone when its grace is over",
                    () -> bed.destinations().equals(List.of("10.2.0.11:80 1")));
        }
    }

    @Test
    void aForeignDestinationInOurServiceIsRemovedAndAForeignWeightIsReported() {
        try (Bed bed = new Bed()) {
            bed.web("r1", "80", "one");
            bed.web("r2", "80", "two");
            LvsdProcess lvsd = bed.lvsd(bed.write("lvsd.conf", config("remove")));
            bed.until("both servers are in", () -> both(bed));
            lvsd.logs("rs=10.2.0.12:80 check=TCP_CHECK from=unknown");
            bed.director(
                    "ipvsadm -a -t 10.1.0.100:80 -r 10.2.0.99:80 -m; ipvsadm -e -t 10.1.0.100:80 -r 10.2.0.11:80 -m -w"
                            + " 5");
            lvsd.logs("what=destination_edited");
            bed.until(
                    "the foreign one is gone, the weight stays",
                    () -> bed.destinations().containsAll(List.of("10.2.0.11:80 5", "10.2.0.12:80 1"))
                            && bed.destinations().size() == 2);
        }
    }

    private static String status(Bed bed, String path) {
        return bed.director("curl -s -o /dev/null -w %{http_code} 127.0.0.1:9180" + path);
    }

    private static long readings(Bed bed) {
        return bed.director("curl -sS --fail 127.0.0.1:9180/metrics?collect=daemon")
                .lines()
                .filter(l -> l.startsWith("lvsd_table_read_duration_seconds_count "))
                .mapToLong(l -> (long) Double.parseDouble(l.substring(l.indexOf(' '))))
                .sum();
    }

    /**
     * The reading that may be in progress at the time of the change may miss it, the next one may not. One process requests
     * the status all the time: here, readiness can return before another process has started.
     */
    @Test
    void readinessFailsAtTheNextReadingAfterAChangeByHand() {
        try (Bed bed = new Bed()) {
            bed.web("r1", "80", "one");
            bed.web("r2", "80", "two");
            LvsdProcess lvsd = bed.lvsd(
                    bed.write("lvsd.conf", "lvsd {\n http {\n  listen 127.0.0.1:9180\n }\n}\n" + config("remove")));
            bed.until("it is ready", () -> both(bed) && status(bed, "/readyz").equals("200"));
            bed.start(
                    "d",
                    "readyz",
                    "curl -s --rate 10/s -o /dev/null -w %{stderr}%{http_code}\\\\n"
                            + " \"127.0.0.1:9180/readyz#[1-100000]\"");
            for (String change : List.of(
                    "-e -t 10.1.0.100:80 -r 10.2.0.11:80 -m -w 5", "-d -t 10.1.0.100:80 -r 10.2.0.12:80", "-C")) {
                int known = statuses(bed).size();
                long before = readings(bed);
                bed.director("ipvsadm " + change);
                long completed = readings(bed);
                while (!statuses(bed).stream().skip(known).toList().contains("503")) {
                    assertTrue(completed < before + 2, () -> "not noticed: " + change + "\n" + lvsd.log());
                    completed = readings(bed);
                }
                assertEquals("200", status(bed, "/livez"));
                // What is in the way of readiness is resolved, too.
                bed.director("ipvsadm -e -t 10.1.0.100:80 -r 10.2.0.11:80 -m -w 1 2>/dev/null || true");
                bed.until(
                        "it is ready again",
                        () -> both(bed) && status(bed, "/readyz").equals("200"));
            }
        }
    }

    private static List<String> statuses(Bed bed) {
        try {
            return Files.readAllLines(bed.file("readyz.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
