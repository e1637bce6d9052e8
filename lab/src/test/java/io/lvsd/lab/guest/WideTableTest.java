package io.lvsd.lab.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.ipvs.codec.IpvsUapi;
import io.lvsd.lab.bench.WideConfig;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A table of 37,205 real servers: a reload sends what differs, and nothing else. */
@Tag("long")
@Tag("alone")
final class WideTableTest {
    private static final int EVERY = 100;

    private static int changed(int server) {
        return server % EVERY == 0 ? 77 : WideConfig.weight(server);
    }

    private static Set<String> rules(Bed bed) {
        return new TreeSet<>(
                bed.director("ipvsadm -Sn").lines().map(String::strip).toList());
    }

    @Test
    void aReloadSendsExactlyWhatDiffers() {
        try (Bed bed = new Bed()) {
            Path file = bed.write("lvsd.conf", WideConfig.text(WideConfig.REAL_SERVERS, WideConfig::weight, ""));
            LvsdProcess lvsd = bed.lvsd(file);
            int all = WideConfig.REAL_SERVERS + WideConfig.VIRTUAL_SERVERS;
            bed.until("all are in", () -> rules(bed).size() == all);
            Set<String> before = rules(bed);

            Witness nothing = bed.witness();
            lvsd.reload("event=config.loaded");
            assertEquals(List.of(), nothing.writes(), "a reload without a change writes nothing");
            assertEquals(before, rules(bed));

            bed.write("lvsd.conf", WideConfig.text(WideConfig.REAL_SERVERS, WideTableTest::changed, ""));
            Witness some = bed.witness();
            lvsd.reload("event=config.loaded");
            int wanted = (WideConfig.REAL_SERVERS + EVERY - 1) / EVERY;
            bed.until(
                    "all weights are as written",
                    () -> rules(bed).stream().filter(r -> r.endsWith("-w 77")).count() == wanted);
            assertEquals(
                    Collections.nCopies(wanted, IpvsUapi.IPVS_CMD_SET_DEST),
                    some.writes(),
                    "one command for each server whose weight changed, and no others");
            Set<String> after = rules(bed);
            assertEquals(all, after.size());
            after.removeAll(before);
            assertEquals(wanted, after.size(), "what is new in the table");
        }
    }
}
