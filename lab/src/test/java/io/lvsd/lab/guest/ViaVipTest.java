package io.lvsd.lab.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Probes on the path of user traffic, with direct routing: the real servers answer on the virtual address only. */
final class ViaVipTest {
    private static String config(String vip, String server, String lvsd) {
        return "lvsd {\n snmp {\n  listen udp:127.0.0.1:1161\n  community public\n }\n" + lvsd + "}\n"
                + "virtual_server " + vip
                + " 80 {\n delay_loop 1\n lvs_sched rr\n lvs_method DR\n protocol TCP\n via_vip\n"
                + real(server + "1") + real(server + "2") + "}\n";
    }

    private static String real(String address) {
        return " real_server " + address
                + " 80 {\n  HTTP_GET {\n   connect_timeout 3\n   retry 0\n   url {\n    path /\n   }\n  }\n }\n";
    }

    /** Real servers that know the virtual address and serve nothing else. */
    private static Background serve(Bed bed, String vip, String suffix) {
        for (String server : new String[] {"r1", "r2"}) {
            Shell.ok(bed.in(server, "ip addr add " + vip + suffix + " dev lo"));
        }
        String listen = vip.contains(":") ? "[" + vip + "]:80" : vip + ":80";
        bed.web("r2", listen, "two");
        return bed.web("r1", listen, "one");
    }

    @Test
    void probesReachEachRealServerThroughTheVirtualAddress() {
        try (Bed bed = new Bed()) {
            Background one = serve(bed, "10.1.0.100", "/32");
            Path file = bed.write("lvsd.conf", config("10.1.0.100", "10.2.0.1", ""));
            LvsdProcess lvsd = bed.lvsd(file);
            lvsd.logs("accept_local is 0, so responses from the virtual address are dropped");
            String towards = bed.director("ip -o route get 10.2.0.11").replaceAll("(?s).* dev (\\S+) .*", "$1");
            assertTrue(lvsd.log().contains("add accept_local " + towards + " to"), lvsd.log());
            assertFalse(
                    lvsd.log().lines().anyMatch(l -> l.matches(".*event=(rs|check)\\.down .*")),
                    "what this host lacks counts against no server");
            assertEquals("0", acceptLocal(bed, towards));

            bed.write("lvsd.conf", config("10.1.0.100", "10.2.0.1", " accept_local " + towards + "\n"));
            lvsd.reload("event=config.loaded");
            bed.until("the setting is made", () -> acceptLocal(bed, towards).equals("1"));
            lvsd.logs("event=check.up");
            downAndBack(bed, one, "10.1.0.100:80", "10.2.0.11:80 1");

            assertEquals(
                    3,
                    bed.director("ipvsadm -Sn")
                            .lines()
                            .filter(l -> l.startsWith("-A"))
                            .count(),
                    bed::table);
            bed.write(
                    "next.conf",
                    config("10.1.0.100", "10.2.0.1", " accept_local " + towards + "\n")
                            .replace("10.2.0.12 80", "10.2.0.13 80"));
            String plan = Shell.run("./lvsd plan --run-dir " + bed.file("run") + " -f " + bed.file("next.conf"))
                    .text();
            assertTrue(plan.contains("10.2.0.13") && !plan.contains(" -f "), plan);
            assertEquals(
                    "INTEGER: 1",
                    bed.director("snmpget -v2c -c public -Ov -m \"\" 127.0.0.1:1161 .1.3.6.1.4.1.8225.4711.2.0")
                            .strip());

            lvsd.kill();
            lvsd.startAgain();
            assertEquals("1", acceptLocal(bed, towards));
            assertEquals(0, lvsd.terminate());
            assertEquals("0", acceptLocal(bed, towards), "as it was found before the first start");
            assertEquals("", bed.director("ipvsadm -Sn"));
        }
    }

    @Test
    void ipv6NeedsNoSetting() {
        try (Bed bed = new Bed()) {
            Background one = serve(bed, "fd00:1::100", "/128");
            LvsdProcess lvsd = bed.lvsd(bed.write("lvsd.conf", config("fd00:1::100", "fd00:2::1", "")));
            lvsd.logs("event=check.up");
            downAndBack(bed, one, "[fd00:1::100]:80", "[fd00:2::11]:80 1");
        }
    }

    /** A destination of the service itself; the probes' own services keep theirs. */
    private static boolean isIn(Bed bed, String destination) {
        String service = bed.table().replaceAll("(?s)\nFWM.*", "");
        return service.contains(destination.replaceAll(" .*", ""));
    }

    private static void downAndBack(Bed bed, Background server, String listen, String destination) {
        bed.until("the server is in", () -> isIn(bed, destination));
        server.close();
        bed.until("the server is out", () -> !isIn(bed, destination));
        bed.web("r1", listen, "one");
        bed.until("the server is in again", () -> isIn(bed, destination));
    }

    private static String acceptLocal(Bed bed, String name) {
        return bed.director("cat /proc/sys/net/ipv4/conf/" + name + "/accept_local")
                .strip();
    }
}
