package io.lvsd.lab.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What keepalived tells its users in a story of deaths, reloads and a stop, lvsd tells them too: the FIFO's lines, the
 * scripts that are run with their arguments, and subject and text of each mail.
 */
@Tag("long")
final class StoryTest {
    private static final long STEP_NANOS = 4_000_000_000L;
    private static final long LOOK_NANOS = 500_000_000L;
    private static final long PATIENCE_NANOS = 45_000_000_000L;
    private List<String> consumers = List.of("fifo", "scripts", "mails");

    private final List<String> differences = new ArrayList<>();
    /** Not at the start, when first probes come to their ends in any order. */
    private boolean inOrder;

    /** Number of lines of each receiver at the end of the last step. */
    private final Map<Side, Map<String, Integer>> before = new HashMap<>();

    private static String check(String kind, String lines) {
        return "  " + kind + " {\n   retry 0\n   warmup 0\n" + lines + "  }\n";
    }

    private static final String TCP = check("TCP_CHECK", "   connect_timeout 2\n");
    private static final String HTTP = check("HTTP_GET", "   connect_timeout 5\n   url {\n    path /\n   }\n");

    private static String rs(String address, String lines) {
        String name = address.substring(address.lastIndexOf('.') + 1).replace(" 80", "");
        return " real_server " + address + " {\n  notify_up \"@D/note rs " + name + " up\"\n  notify_down \"@D/note rs "
                + name + " down\"\n" + lines + " }\n";
    }

    private static String vs(String head, String name, String lines, String... servers) {
        return head + " {\n delay_loop 1\n lvs_sched rr\n lvs_method NAT\n quorum_up \"@D/note " + name
                + " 'quorum is' up\"\n quorum_down \"@D/note " + name + " quorum down\"\n" + lines + "\n"
                + String.join("", servers) + "}\n";
    }

    private static String config(Side side, boolean later) {
        String text = "global_defs {\n router_id director\n script_user root\n enable_script_security\n"
                + " lvs_notify_fifo @D/fifo\n notification_email {\n  admin@example.org\n }\n"
                + " notification_email_from lvs@example.org\n smtp_server 127.0.0.1 2525\n smtp_alert\n}\n"
                + vs(
                        "virtual_server 10.50.1.1 80",
                        "plain",
                        " protocol TCP\n sorry_server 10.60.1.9 80",
                        rs("10.60.1.1 80", TCP),
                        rs("10.60.1.2 80", TCP))
                + vs(
                        "virtual_server fwmark 2",
                        "mark",
                        " quorum 2\n hysteresis 1",
                        rs("10.60.2.1 80", TCP),
                        rs("10.60.2.2 80", TCP),
                        later ? "" : rs("10.60.2.3 80", TCP))
                + "virtual_server_group both {\n 10.50.3.1 80\n 10.50.3.2 80\n}\n"
                + vs(
                        "virtual_server group both",
                        "group",
                        " protocol TCP\n omega\n alpha",
                        rs("10.60.3.1 80", TCP),
                        rs("10.60.3.2 80", "  smtp_alert off\n" + TCP))
                + vs(
                        "virtual_server 10.50.4.1 80",
                        "checks",
                        " protocol UDP\n omega",
                        rs("10.60.4.1 80", TCP + check("TCP_CHECK", "   connect_ip 10.61.4.1\n")),
                        rs("10.60.4.2 80", HTTP),
                        rs("10.60.4.3 80", check("MISC_CHECK", "   misc_path \"@D/script4\"\n   misc_timeout 20\n")))
                + (later ? "" : vs("virtual_server 10.50.5.1 80", "leaving", " protocol TCP", rs("10.60.5.1 80", TCP)));
        return text.replace("@D", side.file("").toString());
    }

    private static Side side(String space) throws IOException {
        Side side = new Side(space);
        side.script("note", "echo \"$#: $*\" >> " + side.file("scripts"));
        side.act(Map.of(4, List.of("exit=0"), 3, List.of("-2")));
        side.write("daemon.conf", config(side, false));
        Shell.ok("mkfifo " + side.file("fifo"));
        side.start("reader", "sh -c \"cat <> @D/fifo > @D/fifo.read\"");
        side.start(
                "mail",
                System.getProperty("java.home") + "/bin/java -Xmx64m -XX:TieredStopAtLevel=1 -cp "
                        + System.getProperty("java.class.path") + " " + MailSink.class.getName() + " 2525 @D/mails");
        Bed.waitFor("the mail server listens", () -> side.file("mails").toFile().exists(), () -> "");
        return side;
    }

    private static List<String> lines(Side side, String consumer) {
        return side.lines(consumer.equals("fifo") ? "fifo.read" : consumer);
    }

    private static void act(Side theirs, Side ours, int number, String words) throws IOException {
        Map<Integer, List<String>> all = Map.of(number, Arrays.asList(words.split(" ")));
        theirs.act(all);
        ours.act(all);
    }

    @Test
    void theSameStoryIsTold() throws IOException {
        try (Side theirs = side("story-k");
                Side ours = side("story-l")) {
            Background keepalived =
                    theirs.start("keepalived", "keepalived -n -l -G -C -p @D/k.pid -c @D/c.pid -f @D/daemon.conf");
            Background lvsd = ours.start(
                    "lvsd", "./lvsd run --driver kernel --run-dir @D/run --state-dir @D/state -f @D/daemon.conf");
            Bed.waitFor("keepalived has begun", () -> !theirs.table().isEmpty(), keepalived::log);
            Bed.waitFor("lvsd has begun", () -> !ours.table().isEmpty(), lvsd::log);
            compare("start", theirs, ours);
            inOrder = true;
            String[] steps = {
                "1 -1",
                "1 -2",
                "1 +1",
                "1 +2",
                "2 -1",
                "2 -2",
                "2 +2",
                "2 +1",
                "3 +2",
                "3 -1",
                "3 -2",
                "3 +1",
                "3 +2",
                "4 -1",
                "4 -1b",
                "4 +1",
                "4 +1b",
                "4 -2",
                "4 +2",
                "4 exit=1",
                "4 exit=0",
                "5 -1"
            };
            for (String step : steps) {
                int blank = step.indexOf(' ');
                act(theirs, ours, Integer.parseInt(step.substring(0, blank)), step.substring(blank + 1));
                compare(step, theirs, ours);
            }
            theirs.write("daemon.conf", config(theirs, true));
            ours.write("daemon.conf", config(ours, true));
            keepalived.signal("HUP");
            lvsd.signal("HUP");
            compare("reload", theirs, ours);
            act(theirs, ours, 1, "-1");
            compare("1 -1, after the reload", theirs, ours);
            keepalived.signal("TERM");
            lvsd.signal("TERM");
            keepalived.await();
            lvsd.await();
            // Mail that is under way when keepalived stops is lost.
            consumers = List.of("fifo", "scripts");
            compare("stop", theirs, ours);
            assertEquals(
                    6,
                    since(ours, "mails").stream()
                            .filter(m -> m.endsWith("=> Shutting down <="))
                            .count());
            for (String consumer : List.of("fifo", "scripts", "mails")) {
                assertTrue(lines(theirs, consumer).size() > 10, consumer);
            }
            assertTrue(differences.isEmpty(), () -> String.join("\n", differences));
        }
    }

    private Map<String, Integer> marks(Side side) {
        return before.computeIfAbsent(side, _ -> new HashMap<>());
    }

    /** The lines since the last step. */
    private List<String> since(Side side, String consumer) {
        Stream<String> lines = lines(side, consumer).stream().skip(marks(side).getOrDefault(consumer, 0));
        return (consumer.equals("fifo") && inOrder ? lines : lines.sorted()).toList();
    }

    private void compare(String when, Side theirs, Side ours) {
        long start = System.nanoTime();
        List<List<String>> last = List.of();
        boolean settled = false;
        while (!settled && System.nanoTime() - start < PATIENCE_NANOS) {
            LockSupport.parkNanos(LOOK_NANOS);
            List<List<String>> next = Stream.of(theirs, ours)
                    .flatMap(side -> consumers.stream().map(c -> since(side, c)))
                    .toList();
            settled = next.equals(last)
                    && next.subList(0, next.size() / 2).equals(next.subList(next.size() / 2, next.size()))
                    && System.nanoTime() - start > STEP_NANOS;
            last = next;
        }
        for (int i = 0; i < consumers.size(); i++) {
            String consumer = consumers.get(i);
            if (!last.get(i).equals(last.get(i + consumers.size()))) {
                differences.add(when + ", " + consumer + "\n  keepalived: " + last.get(i) + "\n  lvsd: "
                        + last.get(i + consumers.size()));
            }
            for (Side side : List.of(theirs, ours)) {
                marks(side).put(consumer, lines(side, consumer).size());
            }
        }
    }
}
