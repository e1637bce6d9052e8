package io.lvsd.lab.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * Problems reported by operators: servers with unusual responses, and configurations with small errors. Packaged
 * keepalived and lvsd keep the same servers in the table. Then what lvsd does better than keepalived.
 */
final class FieldTest {
    private static final long SETTLE_NANOS = 15_000_000_000L;

    /** Reads a request up to its blank line. */
    private static final String REQUEST = "while read -r line && [ \"${#line}\" -gt 1 ]; do :; done; ";

    /** What a server writes to each connection. */
    private static final Map<Integer, String> ANSWERS = Map.of(
            8081,
            "for part in HTTP/1.0 ' 200' ' OK\\r\\n' '\\r\\n' s l o w l y; do printf \"$part\"; sleep 0.5; done",
            8082,
            "printf 'ICY 200 OK\\r\\n\\r\\nmusic'",
            8083,
            "printf 'http/1.1 200 ok\\r\\nConnection: close\\r\\n\\r\\nlower case'",
            8084,
            "printf 'HTTP/1.0 503 no\\r\\n\\r\\nnot here'");

    private static final String START = "virtual_server 10.50.1.1 80 {\n delay_loop 2\n lvs_sched rr\n lvs_method NAT\n"
            + " protocol TCP\n inhibit_on_failure\n";

    private static String check(String kind, String more) {
        return "  " + kind + " {\n   connect_timeout 3\n   retry 0\n   warmup 0\n" + more + "  }\n";
    }

    private static String http(String kind, int port) {
        return " real_server 10.60.1.1 " + port + " {\n  inhibit_on_failure\n"
                + check(kind, "   url {\n    path /\n    status_code 200\n   }\n") + " }\n";
    }

    private static String tcp(int server) {
        return " real_server 10.60.1." + server + " 80 {\n  inhibit_on_failure\n" + check("TCP_CHECK", "") + " }\n";
    }

    /** The servers of the table below the braces of each fault. */
    private static String config() {
        StringBuilder text = new StringBuilder(START);
        ANSWERS.keySet().stream().sorted().forEach(port -> text.append(http("HTTP_GET", port)));
        for (int port = 8443; port <= 8446; port++) {
            text.append(http("SSL_GET", port));
        }
        text.append("}\n");
        // A brace behind a keyword that has no block, and a block whose brace is missing.
        text.append(START.replace("10.50.1.1", "10.50.1.2"));
        text.append(tcp(2).replace("  TCP_CHECK", "  weight 3 {\n  TCP_CHECK"))
                .append(tcp(3))
                .append("}\n");
        text.append(START.replace("10.50.1.1", "10.50.1.3"));
        text.append(tcp(4).replace(" 80 {", " 80")).append(tcp(5)).append("}\n");
        return text.toString();
    }

    private static Side side(String space) throws IOException {
        Side side = new Side(space);
        for (Map.Entry<Integer, String> answer : ANSWERS.entrySet()) {
            side.script("answer" + answer.getKey(), REQUEST + answer.getValue());
            side.start(
                    "answer" + answer.getKey(),
                    "busybox nc -ll -p " + answer.getKey() + " -e @D/answer" + answer.getKey());
        }
        Shell.ok("openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=field -keyout " + side.file("key")
                + " -out " + side.file("certificate"));
        String server = "openssl s_server -www -cert @D/certificate -key @D/key ";
        side.start("tls3", server + "-accept 8443 -tls1_3");
        side.start("tls2", server + "-accept 8444 -tls1_2");
        side.start("rsa", server + "-accept 8445 -tls1_2 -cipher AES256-GCM-SHA384");
        side.start("chacha", server + "-accept 8446 -tls1_2 -cipher ECDHE-RSA-CHACHA20-POLY1305");
        // keepalived knows no grace.
        side.write("lvsd.conf", "lvsd {\n removal_grace 0\n}\ninclude daemon.conf\n");
        side.write("daemon.conf", config());
        return side;
    }

    private static Background lvsd(Side side) {
        return side.start("lvsd", "./lvsd run --driver kernel --run-dir @D/run --state-dir @D/state -f @D/lvsd.conf");
    }

    @Test
    void unusualAnswersAndFaultyBracesEndAsWithKeepalived() throws IOException {
        try (Side theirs = side("field-k");
                Side ours = side("field-l")) {
            Background keepalived =
                    theirs.start("keepalived", "keepalived -n -l -G -C -p @D/k.pid -c @D/c.pid -f @D/daemon.conf");
            Background lvsd = lvsd(ours);
            Bed.waitFor("keepalived has begun", () -> !theirs.table().isEmpty(), keepalived::log);
            Bed.waitFor("lvsd has begun", () -> !ours.table().isEmpty(), lvsd::log);
            String failed = "-a -t 10.50.1.1:80 -r 10.60.1.1:8084 -m -w 0";
            Bed.waitFor("keepalived has noticed a failure", () -> theirs.table().contains(failed), keepalived::log);
            LockSupport.parkNanos(SETTLE_NANOS);
            Bed.waitFor(
                    "both tables are the same",
                    () -> theirs.table().equals(ours.table()),
                    () -> "keepalived: " + theirs.table() + "\nlvsd: " + ours.table() + "\n" + lvsd.log());
            assertEquals(
                    1, theirs.table().stream().filter(l -> l.endsWith("-w 0")).count(), () -> "" + theirs.table());
            assertEquals(
                    12, theirs.table().stream().filter(l -> l.contains(" -r ")).count(), () -> "" + theirs.table());
        }
    }

    /** keepalived removes the old server at once, and the service is empty until a new one has passed. */
    @Test
    void aServerServesUntilItsAlphaReplacementHasPassed() throws IOException {
        try (Side side = new Side("field-alpha")) {
            String service = START.replace(" inhibit_on_failure\n", "");
            String first = tcp(1).replace("  inhibit_on_failure\n", "");
            String next = tcp(2).replace("  inhibit_on_failure\n", "").replace("  TCP", "  alpha\n  TCP");
            side.write("lvsd.conf", service + first + "}\n");
            Background lvsd = lvsd(side);
            List<String> old = List.of("-a -t 10.50.1.1:80 -s rr", "-a -t 10.50.1.1:80 -r 10.60.1.1:80 -m -w 1");
            Bed.waitFor("the old server is in", () -> side.table().containsAll(old), lvsd::log);
            side.act(Map.of(1, List.of("-2")));
            side.write("lvsd.conf", service + next + "}\n");
            lvsd.signal("HUP");
            Bed.waitFor("the reload", () -> lvsd.log().contains("event=config.loaded"), lvsd::log);
            Bed.waitFor(
                    "the new server was tested",
                    () -> lvsd.log().contains("rs=10.60.1.2:80 check=TCP_CHECK"),
                    lvsd::log);
            assertTrue(side.table().containsAll(old), () -> side.table() + "\n" + lvsd.log());
            side.act(Map.of(1, List.of("+2")));
            Bed.waitFor(
                    "the new server has replaced the old one",
                    () -> side.table().stream().anyMatch(l -> l.contains("10.60.1.2:80 -m -w 1"))
                            && side.table().stream().noneMatch(l -> l.contains("10.60.1.1:80 -m -w 1")),
                    lvsd::log);
        }
    }

    /** keepalived starts them side by side, so that the older one may end last. */
    @Test
    void scriptsOfOneServiceRunOneAfterTheOther() throws IOException {
        try (Side side = new Side("field-scripts")) {
            side.script("down", "sleep 5; echo down >>" + side.file("order"));
            side.script("up", "echo up >>" + side.file("order"));
            side.write(
                    "lvsd.conf",
                    "global_defs {\n script_user root\n enable_script_security\n}\n"
                            + START.replace(" inhibit_on_failure\n", "").replace("delay_loop 2", "delay_loop 1")
                            + " quorum_up " + side.file("up") + "\n quorum_down " + side.file("down") + "\n" + tcp(1)
                            + "}\n");
            Background lvsd = lvsd(side);
            Bed.waitFor("the service is up", () -> lvsd.log().contains("event=vs.up"), lvsd::log);
            for (int i = 1; i <= 2; i++) {
                int downs = i;
                side.act(Map.of(1, List.of("-1")));
                Bed.waitFor("it is down", () -> count(lvsd, "event=vs.down") == downs, lvsd::log);
                side.act(Map.of(1, List.of("+1")));
                Bed.waitFor("it is up", () -> count(lvsd, "event=vs.up") == downs + 1, lvsd::log);
            }
            Bed.waitFor("all scripts have run", () -> side.lines("order").size() >= 5, lvsd::log);
            assertEquals(List.of("up", "down", "up", "down", "up"), side.lines("order"));
        }
    }

    private static long count(Background lvsd, String text) {
        return lvsd.log().lines().filter(l -> l.contains(text)).count();
    }
}
