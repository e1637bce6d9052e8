package io.lvsd.lab.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.core.control.ControlClient;
import io.lvsd.core.control.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@code lvsd run --shadow} next to a packaged keepalived that maintains the table: failures, a reload, and changes of the table
 * by hand. It finds and names each difference and writes nothing. Then lvsd takes over the table without a write. Ten minutes,
 * with {@code -Pfull}.
 */
final class ShadowModeTest {
    private static final long DURATION_NANOS =
            Duration.ofMinutes(Boolean.getBoolean("lvsd.lab.full") ? 10 : 0).toNanos();
    private static final String ONE = "10.2.0.11:80";
    private static final String TWO = "10.2.0.12:80";
    private static final int LVSD = 0;

    private static String config(int weight) {
        return "virtual_server 10.1.0.100 80 {\n delay_loop 1\n lvs_sched wrr\n lvs_method NAT\n protocol TCP\n"
                + server(1, 1) + server(2, weight) + "}\n";
    }

    private static String server(int n, int weight) {
        return " real_server 10.2.0.1" + n + " 80 {\n  weight " + weight
                + "\n  HTTP_GET {\n   url {\n    path /\n    status_code 200\n   }\n   connect_timeout 2\n   retry 1\n"
                + "   delay_before_retry 1\n  }\n }\n";
    }

    private final Bed bed;
    private final Path file;
    private Background two;
    private int failures;
    private final Background keepalived;
    private final Witness watched;
    private final Background shadow;

    ShadowModeTest() {
        bed = new Bed();
        file = bed.write("lvsd.conf", config(2));
        bed.web("r1", "80", "one");
        two = bed.web("r2", "80", "two");
        keepalived = bed.start(
                "d",
                "keepalived",
                "keepalived -n -l -G -C -I -p " + bed.file("k.pid") + " -c " + bed.file("c.pid") + " -f " + file);
        bed.until("keepalived has both servers", () -> bed.destinations().size() == 2);
        watched = bed.witness();
        shadow = bed.start("d", "shadow", "./lvsd run --shadow -f " + file + " --run-dir " + bed.file("shadow"));
        Bed.waitFor("the shadow runs", () -> shadow.log().contains("event=daemon.ready"), shadow::log);
    }

    private String request(String words) {
        try {
            Reply reply = ControlClient.request(bed.file("shadow").resolve("lvsd.sock"), words);
            assertEquals(0, reply.status(), reply::body);
            return reply.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String report() {
        return request("shadow-report");
    }

    private void waitForReport(String what, Predicate<String> condition) {
        Bed.waitFor(what, () -> condition.test(report()), () -> report() + shadow.log() + bed.table());
    }

    /** Without this, both tables may agree because the shadow has not read the table since. */
    private void shadowHas(String event) {
        Bed.waitFor(
                "the shadow has " + event,
                () -> shadow.log().lines().filter(l -> l.contains(event)).count() == failures,
                shadow::log);
    }

    private void agreed() {
        waitForReport("both tables agree", r -> r.contains("no present difference"));
    }

    /** A change by hand is found and named; then it is reverted. */
    private void planted(String change, String revert, String named) {
        bed.director("ipvsadm " + change);
        waitForReport("found: " + named, r -> r.contains(named));
        bed.director("ipvsadm " + revert);
        agreed();
    }

    @Test
    @Tag("long")
    void findsEachDifferenceWritesNothingAndTakesOver() throws IOException {
        try (bed) {
            agreed();
            long start = System.nanoTime();
            do {
                round();
            } while (System.nanoTime() - start < DURATION_NANOS);
            String report = Shell.ok("./lvsd shadow report --run-dir " + bed.file("shadow"));
            System.out.println("ShadowModeTest:\n" + report);
            shadow.signal("TERM");
            assertEquals(0, shadow.await(), shadow::log);
            List<Witness.Request> seen = watched.requests();
            assertTrue(seen.stream().anyMatch(r -> r.sender() == LVSD), "the readings of lvsd are recognized");
            assertTrue(seen.stream().anyMatch(r -> r.sender() != LVSD && r.write()), "those of keepalived as well");
            assertEquals(
                    List.of(),
                    seen.stream().filter(r -> r.sender() == LVSD && r.write()).toList());
            takesOver();
        }
    }

    private void round() throws IOException {
        // A failure, which both notice.
        two.signal("KILL");
        failures++;
        bed.until("keepalived has removed it", () -> bed.destinations().equals(List.of(ONE + " 1")));
        shadowHas("event=rs.down");
        agreed();
        two = bed.web("r2", "80", "two");
        bed.until("keepalived has added it", () -> bed.destinations().size() == 2);
        shadowHas("event=rs.up");
        agreed();
        String service = "-t 10.1.0.100:80";
        String ofTwo = service + " -r " + TWO;
        planted("-d " + ofTwo, "-a " + ofTwo + " -m -w 2", "removed " + TWO);
        assertTrue(shadow.log().contains("event=shadow.differs vs=10.1.0.100:80/tcp rs=" + TWO + " what=missing"));
        planted("-e " + ofTwo + " -m -w 7", "-e " + ofTwo + " -m -w 2", "wanted weight 2, table weight 7");
        planted(
                "-a " + service + " -r 10.2.0.99:80 -m -w 1",
                "-d " + service + " -r 10.2.0.99:80",
                "no such real server is configured here");
        planted("-E " + service + " -s rr", "-E " + service + " -s wrr", "wanted scheduler wrr, table scheduler rr");
        // A reload of both.
        bed.write("lvsd.conf", config(3));
        keepalived.signal("HUP");
        assertTrue(request("reload").contains("reloaded"));
        bed.until("keepalived has the new weight", () -> bed.destinations().contains(TWO + " 3"));
        agreed();
        bed.write("lvsd.conf", config(2));
        keepalived.signal("HUP");
        assertTrue(request("reload").contains("reloaded"));
        bed.until("keepalived has the former weight", () -> bed.destinations().contains(TWO + " 2"));
        agreed();
    }

    /** keepalived stops and leaves its table; lvsd adopts it while clients go on. */
    private void takesOver() throws IOException {
        Path answers = bed.file("answers");
        Background client = bed.requests("http://10.1.0.100/", answers);
        bed.until("clients are served", () -> Files.exists(answers));
        keepalived.signal("TERM");
        keepalived.await();
        assertEquals(2, bed.destinations().size(), bed::table);
        Witness adoption = bed.witness();
        LvsdProcess lvsd = bed.lvsd(file);
        lvsd.logs("check.up");
        int before = Files.readAllLines(answers).size();
        Bed.waitFor(
                "more requests were served",
                () -> {
                    try {
                        return Files.readAllLines(answers).size() > before + 20;
                    } catch (IOException e) {
                        return false;
                    }
                },
                lvsd::log);
        client.close();
        assertEquals(List.of(), adoption.writes(), "the table is adopted without a write");
        assertEquals(
                List.of(),
                Files.readAllLines(answers).stream()
                        .filter(a -> !a.startsWith("200 "))
                        .toList());
        assertFalse(lvsd.log().contains("ipvs.failed"));
    }
}
