package io.lvsd.lab.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * Packaged keepalived and lvsd write the same lines to their FIFO in the same order: at a start with {@code rs_init_notifies},
 * when the last real server fails, when a reload removes the failed check, and when a reload adds and removes real servers.
 */
final class EventOrderTest {
    private static final long POLL_NANOS = 500_000_000L;
    private static final int POLLS = 180;
    private static final int QUIET_POLLS = 8;

    private static final String CHECK = "  TCP_CHECK {\n   connect_timeout 2\n   retry 0\n   warmup 0\n  }\n";

    private static String rs(int number, String check) {
        return " real_server 10.60.1." + number + " 80 {\n" + check + " }\n";
    }

    private static String config(Side side, String... servers) {
        return "global_defs {\n rs_init_notifies\n lvs_notify_fifo " + side.file("fifo") + "\n}\n"
                + "virtual_server 10.50.1.1 80 {\n delay_loop 1\n lvs_sched rr\n lvs_method NAT\n protocol TCP\n"
                + String.join("", servers) + "}\n";
    }

    private static Side side(String space) throws IOException {
        Side side = new Side(space);
        Shell.ok("mkfifo " + side.file("fifo"));
        side.start("reader", "sh -c \"cat <> @D/fifo > @D/fifo.read\"");
        // keepalived removes a healthy server at once.
        side.write("lvsd.conf", "lvsd {\n removal_grace 0\n}\ninclude daemon.conf\n");
        side.write("daemon.conf", config(side, rs(1, CHECK), rs(2, CHECK)));
        return side;
    }

    private static List<String> lines(Side side) {
        return side.lines("fifo.read");
    }

    /** Waits until both have written equally many lines, more than before, and nothing follows. */
    private static int compare(String step, Side theirs, Side ours, int before) {
        int quiet = 0;
        int count = before;
        for (int i = 0; i < POLLS && quiet < QUIET_POLLS; i++) {
            LockSupport.parkNanos(POLL_NANOS);
            int next = lines(theirs).size();
            quiet = next > before && next == count && lines(ours).size() >= next ? quiet + 1 : 0;
            count = next;
        }
        assertEquals(
                String.join("\n", lines(theirs).subList(before, lines(theirs).size())),
                String.join("\n", lines(ours).subList(before, lines(ours).size())),
                step);
        return count;
    }

    private static void reload(Side side, Background daemon, String... servers) throws IOException {
        side.write("daemon.conf", config(side, servers));
        daemon.signal("HUP");
    }

    @Test
    void linesComeInTheSameOrder() throws IOException {
        try (Side theirs = side("order-k");
                Side ours = side("order-l")) {
            Background keepalived =
                    theirs.start("keepalived", "keepalived -n -l -G -C -p @D/k.pid -c @D/c.pid -f @D/daemon.conf");
            Background lvsd = ours.start(
                    "lvsd", "./lvsd run --driver kernel --run-dir @D/run --state-dir @D/state -f @D/lvsd.conf");
            int seen = compare("start", theirs, ours, 0);
            for (String word : List.of("-1", "-2")) {
                theirs.act(Map.of(1, List.of(word)));
                ours.act(Map.of(1, List.of(word)));
                seen = compare("failure " + word, theirs, ours, seen);
            }
            reload(theirs, keepalived, rs(1, ""), rs(2, CHECK));
            reload(ours, lvsd, rs(1, ""), rs(2, CHECK));
            seen = compare("a reload that removes the failed check", theirs, ours, seen);
            theirs.act(Map.of(1, List.of("+2")));
            ours.act(Map.of(1, List.of("+2")));
            seen = compare("a server returns", theirs, ours, seen);
            // One live server stays: without one, keepalived reports a loss of the quorum that the new servers keep.
            reload(theirs, keepalived, rs(2, CHECK), rs(3, CHECK));
            reload(ours, lvsd, rs(2, CHECK), rs(3, CHECK));
            seen = compare("a reload that removes a server and adds one", theirs, ours, seen);
            for (String word : List.of("-2", "-3")) {
                theirs.act(Map.of(1, List.of(word)));
                ours.act(Map.of(1, List.of(word)));
                seen = compare("failure " + word, theirs, ours, seen);
            }
        }
    }
}
