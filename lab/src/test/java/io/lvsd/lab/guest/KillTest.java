package io.lvsd.lab.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A daemon is killed at random moments of a busy life, from its first instruction on, while a client sends one request after
 * the other through a NAT service: none may fail, as a live server could have answered each. Twenty kills; two hundred with
 * {@code -Pfull}.
 */
final class KillTest {
    private static final long MOMENT_MILLIS = 9_000;
    private static final long STEP_MILLIS = 150;
    private static final int REQUESTS_A_KILL = 3;
    /** Exit status after SIGKILL. */
    private static final int KILLED = 137;
    /** Exit status of a start that would remove all real servers. */
    private static final int REFUSED = 7;

    private final long seed = Long.getLong("seed", System.nanoTime());

    private static String rs(int server, int weight) {
        return " real_server 10.2.0.1" + server + " 80 {\n  weight " + weight
                + "\n  TCP_CHECK {\n   connect_timeout 5\n  }\n }\n";
    }

    /**
     * The first server is always configured; the others and all weights change. Not the scheduler: while the kernel
     * exchanges it (ip_vs_edit_service), it has none, and turns new connections away.
     */
    private static String config(Random random) {
        String more = random.nextInt(3) == 0 ? "" : rs(2, 1 + random.nextInt(3));
        String other = random.nextBoolean()
                ? ""
                : "virtual_server 10.1.0.101 80 {\n delay_loop 1\n lvs_sched rr\n lvs_method NAT\n protocol TCP\n"
                        + rs(2, 1) + "}\n";
        return "lvsd {\n"
                + " removal_grace 5\n"
                + "}\n"
                + "virtual_server 10.1.0.100 80 {\n"
                + " delay_loop 1\n"
                + " lvs_sched wrr\n"
                + " lvs_method NAT\n"
                + " protocol TCP\n"
                + " sorry_server 10.2.0.99 80\n"
                + rs(1, 1 + random.nextInt(3)) + more + "}\n" + other;
    }

    private static boolean isServed(Bed bed) {
        return bed.destinations().stream().anyMatch(d -> d.startsWith("10.2.0.1") && !d.endsWith(" 0"));
    }

    @Test
    void noRequestFailsWhileTheDaemonIsKilledAgainAndAgain() throws IOException {
        Random random = new Random(seed);
        int kills = Integer.getInteger("lvsd.lab.kills", 20);
        System.out.println("KillTest: -Dseed=" + seed + ", " + kills + " kills");
        try (Bed bed = new Bed()) {
            bed.web("r1", "80", "one");
            bed.web("r2", "80", "two");
            Path file = bed.write("lvsd.conf", config(random));
            LvsdProcess first = bed.lvsd(file);
            bed.until("the service is served", () -> isServed(bed));
            Path answers = bed.file("answers");
            Background client = bed.requests("http://10.1.0.100/", answers);
            first.kill();
            int refused = 0;
            for (int kill = 0; kill < kills; kill++) {
                assertTrue(isServed(bed), () -> "no real server in the table after a kill: " + bed.table());
                Background daemon = bed.start(
                        "d",
                        "killed" + kill,
                        "./lvsd run -f " + file + " --run-dir " + bed.file("run") + " --state-dir "
                                + bed.file("state"));
                long moment = System.nanoTime() + random.nextLong(MOMENT_MILLIS) * 1_000_000;
                while (System.nanoTime() - moment < 0) {
                    LockSupport.parkNanos(STEP_MILLIS * 1_000_000);
                    // In place: a start or reload that reads it meanwhile finds an empty file, which it refuses.
                    Files.writeString(file, config(random));
                    if (daemon.log().contains("event=daemon.ready")) {
                        daemon.signal("HUP");
                    }
                }
                int status = daemon.kill();
                assertTrue(status == KILLED || status == REFUSED, () -> status + ": " + daemon.log());
                refused += status == REFUSED ? 1 : 0;
            }
            client.close();
            List<String> all = Files.readAllLines(answers);
            System.out.println("KillTest: " + all.size() + " requests, " + refused + " starts refused");
            assertTrue(all.size() > kills * REQUESTS_A_KILL, () -> "only " + all.size() + " requests");
            assertEquals(
                    List.of(),
                    all.stream().filter(a -> !a.startsWith("200 ")).toList(),
                    () -> "of " + all.size() + " requests; " + bed.table());
        }
    }

    @Test
    @Tag("long")
    void noRequestFailsWhileTheDaemonReloadsAgainAndAgain() throws IOException {
        Random random = new Random(seed);
        try (Bed bed = new Bed()) {
            bed.web("r1", "80", "one");
            bed.web("r2", "80", "two");
            Path file = bed.write("lvsd.conf", config(random));
            LvsdProcess lvsd = bed.lvsd(file);
            bed.until("the service is served", () -> isServed(bed));
            Path answers = bed.file("answers");
            bed.requests("http://10.1.0.100/", answers);
            int reloads = Integer.getInteger("lvsd.lab.kills", 20);
            for (int i = 0; i < reloads || Files.readAllLines(answers).size() < reloads; i++) {
                Files.writeString(file, config(random));
                assertEquals(0, lvsd.ask("reload force").status());
                LockSupport.parkNanos(random.nextLong(2 * STEP_MILLIS) * 1_000_000);
            }
            List<String> all = Files.readAllLines(answers);
            assertEquals(
                    List.of(), all.stream().filter(a -> !a.startsWith("200 ")).toList(), "-Dseed=" + seed);
        }
    }
}
