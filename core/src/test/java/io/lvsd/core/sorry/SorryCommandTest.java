package io.lvsd.core.sorry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code lvsd sorry} as a child process: exit status, SIGHUP and SIGTERM. */
@Timeout(120)
final class SorryCommandTest {
    private static final int SIGHUP_WAIT_MILLIS = 30_000;

    @TempDir
    private Path directory;

    private Process start(String... arguments) throws IOException {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "io.lvsd.core.cli.Main",
                "sorry"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log())
                .start();
    }

    private File log() {
        return directory.resolve("log").toFile();
    }

    private String output() throws IOException {
        return Files.readString(log().toPath());
    }

    private int exitOf(String... arguments) throws Exception {
        Process process = start(arguments);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), this::outputOrNothing);
        return process.exitValue();
    }

    private String outputOrNothing() {
        try {
            return output();
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private Path config(int port, int status) throws IOException {
        return Files.writeString(
                directory.resolve("sorry.conf"),
                "lvsd {\nsorry_page {\nlisten 127.0.0.1:" + port + "\nstatus " + status + "\n}\n}\n");
    }

    private static String statusLine(int port) {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            client.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = client.getInputStream();
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.isEmpty() ? "" : text.lines().findFirst().orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    private void await(int port, String expected) throws Exception {
        long end = System.currentTimeMillis() + SIGHUP_WAIT_MILLIS;
        while (!statusLine(port).contains(expected)) {
            assertTrue(System.currentTimeMillis() < end, () -> statusLine(port) + outputOrNothing());
            Thread.sleep(50);
        }
    }

    private static void signal(Process process, String name) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                        .start()
                        .waitFor());
    }

    @Test
    void aFileIsServedReadAgainAndKeptIfTheNextOneIsBad() throws Exception {
        int port = freePort();
        Process process = start("-f", config(port, 503).toString());
        try {
            await(port, " 503 ");
            config(port, 410);
            signal(process, "HUP");
            await(port, " 410 ");
            Files.writeString(directory.resolve("sorry.conf"), "lvsd {\nsorry_page {\nstatus 200\n}\n}\n");
            signal(process, "HUP");
            while (!output().contains("sorry_page.refused")) {
                Thread.sleep(50);
            }
            assertTrue(statusLine(port).contains(" 410 "), this::outputOrNothing);
            signal(process, "TERM");
            assertTrue(process.waitFor(30, TimeUnit.SECONDS));
            assertEquals(0, process.exitValue(), this::outputOrNothing);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void itKeepsItsListenersWhenItIsKilledAndStartedAgain() throws Exception {
        int port = freePort();
        Path run = Files.createDirectories(directory.resolve("run"));
        String[] arguments = {
            "--run-dir",
            run.toString(),
            "--state-dir",
            directory.resolve("state").toString()
        };
        Process process = start(arguments);
        Process second = null;
        try {
            RemoteSorryServer daemon = new RemoteSorryServer(run.resolve("sorry.sock"));
            while (!daemon.isAnswering()) {
                Thread.sleep(50);
            }
            daemon.apply(SorryFileTest.setup(port, 503));
            await(port, " 503 ");
            process.destroyForcibly().waitFor();
            second = start(arguments);
            await(port, " 503 ");
            signal(second, "TERM");
            assertTrue(second.waitFor(30, TimeUnit.SECONDS));
            assertEquals(0, second.exitValue());
        } finally {
            process.destroyForcibly();
            if (second != null) {
                second.destroyForcibly();
            }
        }
    }

    @Test
    void anUnusableFileOrAddressHasAnExitStatus() throws Exception {
        Path without = Files.writeString(directory.resolve("a.conf"), "lvsd {\nsorry_page {\nstatus 503\n}\n}\n");
        assertEquals(4, exitOf("-f", without.toString()));
        assertTrue(output().contains("has no 'listen' in the block sorry_page"), this::outputOrNothing);
        Path unsafe = Files.writeString(
                directory.resolve("b.conf"), "lvsd {\nsorry_page {\nroot /etc\nlisten 127.0.0.1:1\n}\n}\n");
        assertEquals(4, exitOf("-f", unsafe.toString()));
        assertTrue(output().contains("contains files of the system"), this::outputOrNothing);
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertEquals(1, exitOf("-f", config(other.getLocalPort(), 503).toString()));
            assertTrue(output().contains("cannot listen on"), this::outputOrNothing);
        }
    }
}
