package io.lvsd.lab.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Bad input loses nothing. */
final class CheckTest {
    private static final String GOOD = """
        virtual_server 10.1.0.100 80 {
          delay_loop 2
          lvs_sched rr
          lvs_method NAT
          protocol TCP
          real_server 10.2.0.11 80 {
            weight 3
          }
        }
        """;

    @Test
    void tenMistakesAreTenMessagesAndTheSameFileIsRefusedByAReload() {
        try (Bed bed = new Bed()) {
            var lvsd = bed.lvsd(bed.write("lvsd.conf", GOOD));
            bed.until("the server is in", () -> bed.destinations().equals(java.util.List.of("10.2.0.11:80 3")));
            String before = bed.director("ipvsadm -Sn");

            Shell.ok("cp lab/src/test/resources/ten-mistakes.conf " + bed.file("lvsd.conf"));
            Shell.Result check = Shell.run("./lvsd check -f " + bed.file("lvsd.conf"));
            assertEquals(5, check.status(), check.text());
            long messages = check.text()
                    .lines()
                    .filter(l -> l.matches(".*lvsd.conf:\\d+:\\d+: error: .*"))
                    .count();
            assertEquals(10, messages, check.text());

            lvsd.reload("event=config.refused");
            assertEquals(before, bed.director("ipvsadm -Sn"));
            assertEquals(4, lvsd.ask("reload").status());
            assertTrue(lvsd.ask("status").body().contains("10.2.0.11:80  up"));
        }
    }
}
