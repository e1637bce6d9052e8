package io.lvsd.lab.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Packaged keepalived and lvsd, given the same file, program the same table, line for line as ipvsadm shows it. */
final class DifferentialTest {
    private static final String SPACE = "differential";
    private static final String UNANSWERED_NETWORK =
            "ip link add d0 arp off type veth peer name d1 && ip link set d0 up && ip link set d1 up && ip address add"
                    + " 10.51.255.254/16 dev d0 && ip route add default dev d0 && ip -6 route add default dev d0";

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("lab/src/test/differential"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void bothMakeTheSameTable(Path file) throws IOException {
        Path directory = Files.createTempDirectory("differential-");
        Shell.ok("ip netns add " + SPACE + " && ip netns exec " + SPACE + " ip link set lo up");
        // Where every packet goes and none comes from: checks neither pass nor fail while they are looked at.
        Shell.ok("ip netns exec " + SPACE + " sh -c '" + UNANSWERED_NETWORK + "'");
        try {
            String keepalived = table(
                    "keepalived -n -l -G -C -i here -p " + directory + "/k.pid -c " + directory + "/c.pid -f " + file,
                    directory.resolve("keepalived.log"),
                    "");
            assertFalse(keepalived.isEmpty());
            String lvsd = table(
                    "./lvsd run --driver kernel -i here --run-dir " + directory + "/run --state-dir " + directory
                            + "/state -f " + file,
                    directory.resolve("lvsd.log"),
                    keepalived);
            assertEquals(
                    keepalived,
                    lvsd,
                    () -> Shell.run("cat " + directory + "/*.log").text());
        } finally {
            Shell.ok("ip netns del " + SPACE);
        }
    }

    /** The table that a daemon creates, once it is as expected or no longer changes. Stops the daemon, which must remove it. */
    private static String table(String command, Path log, String expected) {
        try (Background daemon = new Background("ip netns exec " + SPACE + " " + command, log)) {
            String[] seen = {"", ""};
            Bed.waitFor(
                    "a table that no longer changes",
                    () -> {
                        seen[0] = seen[1];
                        seen[1] = lines();
                        return !seen[1].isEmpty() && (seen[1].equals(expected) || seen[1].equals(seen[0]));
                    },
                    daemon::log);
            daemon.signal("TERM");
            daemon.await();
            Bed.waitFor("the table is empty again", () -> lines().isEmpty(), daemon::log);
            return seen[1];
        }
    }

    private static String lines() {
        return String.join(
                "\n",
                Shell.ok("ip netns exec " + SPACE + " ipvsadm -Sn")
                        .lines()
                        .map(l -> l.strip().toLowerCase(Locale.ROOT))
                        .sorted()
                        .toList());
    }
}
