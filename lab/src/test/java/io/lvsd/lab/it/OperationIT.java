package io.lvsd.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real daemon, with the embedded driver, by the files that operate it: a reload by signal and by time, and the dump of its state. */
final class OperationIT {
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

    private LvsdProcess start(Path file) throws IOException, InterruptedException {
        return LvsdProcess.startReady(directory, file, "--driver", "embedded");
    }

    @Test
    void aGroupIsOrderedByItsNameWhateverThatIs() throws IOException, InterruptedException {
        Path file = directory.resolve("lvsd.conf");
        Files.writeString(
                file,
                "virtual_server_group \"web farm\" {\n 127.0.0.1 20080\n}\n"
                        + "virtual_server group \"web farm\" {\n lvs_sched rr\n lvs_method NAT\n protocol TCP\n"
                        + " real_server 10.0.0.1 80 {\n }\n real_server 10.0.0.2 80 {\n }\n}\n");
        try (LvsdProcess first = start(file)) {
            assertTrue(first.ask("disable", "group:web farm", "10.0.0.1:80").contains("disabled"));
        }
        try (LvsdProcess second = start(file)) {
            String status = second.ask("status");
            assertTrue(status.contains("10.0.0.1:80  up DISABLED"), status);
        }
    }

    @Test
    void noSignalThatKeepalivedKnowsEndsItWithoutAStop() throws IOException, InterruptedException {
        Path file = directory.resolve("lvsd.conf");
        Files.writeString(file, config("", 1));
        LvsdProcess daemon = start(file);
        try (daemon) {
            for (String name : List.of("34", "35", "36", "63", "PIPE", "QUIT", "CHLD", "URG", "WINCH")) {
                daemon.signal(name);
            }
            for (String name : List.of("USR2", "ALRM", "VTALRM", "PROF", "XCPU", "IO", "PWR", "STKFLT", "SYS")) {
                daemon.signal(name);
                daemon.until(name + " is reported", () -> daemon.count("event=signal.ignored signal=" + name) == 1);
                daemon.signal(name);
            }
            daemon.signal("HUP");
            daemon.until("it still reloads", () -> daemon.count("event=config.loaded") == 1);
            assertEquals(9, daemon.count("event=signal.ignored"), daemon::log);
            assertEquals(0, daemon.count("Full thread dump"), "the thread dump is not part of the log");
        }
        daemon.until("it has stopped in order", () -> daemon.count("event=daemon.stopped") == 1);
    }

    @Test
    void aStateDirectoryThatCannotBeUsedIsReportedWithAReasonAndARemedy() throws Exception {
        Path file = Files.writeString(directory.resolve("lvsd.conf"), config("", 1));
        Path place = Files.createFile(directory.resolve("store"));
        try (LvsdProcess daemon = start(file)) {
            assertEquals(
                    1,
                    daemon.count("event=store.failed dir=" + place + " reason=\"" + place + ": not a directory\""),
                    daemon::log);
            assertEquals(1, daemon.count("remedy=\"use a directory"), daemon::log);
        }
    }

    @Test
    void filesInAMissingDirectoryAreReportedWithAReasonAndARemedy() throws Exception {
        Path file = Files.writeString(
                directory.resolve("lvsd.conf"),
                config(" notify_fifo /proc/nope/f\n state_dump_file /proc/nope/d.data\n", 1));
        try (LvsdProcess daemon = start(file)) {
            assertEquals(1, daemon.count("event=fifo.failed path=/proc/nope/f reason="), daemon::log);
            assertEquals(1, daemon.count("effect=\"no line is written to it\" remedy="), daemon::log);
            daemon.signal("USR1");
            String expected = "event=state_dump.failed file=/proc/nope/d_check.data"
                    + " reason=\"no such file or directory\" remedy=";
            daemon.until("the dump is reported", () -> daemon.count(expected) == 1);
        }
    }

    /** A start that must fail. */
    private LvsdProcess.Result refused(Path file, String runDirectory) throws IOException, InterruptedException {
        LvsdProcess.Result result = LvsdProcess.run(new ProcessBuilder(
                LvsdProcess.launcher(),
                "run",
                "-f",
                file.toString(),
                "--driver",
                "embedded",
                "--run-dir",
                runDirectory,
                "--state-dir",
                directory.resolve("store").toString()));
        assertEquals(1, result.status(), result.text());
        return result;
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "snmp"})
    void aPortInUseIsNamedWithAReasonAndARemedy(String what) throws Exception {
        try (ServerSocket tcp = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                DatagramSocket udp = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            String listen = what.equals("http")
                    ? "listen 127.0.0.1:" + tcp.getLocalPort()
                    : "listen udp:127.0.0.1:" + udp.getLocalPort();
            Path file = Files.writeString(
                    directory.resolve("lvsd.conf"),
                    config("", 1) + "lvsd {\n " + what + " {\n  " + listen
                            + (what.equals("snmp") ? "\n  community public" : "") + "\n }\n}\n");
            LvsdProcess.Result result = refused(file, directory.resolve("run").toString());
            String expected = "lvsd: " + what + ": cannot listen on " + listen.replace("listen ", "")
                    + ": address already in use; stop the program that uses the port";
            assertTrue(result.text().contains(expected), result.text());
        }
    }

    @ParameterizedTest
    @CsvSource({"/proc/nope, no such file or directory", "FILE, not a directory", "OPEN, other users may write to it"})
    void aRunDirectoryThatCannotBeUsedChangesNothing(String where, String reason) throws Exception {
        Path file = directory.resolve("lvsd.conf");
        Files.writeString(file, config("", 1));
        Path open = Files.createDirectories(directory.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        String place = where.replace("FILE", file.toString()).replace("OPEN", open.toString());
        LvsdProcess.Result result = refused(file, place);
        String last = result.text().lines().toList().getLast();
        assertTrue(last.startsWith("lvsd: the run directory cannot be used: "), result.text());
        assertTrue(last.contains(place) && last.contains(reason) && last.contains("--run-dir"), last);
        assertFalse(result.text().contains("event=daemon.started"), result.text());
        assertFalse(Files.exists(directory.resolve("store")));
    }

    /** A client distinguishes a suspended daemon from no daemon. */
    @Test
    void aClientThatGetsNoAnswerSaysWhy() throws IOException, InterruptedException {
        Path file = directory.resolve("lvsd.conf");
        Files.writeString(file, config("", 1));
        LvsdProcess daemon = start(file);
        try (daemon) {
            daemon.signal("STOP");
            try {
                for (String[] words : List.of(
                        new String[] {"status", "--timeout", "1"},
                        new String[] {"table", "--timeout", "1"},
                        new String[] {"reload", "--timeout", "1"},
                        new String[] {"plan", "-f", file.toString(), "--timeout", "1"},
                        new String[] {"weight", "127.0.0.1:20080/tcp", "10.0.0.1:80", "5", "--timeout", "1"},
                        new String[] {"drain", "127.0.0.1:20080/tcp", "10.0.0.1:80", "--force"})) {
                    LvsdProcess.Result result = daemon.command(words);
                    assertEquals(1, result.status(), words[0] + ": " + result.text());
                    assertTrue(result.text().startsWith("lvsd: timeout: no reply"), words[0] + ": " + result.text());
                }
            } finally {
                daemon.signal("CONT");
            }
            daemon.until("it answers again", () -> answers(daemon));
        }
        assertTrue(daemon.command("status").text().startsWith("lvsd: no daemon listens"));
    }

    private static boolean answers(LvsdProcess daemon) {
        try {
            return daemon.command("status").status() == 0;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void filesOperateIt() throws IOException, InterruptedException {
        Path marker = directory.resolve("reading");
        Path when = directory.resolve("when");
        Path file = directory.resolve("lvsd.conf");
        String globals = " reload_file " + marker + "\n reload_time_file " + when + "\n state_dump_file "
                + directory.resolve("state.txt") + "\n";
        Files.writeString(file, config(globals, 1));
        try (LvsdProcess daemon = start(file)) {
            Files.writeString(marker, "a configuration is being written");
            Files.writeString(file, config(globals, 2));
            daemon.signal("HUP");
            daemon.until("the reload is done", () -> daemon.count("event=config.loaded") == 1);
            assertFalse(Files.exists(marker), "the file is gone once the configuration was read");

            Files.writeString(file, config(globals, 3));
            Instant time = Instant.now().plusSeconds(3).truncatedTo(ChronoUnit.SECONDS);
            Files.writeString(when, time.toString().replace('T', ' ') + "\n");
            daemon.until("the reload of that time is done", () -> daemon.count("event=config.loaded") == 2);
            assertFalse(Instant.now().isBefore(time));
            assertFalse(Files.exists(when));

            daemon.signal("USR1");
            Path dump = directory.resolve("state_check.txt");
            daemon.until("there is a dump", () -> Files.exists(dump));
            String text = Files.readString(dump);
            assertTrue(text.contains("127.0.0.1:20080/tcp  OK, up for "), text);
            assertTrue(text.contains("TCP  127.0.0.1:20080 rr"), text);
            assertTrue(text.contains("reload_time_file"), text);
        }
    }
}
