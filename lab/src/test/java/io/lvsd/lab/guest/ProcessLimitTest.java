package io.lvsd.lab.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A daemon whose cgroup allows no further process or thread (systemd's TasksMax): checks over the network go on and the table
 * follows them, scripts of checks are inconclusive, and notification scripts run once there is room again.
 */
final class ProcessLimitTest {
    private static final String CONFIG = """
        global_defs {
         script_user root
         enable_script_security
        }
        virtual_server 10.50.1.1 80 {
         delay_loop 1
         lvs_sched rr
         lvs_method NAT
         protocol TCP
         real_server 10.60.1.1 80 {
          notify_down @D/note
          TCP_CHECK {
           connect_timeout 2
           retry 0
          }
         }
         real_server 10.60.1.2 80 {
          MISC_CHECK {
           misc_path @D/check
           misc_timeout 5
          }
         }
        }
        """;

    private static long count(Background lvsd, String text) {
        return lvsd.log().lines().filter(l -> l.contains(text)).count();
    }

    @Test
    void theDaemonGoesOnWithoutProcessesAndThreads() throws IOException {
        String group = "/tmp/process-limit";
        Shell.ok("mkdir -p " + group + " && mount -t cgroup2 none " + group + " && echo +pids > " + group
                + "/cgroup.subtree_control && mkdir " + group + "/lvsd");
        try (Side side = new Side("limit")) {
            side.script("note", "echo down >> " + side.file("noted"));
            side.script("check", "exit 0");
            side.write("lvsd.conf", CONFIG.replace("@D", side.file("").toString()));
            Background lvsd = side.start(
                    "lvsd", "./lvsd run --driver kernel --run-dir @D/run --state-dir @D/state -f @D/lvsd.conf");
            Bed.waitFor("both servers are in", () -> side.table().size() == 3, lvsd::log);
            Shell.ok("cat " + side.file("run/lvsd.pid") + " > " + group + "/lvsd/cgroup.procs && cat " + group
                    + "/lvsd/pids.current > " + group + "/lvsd/pids.max");
            Bed.waitFor(
                    "the script of the check cannot be started",
                    () -> count(lvsd, "event=probe.inconclusive") == 1,
                    lvsd::log);
            side.act(Map.of(1, List.of("-1")));
            Bed.waitFor("the failed server is out", () -> side.table().size() == 2, lvsd::log);
            Bed.waitFor(
                    "the notification is tried again", () -> count(lvsd, "event=script_start.failed") == 1, lvsd::log);
            side.act(Map.of(1, List.of("+1")));
            Bed.waitFor("the server is in again", () -> side.table().size() == 3, lvsd::log);
            assertEquals(List.of(), side.lines("noted"));
            Shell.ok("echo max > " + group + "/lvsd/pids.max");
            Bed.waitFor(
                    "the notification is delivered", () -> side.lines("noted").equals(List.of("down")), lvsd::log);
            assertEquals(1, count(lvsd, "event=script_start.failed"), lvsd::log);
            assertEquals(1, count(lvsd, "event=script_start.recovered"), lvsd::log);
            assertTrue(lvsd.isAlive());
        } finally {
            Shell.run("umount " + group);
        }
    }
}
