package io.lvsd.lab.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The kernel's module leaves and returns while the daemon runs: its number on the netlink bus is another then. */
@Tag("alone")
final class ModuleTest {
    private static final String CONFIG =
            "virtual_server 10.1.0.100 80 {\n delay_loop 1\n lvs_sched rr\n lvs_method NAT\n protocol TCP\n"
                    + " real_server 10.2.0.11 80 {\n  TCP_CHECK {\n   connect_timeout 5\n  }\n }\n}\n";

    private static void unload(Bed bed) {
        bed.director("ipvsadm -C");
        Shell.ok("ipvsadm -C; for i in 1 2 3 4 5 6 7 8 9; do"
                + " for m in $(lsmod | sed -n \"s/^\\(ip_vs[_a-z]*\\) .*/\\1/p\"); do rmmod $m 2>/dev/null; done;"
                + " lsmod | grep -q ^ip_vs || exit 0; sleep 1; done; lsmod; exit 1");
    }

    /** The family's number on the netlink bus. */
    private static String number() {
        return Shell.ok("genl ctrl get name IPVS | grep -o \"ID: 0x[0-9a-f]*\"").strip();
    }

    @Test
    void theTableReturnsWithTheModule() {
        try (Bed bed = new Bed()) {
            bed.web("r1", "80", "one");
            Path file = bed.write("lvsd.conf", CONFIG);
            LvsdProcess lvsd = bed.lvsd(file);
            List<String> wanted = List.of("10.2.0.11:80 1");
            bed.until("the server is in", () -> bed.destinations().equals(wanted));
            for (int i = 0; i < 3; i++) {
                String before = number();
                lvsd.signal("STOP");
                unload(bed);
                lvsd.signal("CONT");
                bed.until("the server is in again", () -> bed.destinations().equals(wanted));
                assertNotEquals(before, number(), "the kernel gives the family another number");
            }
            assertEquals(0, lvsd.terminate());
        }
    }
}
