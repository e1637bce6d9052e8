package io.lvsd.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.lab.it.LvsdProcess.Result;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A daemon with a small heap, what needs more than that, and what becomes of memory that is no longer needed. */
final class HeapIT {
    private static final Pattern REMEDY = Pattern.compile("LVSD_HEAP_MIB=(\\d+)");
    private static final String SMALL = "LVSD_HEAP_MIB=96";
    private static final String SERVICE =
            "virtual_server 127.0.0.1 20080 {\n delay_loop 60\n lvs_sched rr\n lvs_method NAT\n protocol TCP\n";

    @TempDir
    private Path directory;

    private static String config(int servers) {
        StringBuilder text = new StringBuilder(SERVICE);
        for (int i = 0; i < servers; i++) {
            text.append(" real_server 127.")
                    .append(1 + (i >> 16))
                    .append('.')
                    .append(i >> 8 & 255)
                    .append('.')
                    .append(i & 255)
                    .append(" 9 {\n  weight 5\n  TCP_CHECK {\n   connect_timeout 3\n   retry 1\n  }\n }\n");
        }
        return text.append("}\n").toString();
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    /** Starts a daemon with a small heap and waits until it is ready. */
    private LvsdProcess startSmall(Path file) throws Exception {
        return start(SMALL, file);
    }

    private LvsdProcess start(String heap, Path file) throws Exception {
        return LvsdProcess.startReadyBy(List.of("env", heap), directory, file, "--driver", "memory");
    }

    /** It runs, and has so many real servers. */
    private static void assertServes(LvsdProcess daemon, int servers) throws Exception {
        assertTrue(daemon.isAlive(), daemon::log);
        long lines = daemon.ask("status", "--timeout", "60")
                .lines()
                .filter(l -> l.contains(":9 "))
                .count();
        assertEquals(servers, lines, daemon::log);
    }

    /** Either it is done, or it is refused with the heap that it needs. */
    private static boolean isDone(LvsdProcess daemon, Result result) {
        assertTrue(daemon.isAlive(), daemon::log);
        assertTrue(
                result.status() == 0
                        || result.status() == 3
                        || REMEDY.matcher(result.text()).find(),
                () -> result.status() + " " + head(result.text()));
        return result.status() == 0 || result.status() == 3;
    }

    private static String head(String text) {
        return text.substring(0, Math.min(2_000, text.length()));
    }

    @ParameterizedTest
    @ValueSource(ints = {10_000, 36_000})
    void aLargerConfigurationIsPlannedAndLoadedOrRefused(int servers) throws Exception {
        Path file = write("lvsd.conf", config(1));
        Path wide = write("wide.conf", config(servers));
        try (LvsdProcess daemon = startSmall(file)) {
            boolean planned = isDone(daemon, daemon.command("plan", "-f", wide.toString(), "--timeout", "60"));
            assertServes(daemon, 1);
            Files.copy(wide, file, StandardCopyOption.REPLACE_EXISTING);
            daemon.signal("HUP");
            daemon.until(
                    "the reload has ended",
                    () -> daemon.count("event=config.loaded") + daemon.count("event=config.refused") > 0);
            boolean loaded = daemon.count("event=config.loaded") > 0;
            assertServes(daemon, loaded ? servers : 1);
            assertEquals(loaded, isDone(daemon, daemon.command("reload", "--timeout", "60")));
            assertServes(daemon, loaded ? servers : 1);
            System.out.println(
                    servers + " real servers with the heap for one: planned " + planned + ", loaded " + loaded);
        }
    }

    @Test
    void aRefusedReloadNamesAHeapThatIsEnough() throws Exception {
        Path file = write("lvsd.conf", config(1));
        String heap;
        try (LvsdProcess daemon = startSmall(file)) {
            write("lvsd.conf", config(36_000));
            Result refused = daemon.command("reload", "--timeout", "60");
            assertEquals(4, refused.status(), () -> head(refused.text()));
            Matcher remedy = REMEDY.matcher(refused.text());
            assertTrue(remedy.find(), () -> head(refused.text()));
            heap = remedy.group(1);
            assertServes(daemon, 1);
        }
        write("lvsd.conf", config(1));
        try (LvsdProcess daemon =
                LvsdProcess.startBy(List.of("env", "LVSD_HEAP_MIB=" + heap), directory, file, "--driver", "memory")) {
            daemon.awaitReady();
            write("lvsd.conf", config(36_000));
            String _ = daemon.ask("reload", "--timeout", "60");
            assertServes(daemon, 36_000);
        }
    }

    @Test
    void aReloadOfSixtyMegabytesOfCommentsIsRefused() throws Exception {
        Path file = write("lvsd.conf", config(1));
        try (LvsdProcess daemon = startSmall(file)) {
            try (BufferedWriter out = Files.newBufferedWriter(file)) {
                for (int i = 0; i < 60; i++) {
                    out.write(("# " + "x".repeat(61) + "\n").repeat(1 << 14));
                }
            }
            Result refused = daemon.command("reload", "--timeout", "60");
            assertEquals(4, refused.status(), () -> head(refused.text()));
            assertTrue(refused.text().contains("LVSD_HEAP_MIB="), () -> head(refused.text()));
            assertServes(daemon, 1);
        }
    }

    /** More clients ask for a large status than the heap could hold copies of it. */
    @Test
    void clientsThatDoNotReadTheStatusTakeABoundedPartOfTheHeap() throws Exception {
        int port = freePort();
        Path file = write("lvsd.conf", "lvsd {\n http {\n  listen 127.0.0.1:" + port + "\n }\n}\n" + config(10_000));
        List<Socket> clients = new ArrayList<>();
        try (LvsdProcess daemon = start("LVSD_HEAP_MIB=160", file)) {
            for (int i = 0; i < 100; i++) {
                Socket client = new Socket(
                        InetAddress.getLoopbackAddress(), port, InetAddress.ofLiteral("127.0.1." + (1 + i % 20)), 0);
                clients.add(client);
                client.getOutputStream()
                        .write("GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
            }
            assertServes(daemon, 10_000);
            for (Socket client : clients) {
                client.close();
            }
            daemon.until("the status is served again", () -> fetch(port).startsWith("HTTP/1.1 200"));
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    private static String fetch(int port) {
        return fetch(port, "/api/v1/status");
    }

    private static String fetch(int port, String path) {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            client.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** The size of the heap in MiB, used or not; a large number if it is not known. */
    private static int heapMib(int port) {
        return (int) (fetch(port, "/metrics")
                        .lines()
                        .filter(l -> l.startsWith("jvm_memory_committed_bytes{area=\"heap\""))
                        .mapToDouble(l -> Double.parseDouble(l.substring(l.lastIndexOf(' ') + 1)))
                        .reduce(Double::sum)
                        .orElse(Double.MAX_VALUE)
                / (1 << 20));
    }

    @Test
    void memoryThatAConfigurationNeededIsReturned() throws Exception {
        int port = freePort();
        String http = "lvsd {\n http {\n  listen 127.0.0.1:" + port + "\n }\n}\n";
        Path file = write("lvsd.conf", http + config(1));
        try (LvsdProcess daemon = LvsdProcess.startReady(directory, file, "--driver", "memory")) {
            daemon.until("the metrics are served", () -> heapMib(port) < 1_000);
            write("lvsd.conf", http + config(36_000));
            String _ = daemon.ask("reload", "--timeout", "60");
            assertServes(daemon, 36_000);
            int large = heapMib(port);
            assertTrue(large > 70, () -> "36,000 real servers need more than " + large + " MiB");
            write("lvsd.conf", http + config(1));
            String _ = daemon.ask("reload", "--force", "--timeout", "60");
            // The next collection may be some minutes after one that took long on a busy host.
            for (int i = 0; i < 600 && heapMib(port) >= large / 2; i++) {
                Thread.sleep(1_000);
            }
            assertTrue(heapMib(port) < large / 2, () -> large + " MiB before, now " + heapMib(port));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /** Sixty-four megabytes after a line that announces them, from several peers at once. */
    @Test
    void hugeRequestsLeaveTheDaemonAlone() throws Exception {
        Path file = write("lvsd.conf", config(1));
        try (LvsdProcess daemon = startSmall(file)) {
            List<Thread> peers = IntStream.range(0, 8)
                    .mapToObj(i -> Thread.ofPlatform().start(() -> send(directory.resolve("run/lvsd.sock"))))
                    .toList();
            for (Thread peer : peers) {
                peer.join();
            }
            assertServes(daemon, 1);
        }
    }

    private static void send(Path socket) {
        try (SocketChannel peer = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            peer.connect(UnixDomainSocketAddress.of(socket));
            peer.write(ByteBuffer.wrap("plan 67108864\n".getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer chunk = ByteBuffer.allocate(1 << 20);
            for (int i = 0; i < 64; i++) {
                peer.write(chunk.clear());
            }
            int read = peer.read(chunk.clear());
            assertTrue(read > 0, "it answers");
        } catch (IOException _) {
            // It may close the connection instead.
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lines", "one line", "zeros"})
    void fiftyMegabytesOfGarbageAsTheStoreAreMovedAside(String kind) throws Exception {
        Path file = write("lvsd.conf", config(1));
        try (LvsdProcess _ = startSmall(file)) {
            // It makes the store.
        }
        Path store = directory.resolve("store/store");
        assertTrue(Files.exists(store));
        byte[] garbage = new byte[50 << 20];
        for (int i = 0; i < garbage.length; i++) {
            garbage[i] = kind.equals("zeros") ? 0 : (byte) (kind.equals("lines") && i % 60 == 0 ? '\n' : 'x');
        }
        Files.write(store, garbage);
        try (LvsdProcess daemon = startSmall(file)) {
            assertEquals(1, daemon.count("event=store.unreadable"), daemon::log);
            assertEquals(50 << 20, Files.size(directory.resolve("store/store.unreadable")));
            assertServes(daemon, 1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anExhaustedHeapHasAnExitStatusAndARemedy(boolean swallowed) throws Exception {
        Path file = write("lvsd.conf", config(1));
        LvsdProcess daemon = LvsdProcess.startBy(
                List.of(
                        "env",
                        "JAVA_HOME=" + jdkThatRuns(HeapFiller.class),
                        "LVSD_AOT_CACHE=off",
                        SMALL,
                        "LVSD_JAVA_OPTIONS=-Dlvsd.lab.swallow=" + swallowed),
                directory,
                file,
                "--driver",
                "memory");
        assertEquals(swallowed ? 128 + 9 : 12, daemon.awaitEnd(), daemon::log);
        String limit = swallowed ? "" : ": its limit is 9";
        assertTrue(
                daemon.log()
                        .lines()
                        .anyMatch(l -> l.startsWith("lvsd: heap exhausted" + limit)
                                && l.contains("tart with a larger LVSD_HEAP_MIB")),
                daemon::log);
        assertFalse(daemon.log().contains("event=daemon.stopped"));
    }

    /** A JDK whose java replaces lvsd's main class by another one. Everything else is as the launcher requests it. */
    private Path jdkThatRuns(Class<?> main) throws IOException {
        Path java = Files.createDirectories(directory.resolve("jdk/bin")).resolve("java");
        Path classes = Path.of("target/test-classes").toRealPath();
        Files.writeString(directory.resolve("jdk/release"), "JAVA_VERSION=\"25\"\n");
        Files.writeString(java, """
            #!/bin/bash
            arguments=() previous=
            for a in "$@"; do
              [[ $previous != -cp ]] || a=$a:%s
              [[ $a != io.lvsd.core.cli.*Main ]] || a=%s
              arguments+=("$a") previous=$a
            done
            exec %s/bin/java "${arguments[@]}"
            """.formatted(classes, main.getName(), System.getProperty("java.home")));
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        return directory.resolve("jdk");
    }
}
