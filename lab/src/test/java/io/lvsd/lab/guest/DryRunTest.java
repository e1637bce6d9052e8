package io.lvsd.lab.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code run --driver memory} beside a keepalived that runs: under strace it starts no script, connects to no mail server, and
 * binds nothing but its control socket and the configured ports. It reports what it would have done.
 */
final class DryRunTest {
    /** AF_INET and AF_INET6 by port, AF_UNIX by path. */
    private static final Pattern BIND = Pattern.compile(
            "bind\\(\\d+, \\{sa_family=(AF_\\w+), (?:sin6?_port=htons\\((\\d+)\\)|sun_path=\"([^\"]*)\")");

    private static final String KEEPALIVED = """
        global_defs {
         lvs_notify_fifo @D/keepalived.fifo
        }
        virtual_server 10.50.9.1 80 {
         delay_loop 1
         lvs_sched rr
         lvs_method NAT
         protocol TCP
         real_server 10.60.9.1 80 {
          TCP_CHECK {
           connect_timeout 2
          }
         }
        }
        """;

    private static final String LVSD = """
        lvsd {
         http {
          listen 127.0.0.1:9180
         }
         snmp {
          listen udp:127.0.0.1:1161
          community public
         }
         webhook {
          url http://127.0.0.1:2526/hook
         }
        }
        global_defs {
         script_user root
         enable_script_security
         startup_script @D/note
         shutdown_script @D/note
         lvs_notify_fifo @D/fifo
         lvs_notify_fifo_script @D/note
         notification_email {
          admin@example.org
         }
         notification_email_from lvs@example.org
         smtp_server 127.0.0.1 2525
         smtp_alert
         rs_init_notifies
         reload_file @D/reloading
        }
        track_file load {
         file @D/load
         init_file 5
        }
        virtual_server 10.50.1.1 80 {
         delay_loop 1
         lvs_sched rr
         lvs_method NAT
         protocol TCP
         quorum_up @D/note
         quorum_down @D/note
         sorry_server 127.0.0.1 81
         real_server 10.60.1.1 80 {
          notify_up @D/note
          notify_down @D/note
          TCP_CHECK {
           connect_timeout 2
           retry 0
          }
          FILE_CHECK {
           track_file load
          }
         }
        }
        """;

    private static String status(Side side) {
        return Shell.run("./lvsd status --run-dir " + side.file("run")).text();
    }

    @Test
    void hasNoEffectOutsideItsProcess() throws IOException {
        try (Side side = new Side("dry-run")) {
            side.script("note", "echo ran >> " + side.file("ran"));
            side.write("keepalived.conf", KEEPALIVED.replace("@D", side.file("").toString()));
            side.write("lvsd.conf", LVSD.replace("@D", side.file("").toString()));
            Background keepalived =
                    side.start("keepalived", "keepalived -n -l -G -C -p @D/k.pid -c @D/c.pid -f @D/keepalived.conf");
            Bed.waitFor("keepalived has begun", () -> !side.table().isEmpty(), keepalived::log);
            List<String> table = side.table();
            Background lvsd = side.start(
                    "lvsd",
                    "strace -f --seccomp-bpf -s 200 -e trace=execve,connect,bind -o @D/strace ./lvsd run --driver"
                            + " memory --run-dir @D/run -f @D/lvsd.conf");
            Bed.waitFor("the dry run is ready", () -> lvsd.log().contains("event=daemon.ready"), lvsd::log);
            side.act(Map.of(1, List.of("-1")));
            Bed.waitFor("the sorry server would be in", () -> status(side).contains("IN USE"), lvsd::log);
            side.act(Map.of(1, List.of("+1")));
            Bed.waitFor("the real server would be in", () -> !status(side).contains("IN USE"), lvsd::log);
            Shell.ok("./lvsd reload --run-dir " + side.file("run"));
            String status = status(side);
            assertEquals(table, side.table(), "the kernel's table");
            // strace does not forward the signal, so it is sent to the daemon itself.
            Shell.ok("kill -TERM $(cat " + side.file("run/lvsd.pid") + ")");
            assertEquals(0, lvsd.await(), lvsd::log);
            assertTrue(keepalived.isAlive());

            assertTrue(status.contains("withheld by the dry run"), status);
            for (String expected : List.of(
                    "script: " + side.file("note"),
                    "fifo line: RS [10.60.1.1]:tcp:80 [10.50.1.1]:tcp:80 DOWN",
                    "mail: Virtualserver [10.50.1.1]:tcp:80 - DOWN",
                    "sorry page: would listen on 10.50.1.1:18080",
                    "fifo " + side.file("fifo") + ": not created, not opened")) {
                assertTrue(lvsd.log().contains(expected), () -> expected + "\n" + lvsd.log());
            }
            for (String file : List.of("ran", "fifo", "reloading", "load")) {
                assertFalse(Files.exists(side.file(file)), file);
            }
            List<String> calls = side.lines("strace");
            assertTrue(
                    calls.stream().anyMatch(l -> l.contains("execve") && l.contains("java")), "strace saw the daemon");
            assertEquals(
                    List.of(),
                    calls.stream()
                            .filter(l -> l.contains("execve")
                                            && l.contains(side.file("note").toString())
                                    || l.contains("htons(2525)")
                                    || l.contains("htons(2526)"))
                            .toList());
            assertEquals(
                    Set.of("AF_UNIX " + side.file("run/lvsd.sock"), "AF_INET 9180", "AF_INET 1161"),
                    new TreeSet<>(calls.stream().flatMap(DryRunTest::bound).toList()));
        }
    }

    private static Stream<String> bound(String call) {
        Matcher bind = BIND.matcher(call);
        // The JDK finds out whether this host has IPv6 by binding a socket, which never listens, to any port of ::1.
        boolean isProbeOfTheJdk = call.contains("sin6_port=htons(0)") && call.contains("\"::1\"");
        if (isProbeOfTheJdk || !bind.find()) {
            return Stream.of();
        }
        String port = bind.group(2);
        return Stream.of((bind.group(1) + " " + (port == null ? bind.group(3) : port)).replace("AF_INET6", "AF_INET"));
    }
}
