package io.lvsd.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.lvsd.lab.guest.SchedulerShares;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Boots one guest with a kernel that has IPVS, runs every test of {@code io.lvsd.lab.guest} in it, and shows each as a
 * test here. A machine that cannot run the guest skips them loudly, or fails with {@code -Dlab=required}.
 */
final class RealKernelIT {
    private static final int CANNOT_RUN_HERE = 3;
    /** Connections for each scheduler; 10,000 with {@code -Pfull}. */
    private static final int CONNECTIONS = Integer.getInteger("lvsd.lab.connections", 500);
    /** Whether the long tests run too. */
    private static final boolean IS_FULL = Boolean.getBoolean("lvsd.lab.full");
    /** Time limit of the guest in seconds. */
    private static final int LIMIT = IS_FULL ? 7_200 : 1_500;

    @TestFactory
    Stream<DynamicTest> everyTestOfTheGuest() throws IOException, InterruptedException {
        Path root = Path.of("..").toRealPath();
        Path out = root.resolve("lab/target/guest");
        Files.createDirectories(out);
        Files.deleteIfExists(out.resolve("results"));
        Files.deleteIfExists(out.resolve("shares"));
        Files.writeString(out.resolve("lab.properties"), properties(), StandardCharsets.UTF_8);
        Files.writeString(out.resolve("classpath"), System.getProperty("java.class.path"), StandardCharsets.UTF_8);
        // node_exporter, which the guest sees in the cache of the host.
        int _ = new ProcessBuilder(root.resolve("lab/bin/prometheus").toString())
                .redirectErrorStream(true)
                .redirectOutput(out.resolve("prometheus").toFile())
                .start()
                .waitFor();
        Process guest = new ProcessBuilder(
                        "lab/bin/vm",
                        "-o",
                        out.toString(),
                        "-t",
                        "" + LIMIT,
                        "lab/bin/guest-tests",
                        System.getProperty("java.home"))
                .directory(root.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.resolve("console").toFile())
                .start();
        int status = guest.waitFor();
        if (status == CANNOT_RUN_HERE) {
            String why = Files.readString(out.resolve("console")).strip();
            assertTrue(!"required".equals(System.getProperty("lab")), why);
            System.err.println("\n*** THE REAL-KERNEL TESTS ARE SKIPPED: " + why + "\n");
            Assumptions.abort(why);
        }
        return Stream.concat(
                results(out, status),
                Stream.of(DynamicTest.dynamicTest(
                        "the embedded driver gives every server the kernel's share", () -> compareShares(root, out))));
    }

    /**
     * The same configuration and the same clients with the embedded driver, here. What hashes gives each client the same
     * server; what counts may be one off for each packet that came twice or late in the emulated guest, which the kernel
     * counts as a connection of its own.
     */
    private static void compareShares(Path root, Path out) throws IOException, InterruptedException {
        SchedulerShares.Result kernel = SchedulerShares.Result.read(out.resolve("shares"));
        SchedulerShares.Result embedded = SchedulerShares.measure(root, "embedded", CONNECTIONS);
        assertEquals(kernel.table(), embedded.table());
        kernel.counts().forEach((name, shares) -> {
            List<Integer> ours = embedded.counts().getOrDefault(name, List.of());
            System.out.println(name + ": kernel " + shares + ", embedded " + ours);
            assertEquals(shares.size(), ours.size(), name);
            for (int i = 0; i < shares.size(); i++) {
                assertEquals((double) shares.get(i), ours.get(i), 2 + CONNECTIONS / 500.0, name);
            }
        });
        for (String hashing : List.of("sh", "sh-fallback", "mh")) {
            assertEquals(kernel.orders().get(hashing), embedded.orders().get(hashing), hashing);
        }
    }

    /** The properties that the tests in the guest read: {@code lvsd.lab.*} and {@code seed}. */
    private static String properties() {
        Stream<String> given = System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("lvsd.lab.") || name.equals("seed"))
                .map(name -> name + "=" + System.getProperty(name) + "\n")
                .sorted();
        Stream<String> cache =
                Stream.ofNullable(System.getenv("LVSD_LAB_CACHE")).map(c -> "lvsd.lab.cache=" + c + "\n");
        return Stream.concat(given, cache).collect(Collectors.joining());
    }

    private static Stream<DynamicTest> results(Path out, int status) throws IOException {
        Path results = out.resolve("results");
        if (!Files.exists(results)) {
            fail("the guest ended with status " + status + " before its first test; see " + out.resolve("console"));
        }
        List<String> lines = Files.readAllLines(results);
        Stream<DynamicTest> end = Stream.of(DynamicTest.dynamicTest(
                "the guest ran to its end",
                () -> assertTrue(
                        lines.contains("END"),
                        "the guest ended early with status " + status + "; see " + out.resolve("console"))));
        return Stream.concat(
                lines.stream()
                        .filter(l -> !l.equals("END") && !l.startsWith("AGAIN\t"))
                        .map(RealKernelIT::shown),
                end);
    }

    /** {@code PASS|FAIL|SKIP TAB name TAB text}; AGAIN is what a second run decides. */
    private static DynamicTest shown(String line) {
        String[] fields = line.split("\t", 3);
        return DynamicTest.dynamicTest(fields[1], () -> {
            if (!fields[0].equals("PASS")) {
                fail(fields[0] + ": " + fields[2].replace("\\n", "\n"));
            }
        });
    }
}
