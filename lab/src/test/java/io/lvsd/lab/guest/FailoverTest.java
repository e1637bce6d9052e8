package io.lvsd.lab.guest;

import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Two directors and one file, the same on both: packaged keepalived does VRRP and connection synchronisation by it, lvsd the
 * virtual servers. A client sends request after request, and downloads, while the virtual address moves.
 */
final class FailoverTest {
    private static final int SIZE = 1_000_000;
    private static final int STEPS = 60;
    private static final int STEP_SIZE = 10_000;
    private static final int REQUESTS = 5;
    private static final String VIP = "10.1.0.100";

    private static final String CONFIG = """
        global_defs {
          lvs_sync_daemon back inst pair
        }
        vrrp_instance pair {
          state BACKUP
          interface front
          virtual_router_id 51
          priority 100
          advert_int 1
          virtual_ipaddress {
            10.1.0.100/24 dev front
            10.2.0.1/24 dev back
          }
        }
        virtual_server 10.1.0.100 80 {
          delay_loop 1
          lvs_sched rr
          lvs_method NAT
          protocol TCP
          real_server 10.2.0.11 80 {
            TCP_CHECK {
              connect_timeout 5
            }
          }
          real_server 10.2.0.12 80 {
            TCP_CHECK {
              connect_timeout 5
            }
          }
        }
        """;

    private static Background keepalived(Bed bed, String director) {
        return bed.start(
                director,
                "keepalived-" + director,
                "keepalived --vrrp -n -l -G -D -p " + bed.file(director + ".pid") + " -r "
                        + bed.file(director + "-vrrp.pid") + " -f " + bed.file("shared.conf"));
    }

    private static boolean isMaster(Bed bed, String director) {
        String addresses = Shell.ok(bed.in(director, "ip -4 -o addr"));
        return addresses.contains(VIP + "/24") && addresses.contains("10.2.0.1/24");
    }

    private static long active(Bed bed, String director) {
        return Shell.ok(bed.in(director, "ipvsadm -Ln"))
                .lines()
                .filter(l -> l.strip().startsWith("-> 10."))
                .count();
    }

    private static Set<String> ports(Bed bed) {
        return Shell.ok(bed.in("c", "ss -Htn dst " + VIP))
                .lines()
                .map(l -> l.strip().split("\\s+")[3])
                .map(address -> address.substring(address.lastIndexOf(':')))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The client's port of the connection that is still there after a while: the requests' are not. */
    private static String lastingPort(Bed bed) {
        AtomicReference<String> found = new AtomicReference<>("");
        bed.until("the download is under way", () -> {
            Set<String> ports = ports(bed);
            LockSupport.parkNanos(ofSeconds(2).toNanos());
            ports.retainAll(ports(bed));
            found.set(ports.stream().findFirst().orElse(""));
            return ports.size() == 1;
        });
        return Objects.requireNonNull(found.get());
    }

    /** Whether a director knows a connection, its own or its peer's. */
    private static boolean isKnown(Bed bed, String director, String port) {
        return Shell.ok(bed.in(director, "ipvsadm -Lnc"))
                .lines()
                .anyMatch(l -> l.contains("ESTABLISHED") && l.contains("10.1.0.2" + port + " "));
    }

    private static long good(Path answers) {
        return lines(answers).stream().filter(l -> l.startsWith("200 ")).count();
    }

    private static List<String> lines(Path answers) {
        try {
            return Files.exists(answers) ? Files.readAllLines(answers) : List.of();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The address moves while requests are answered before, and after. */
    private static void moves(Bed bed, Path answers, String to, String what) {
        bed.until(what + ": " + to + " takes the addresses", () -> isMaster(bed, to));
        long before = good(answers);
        bed.until(what + ": requests are answered", () -> good(answers) >= before + REQUESTS);
    }

    @Test
    void trafficFollowsTheAddress() throws IOException {
        try (Bed bed = Bed.pair()) {
            bed.web("r", "10.2.0.11:80", "one");
            bed.web("r", "10.2.0.12:80", "two");
            for (String text : List.of("one", "two")) {
                Files.write(bed.file("www-" + text).resolve("large"), new byte[SIZE]);
            }
            // Small buffers: a download is under way until its client has all of it.
            for (String host : List.of("c", "r")) {
                Shell.ok(bed.in(
                        host,
                        "sysctl -qw net.ipv4.tcp_rmem=\"4096 16384 32768\" net.ipv4.tcp_wmem=\"4096 16384 32768\""));
            }
            Path file = bed.write("shared.conf", CONFIG);
            Background one = keepalived(bed, "d1");
            Background two = keepalived(bed, "d2");
            LvsdProcess first = bed.lvsd("d1", file);
            LvsdProcess second = bed.lvsd("d2", file);
            for (String director : List.of("d1", "d2")) {
                bed.until("both servers, on " + director, () -> active(bed, director) == 2);
            }
            bed.until("there is a master", () -> isMaster(bed, "d1") || isMaster(bed, "d2"));
            Path answers = bed.file("answers");
            bed.requests("http://" + VIP + "/", answers);
            String master = isMaster(bed, "d1") ? "d1" : "d2";
            String other = master.equals("d1") ? "d2" : "d1";
            moves(bed, answers, master, "at the start");
            Background download = bed.slowDownload("download", VIP, STEPS, STEP_SIZE);
            String port = lastingPort(bed);
            bed.until("the download is known to the other", () -> isKnown(bed, other, port));

            (master.equals("d1") ? one : two).signal("TERM");
            moves(bed, answers, other, "VRRP of the master is stopped");
            Background again = keepalived(bed, master);
            bed.until("it is back", () -> again.log().contains("Entering BACKUP STATE"));

            bed.until("the download is known to it", () -> isKnown(bed, master, port));
            // A director that loses both its networks at once, as by a loss of power.
            Shell.ok(bed.in("c", "ip link set " + other + " down") + " && "
                    + bed.in("r", "ip link set " + other + " down"));
            moves(bed, answers, master, "the master is cut off");

            bed.until("the download ends", () -> !download.isAlive());
            assertEquals(0, download.await());
            assertTrue(
                    Files.size(bed.file("download")) > SIZE, "a download survives both, by synchronised connections");
            List<String> failed =
                    lines(answers).stream().filter(a -> !a.startsWith("200 ")).toList();
            System.out.println("FailoverTest: " + lines(answers).size() + " requests, not answered: " + failed);
            // One request is under way at a time: when the address moves it may be too young to be known to the other.
            assertTrue(failed.size() <= 2, () -> "more than one for each move: " + failed);
            Set<String> slow = new TreeSet<>();
            for (LvsdProcess each : List.of(first, second)) {
                each.log()
                        .lines()
                        .filter(l -> l.contains("level=ERROR") || l.contains(" ERROR "))
                        .forEach(slow::add);
            }
            assertEquals(Set.of(), slow);
        }
    }
}
