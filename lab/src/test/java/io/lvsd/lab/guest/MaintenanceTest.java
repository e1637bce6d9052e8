package io.lvsd.lab.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Planned maintenance as clients see it, inside and outside of the allowed network: through a reload, a kill, an orderly restart,
 * and until its time. The sorry server is a process of its own, which outlives the daemon.
 */
final class MaintenanceTest {
    private static final String OUTSIDE = "10.1.0.2";
    private static final String INSIDE = "10.1.0.70";

    private static String realServer(String address) {
        return " real_server " + address + " 80 {\n  TCP_CHECK {\n   connect_timeout 2\n   retry 0\n  }\n }\n";
    }

    private static final String CONFIG = "lvsd {\n removal_grace 2\n stop keep\n}\n"
            + "virtual_server 10.1.0.100 80 {\n delay_loop 1\n lvs_sched rr\n lvs_method NAT\n protocol TCP\n"
            + " sorry_server 127.0.0.1 80\n" + realServer("10.2.0.11") + realServer("10.2.0.12") + "}\n";

    private static String get(Bed bed, String client) {
        return bed.client("curl -si --max-time 10 --interface " + client + " http://10.1.0.100/ || true");
    }

    private static boolean isPage(String answer) {
        return answer.startsWith("HTTP/1.1 502 Service temporarily down\r\n") && answer.contains("Back at six");
    }

    private static boolean isReal(String answer) {
        return answer.startsWith("HTTP/1.1 200 OK\r\n") && (answer.endsWith("one\n") || answer.endsWith("two\n"));
    }

    /** Outside clients get the page, and allowed ones the real servers. */
    private static void assertMaintained(Bed bed, LvsdProcess lvsd, String when) {
        bed.until(
                when + ": the sorry server alone is in the table",
                () -> bed.destinations().equals(List.of("10.1.0.100:18080 1")));
        for (int i = 0; i < 3; i++) {
            String outside = get(bed, OUTSIDE);
            assertTrue(isPage(outside), () -> when + ", outside: " + outside + lvsd.log());
            String inside = get(bed, INSIDE);
            assertTrue(isReal(inside), () -> when + ", inside: " + inside + bed.table() + lvsd.log());
        }
    }

    private static Shell.Result command(Bed bed, String options) {
        return Shell.run(bed.in(
                "d", "./lvsd maintenance 10.1.0.100:80 " + options + " --timeout 60 --run-dir " + bed.file("run")));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void clientsAreServedAsPlanned() {
        try (Bed bed = new Bed()) {
            bed.client("ip addr add " + INSIDE + "/24 dev $(ip -o addr show to " + OUTSIDE + " | cut -d\" \" -f2)");
            bed.web("r1", "10.2.0.11:80", "one");
            bed.web("r2", "10.2.0.12:80", "two");
            Background sorry = bed.start(
                    "d", "sorry", "./lvsd sorry --run-dir " + bed.file("run") + " --state-dir " + bed.file("state"));
            Bed.waitFor(
                    "the sorry server is ready", () -> sorry.log().contains("event=sorry_server.ready"), sorry::log);
            Path config = bed.write("lvsd.conf", CONFIG);
            LvsdProcess lvsd = bed.lvsd(config);
            bed.until("both serve", () -> bed.destinations().equals(List.of("10.2.0.11:80 1", "10.2.0.12:80 1")));
            assertTrue(isReal(get(bed, OUTSIDE)));

            Shell.Result on = command(bed, "on --message \"Back at six\" --until 1h --allow 10.1.0.64/26");
            assertEquals(0, on.status(), on::text);
            assertTrue(on.text().contains("real servers see an address of the director as the source"), on::text);
            assertMaintained(bed, lvsd, "maintenance");
            Matcher retry = Pattern.compile("Retry-After: (\\d+)\r\n").matcher(get(bed, OUTSIDE));
            assertTrue(retry.find() && Integer.parseInt(retry.group(1)) <= 3_600);
            assertTrue(Integer.parseInt(retry.group(1)) > 3_000, retry::group);

            Path answers = bed.file("outside");
            bed.requests("http://10.1.0.100/", answers);
            bed.until("the client requests", () -> Files.exists(answers));
            bed.write("lvsd.conf", CONFIG.replace("delay_loop 1", "delay_loop 2"));
            lvsd.reload("event=config.loaded");
            assertMaintained(bed, lvsd, "after a reload");

            lvsd.kill();
            assertTrue(isPage(get(bed, OUTSIDE)) && isReal(get(bed, INSIDE)), "without a daemon");
            lvsd.startAgain();
            lvsd.logs("event=maintenance.on");
            assertMaintained(bed, lvsd, "after kill -9");
            assertEquals(0, lvsd.terminate());
            assertTrue(isPage(get(bed, OUTSIDE)) && isReal(get(bed, INSIDE)), "after stop keep");
            lvsd.startAgain();
            assertMaintained(bed, lvsd, "after a restart");
            List<String> seen = lines(answers);
            assertTrue(seen.size() > 10);
            assertEquals(
                    List.of(), seen.stream().filter(l -> !l.startsWith("502 ")).toList(), "the page only");

            Shell.Result soon = command(bed, "on --message \"Back at six\" --until 15s --allow 10.1.0.64/26");
            assertEquals(0, soon.status(), soon::text);
            lvsd.logs("event=maintenance.off vs=10.1.0.100:80/tcp reason=time");
            bed.until("both serve again", () -> bed.destinations().equals(List.of("10.2.0.11:80 1", "10.2.0.12:80 1")));
            assertTrue(isReal(get(bed, OUTSIDE)) && isReal(get(bed, INSIDE)));
        }
    }
}
