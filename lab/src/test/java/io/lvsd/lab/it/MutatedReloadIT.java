package io.lvsd.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.core.control.ControlClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A real daemon, dry, with a file in which one character or one line is changed, and SIGHUP: it refuses, and its table stays,
 * or it ends with the table of a cold start. In a network namespace of its own, as a changed address is anybody's.
 */
final class MutatedReloadIT {
    private static final int MUTATIONS = Integer.getInteger("lvsd.lab.mutations", 20);
    private static final long DEADLINE = TimeUnit.SECONDS.toNanos(60);
    private static final String CHARACTERS = " \t\n{}\"#!$@~\\.:-/0123456789aAzZ,()=[]";

    @TempDir
    private Path directory;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Path root = Path.of("..").toAbsolutePath().normalize();

    /** A daemon that runs, with a directory of its own. */
    private record Daemon(Process process, Path home) implements AutoCloseable {
        String log() throws IOException {
            return Files.exists(home.resolve("log")) ? Files.readString(home.resolve("log")) : "";
        }

        private static final Pattern ANSWER =
                Pattern.compile("event=(config\\.loaded|config\\.refused|reload\\.guard) ");

        private List<String> answers() throws IOException {
            return ANSWER.matcher(log()).results().map(r -> r.group(1)).toList();
        }

        long reloads() {
            try {
                return answers().size();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        boolean refusedLast() throws IOException {
            return !answers().getLast().equals("config.loaded");
        }

        /** Its table, or nothing while it does not answer. */
        List<String> table() {
            try {
                return ControlClient.request(home.resolve("run/lvsd.sock"), "table save")
                        .body()
                        .lines()
                        .sorted()
                        .toList();
            } catch (IOException e) {
                return List.of();
            }
        }

        @Override
        public void close() {
            process.destroy();
            try {
                assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it ends");
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private Daemon start(String name, Path file) throws IOException, InterruptedException {
        Path home = Files.createDirectories(directory.resolve(name));
        String run = "ip link set lo up && exec ./lvsd run --driver memory -i director -f " + file + " --run-dir "
                + home + "/run --state-dir " + home + "/state 2>>" + home + "/log";
        // A build that was started by nohup would hand SIGHUP on as ignored.
        Process process = new ProcessBuilder("unshare", "-rn", "env", "--default-signal=HUP", "sh", "-c", run)
                .directory(root.toFile())
                .start();
        Daemon daemon = new Daemon(process, home);
        waitFor(daemon, "it is ready", () -> !daemon.table().isEmpty() || !process.isAlive());
        return daemon;
    }

    private static void waitFor(Daemon daemon, String what, BooleanSupplier happened)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + DEADLINE;
        while (!happened.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("did not happen: " + what + "\n" + daemon.table() + "\n" + daemon.log());
            }
            Thread.sleep(20);
        }
    }

    private static String mutate(String original, Random random) {
        List<String> lines = new ArrayList<>(original.lines().toList());
        int line = random.nextInt(lines.size());
        int at = random.nextInt(original.length());
        String other = String.valueOf(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
        switch (random.nextInt(5)) {
            case 0 -> lines.remove(line);
            case 1 -> lines.add(line, lines.get(random.nextInt(lines.size())));
            case 2 -> {
                return original.substring(0, at) + original.substring(at + 1);
            }
            case 3 -> {
                return original.substring(0, at) + other + original.substring(at);
            }
            default -> {
                return original.substring(0, at) + other + original.substring(at + 1);
            }
        }
        return String.join("\n", lines) + "\n";
    }

    /** Without a band in which a quorum remembers its past, and without a grace to wait for. */
    private String original(String syntax) throws IOException {
        return Files.readString(root.resolve("lab/src/test/mutated/" + syntax + ".conf"))
                .replaceAll("(?m)^\\s*hysteresis.*\n", "")
                .replaceAll("removal_grace( =)? 5", "removal_grace$1 0");
    }

    private void reload(Daemon daemon, Path file, String text) throws IOException, InterruptedException {
        long before = daemon.reloads();
        Files.writeString(file, text, StandardCharsets.UTF_8);
        assertEquals(
                0,
                new ProcessBuilder("kill", "-HUP", "" + daemon.process().pid())
                        .start()
                        .waitFor());
        waitFor(daemon, "a reload", () -> daemon.reloads() > before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"keepalived", "hocon"})
    void aReloadIsRefusedOrEndsAsAColdStart(String syntax) throws IOException, InterruptedException {
        boolean able = new ProcessBuilder("unshare", "-rn", "true").start().waitFor() == 0;
        assertTrue(able || !"required".equals(System.getProperty("lab")), "no network namespace can be made here");
        Assumptions.assumeTrue(able, "no network namespace can be made here");
        Path file = directory.resolve("running.conf");
        String original = original(syntax);
        Files.writeString(file, original);
        int refused = 0;
        try (Daemon daemon = start("daemon", file)) {
            List<String> table = cold(original, -1);
            waitFor(daemon, "the table of a cold start", () -> daemon.table().equals(table));
            for (int i = 0; i < MUTATIONS; i++) {
                String text = mutate(original, new Random(seed + i));
                List<String> before = daemon.table();
                reload(daemon, file, text);
                if (daemon.refusedLast()) {
                    refused++;
                    assertEquals(before, daemon.table(), () -> "-Dseed=" + seed + "\n" + text);
                    continue;
                }
                List<String> wanted = cold(text, i);
                waitFor(
                        daemon,
                        "of " + text + "\nthe table " + wanted,
                        () -> daemon.table().equals(wanted));
                reload(daemon, file, original);
                waitFor(daemon, "the table that was", () -> daemon.table().equals(table));
            }
        }
        System.out.println(
                syntax + " seed " + seed + ": " + MUTATIONS + " mutations by SIGHUP, " + refused + " refused");
    }

    /** The table of a daemon that starts with a file and has probed everything once. */
    private List<String> cold(String text, int number) throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("cold" + number + ".conf"), text);
        try (Daemon daemon = start("cold" + number, file)) {
            List<List<String>> seen = new ArrayList<>();
            waitFor(daemon, "a table that no longer changes", () -> {
                seen.add(daemon.table());
                int n = seen.size();
                return n > 50 && seen.get(n - 50).equals(seen.get(n - 1));
            });
            return seen.getLast();
        }
    }
}
