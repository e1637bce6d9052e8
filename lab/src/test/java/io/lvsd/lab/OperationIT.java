package io.lvsd.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real daemon, with the embedded driver, by the files that operate it: a reload by signal and by time, and the dump of its state. */
final class OperationIT {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    private Path directory;

    private static String config(String globals, int servers) {
        StringBuilder text = new StringBuilder("global_defs {\n" + globals + "}\n"
                + "virtual_server 127.0.0.1 20080 {\n lvs_sched rr\n lvs_method NAT\n protocol TCP\n");
        for (int i = 1; i <= servers; i++) {
            text.append(" real_server 10.0.0.").append(i).append(" 80 {\n }\n");
        }
        return text + "}\n";
    }

    private String log() {
        try {
            return Files.readString(directory.resolve("log"));
        } catch (IOException e) {
            return "";
        }
    }

    private void until(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, () -> "did not happen: " + what + "\n" + log());
            Thread.sleep(20);
        }
    }

    private long count(String event) {
        return log().lines().filter(l -> l.contains(event)).count();
    }

    private static void signal(Process process, String name) throws IOException, InterruptedException {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + name, "" + process.pid())
                        .start()
                        .waitFor());
    }

    private static String lvsd() throws IOException {
        return Path.of("..").toRealPath().resolve("lvsd").toString();
    }

    private Process start(Path file) throws IOException {
        return new ProcessBuilder(
                        lvsd(),
                        "run",
                        "--driver",
                        "embedded",
                        "-f",
                        file.toString(),
                        "--run-dir",
                        directory.resolve("run").toString(),
                        "--state-dir",
                        directory.resolve("store").toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    /** Standard output of a client command that must succeed. */
    private String ask(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(lvsd()));
        command.addAll(List.of(words));
        command.addAll(List.of("--run-dir", directory.resolve("run").toString()));
        Process client = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, client.waitFor(), text);
        return text;
    }

    private static void stop(Process daemon) throws InterruptedException {
        daemon.destroy();
        assertTrue(daemon.waitFor(30, TimeUnit.SECONDS));
    }

    @Test
    void aGroupIsOrderedByItsNameWhateverThatIs() throws IOException, InterruptedException {
        Path file = directory.resolve("lvsd.conf");
        Files.writeString(
                file,
                "virtual_server_group \"web farm\" {\n 127.0.0.1 20080\n}\n"
                        + "virtual_server group \"web farm\" {\n lvs_sched rr\n lvs_method NAT\n protocol TCP\n"
                        + " real_server 10.0.0.1 80 {\n }\n real_server 10.0.0.2 80 {\n }\n}\n");
        Process first = start(file);
        try {
            until("it is ready", () -> count("event=daemon.ready") == 1);
            assertTrue(ask("disable", "group:web farm", "10.0.0.1:80").contains("disabled"));
        } finally {
            stop(first);
        }
        Process second = start(file);
        try {
            until("it is ready", () -> count("event=daemon.ready") == 1);
            String status = ask("status");
            assertTrue(status.contains("10.0.0.1:80  up DISABLED"), status);
        } finally {
            stop(second);
        }
    }

    @Test
    void noSignalThatKeepalivedKnowsEndsItWithoutAStop() throws IOException, InterruptedException {
        Path file = directory.resolve("lvsd.conf");
        Files.writeString(file, config("", 1));
        Process daemon = start(file);
        try {
            until("it is ready", () -> count("event=daemon.ready") == 1);
            for (String name : List.of("34", "35", "36", "63", "PIPE", "QUIT", "CHLD", "URG", "WINCH")) {
                signal(daemon, name);
            }
            for (String name : List.of("USR2", "ALRM", "VTALRM", "PROF", "XCPU", "IO", "PWR", "STKFLT", "SYS")) {
                signal(daemon, name);
                until(name + " is reported", () -> count("event=signal.ignored signal=" + name) == 1);
                signal(daemon, name);
            }
            signal(daemon, "HUP");
            until("it still reloads", () -> count("event=config.loaded") == 1);
            assertEquals(9, count("event=signal.ignored"), OperationIT.this::log);
            assertEquals(0, count("Full thread dump"), "the thread dump is not part of the log");
        } finally {
            stop(daemon);
        }
        until("it has stopped in order", () -> count("event=daemon.stopped") == 1);
    }

    @Test
    void filesOperateIt() throws IOException, InterruptedException {
        Path marker = directory.resolve("reading");
        Path when = directory.resolve("when");
        Path file = directory.resolve("lvsd.conf");
        String globals = " reload_file " + marker + "\n reload_time_file " + when + "\n state_dump_file "
                + directory.resolve("state.txt") + "\n";
        Files.writeString(file, config(globals, 1));
        Process daemon = start(file);
        try {
            until("it is ready", () -> count("event=daemon.ready") == 1);

            Files.writeString(marker, "a configuration is being written");
            Files.writeString(file, config(globals, 2));
            signal(daemon, "HUP");
            until("the reload is done", () -> count("event=config.loaded") == 1);
            assertFalse(Files.exists(marker), "the file is gone once the configuration was read");

            Files.writeString(file, config(globals, 3));
            Instant time = Instant.now().plusSeconds(3).truncatedTo(ChronoUnit.SECONDS);
            Files.writeString(when, time.toString().replace('T', ' ') + "\n");
            until("the reload of that time is done", () -> count("event=config.loaded") == 2);
            assertFalse(Instant.now().isBefore(time));
            assertFalse(Files.exists(when));

            signal(daemon, "USR1");
            Path dump = directory.resolve("state_check.txt");
            until("there is a dump", () -> Files.exists(dump));
            String text = Files.readString(dump);
            assertTrue(text.contains("127.0.0.1:20080/tcp  UP  live weight 3"), text);
            assertTrue(text.contains("TCP  127.0.0.1:20080 rr"), text);
            assertTrue(text.contains("reload_time_file"), text);
        } finally {
            stop(daemon);
        }
    }
}
