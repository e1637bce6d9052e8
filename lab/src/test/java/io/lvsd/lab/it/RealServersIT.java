package io.lvsd.lab.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.lvsd.checkers.Probes;
import io.lvsd.checkers.probe.ProbeKey;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Failed;
import io.lvsd.checkers.probe.ProbeResult.Passed;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.lvsd.checkers.probe.Prober;
import io.lvsd.conf.check.CheckSpec;
import io.lvsd.conf.check.TcpCheck;
import io.lvsd.lab.servers.DebianServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each check against the real server out of Debian's packages, on loopback: not there, up, standing still, answered by
 * replaced by another server, stopped, and started again. Needs root, for chroot.
 */
final class RealServersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Probes PROBES = new Probes(2, _ -> {});
    private static Path root = Path.of("/");

    @BeforeAll
    static void unpack() throws Exception {
        root = DebianServer.root();
    }

    @AfterAll
    static void close() {
        PROBES.close();
    }

    @ParameterizedTest
    @EnumSource
    @Execution(ExecutionMode.CONCURRENT)
    void upStillWrongGoneAndBack(DebianServer kind) throws Exception {
        int[] ports = DebianServer.freePorts();
        String work = "/lab/" + kind.name() + "-" + ProcessHandle.current().pid();
        Path inside = root.resolve(work.substring(1));
        Files.createDirectories(inside);
        // Some servers run as their own users; FreeRADIUS requires that no other user may write there.
        String mode = kind == DebianServer.FREERADIUS ? "755" : "777";
        assertEquals(
                0, new ProcessBuilder("chmod", mode, inside.toString()).start().waitFor());
        kind.writeFiles(ports, root, work);
        List<String> commands = kind.commands(ports, work);
        Path log = inside.resolve("lab.log");
        for (String command : commands.subList(0, commands.size() - 1)) {
            assertEquals(0, start(command, log).waitFor(), () -> DebianServer.tail(log));
        }
        List<CheckSpec.Probed> specs = kind.specs(ports, inside);
        for (CheckSpec.Probed spec : specs) {
            assertInstanceOf(Failed.class, ask(spec), "no server is running");
        }
        Process server = start(commands.getLast(), log);
        try {
            awaitAll(specs, server, log);
            stop(server);
            Map<CheckSpec.Probed, CompletableFuture<ProbeReport>> pending = new HashMap<>();
            for (CheckSpec.Probed spec : specs) {
                if (!(spec instanceof TcpCheck)) {
                    pending.put(spec, start(spec));
                }
            }
            for (Map.Entry<CheckSpec.Probed, CompletableFuture<ProbeReport>> each : pending.entrySet()) {
                assertEquals(
                        Reason.RESPONSE_TIMEOUT,
                        reason(outcome(each.getValue())),
                        () -> each.getKey().toString());
            }
            signal(server, "CONT");
            awaitAll(specs, server, log);
            end(server);
            for (CheckSpec.Probed spec : specs) {
                assertInstanceOf(Failed.class, ask(spec), "the server was stopped");
            }
            server = start(commands.getLast(), log);
            awaitAll(specs, server, log);
        } finally {
            end(server);
        }
        for (CheckSpec.Probed spec : specs) {
            anotherServer(spec);
        }
        assertEquals(
                0, new ProcessBuilder("rm", "-rf", inside.toString()).start().waitFor());
    }

    /** A command in the root, as root or, after {@code as USER}, as another user, who then owns its directory. */
    private static Process start(String command, Path log) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("chroot"));
        List<String> own = new ArrayList<>(List.of(command.split(" ")));
        if (own.getFirst().equals("as")) {
            words.add("--userspec=" + own.get(1) + ":" + own.get(1));
            own = own.subList(2, own.size());
        }
        words.add(root.toString());
        words.addAll(own);
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        builder.environment().put("HOME", "/tmp");
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("ETCD_UNSUPPORTED_ARCH", "arm64");
        return builder.start();
    }

    /**
     * Stops the server and its children. A child that the server starts between the list of its children and the
     * signal would go on to answer, and the kernel stops a thread only when that thread next leaves the kernel: so the
     * signal is repeated until all threads are stopped.
     */
    private static void stop(Process server) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        do {
            if (System.nanoTime() - end > 0) {
                fail("not stopped: " + tree(server));
            }
            signal(server, "STOP");
        } while (!allStopped(server));
    }

    private static boolean allStopped(Process server) throws IOException {
        for (ProcessHandle process : tree(server)) {
            Path tasks = Path.of("/proc", String.valueOf(process.pid()), "task");
            try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
                for (Path thread : threads) {
                    String stat = Files.readString(thread.resolve("stat"), StandardCharsets.ISO_8859_1);
                    char state = stat.charAt(stat.lastIndexOf(')') + 2);
                    if ("TZX".indexOf(state) < 0) {
                        return false;
                    }
                }
            } catch (NoSuchFileException _) {
                return false; // It ended meanwhile: list the children again.
            }
        }
        return true;
    }

    private static List<ProcessHandle> tree(Process server) {
        return Stream.concat(Stream.of(server.toHandle()), server.descendants()).toList();
    }

    private static void signal(Process server, String name) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        tree(server).forEach(p -> command.add(String.valueOf(p.pid())));
        new ProcessBuilder(command).start().waitFor();
    }

    private static void end(Process server) throws IOException, InterruptedException {
        List<ProcessHandle> all = tree(server);
        signal(server, "KILL");
        server.waitFor(10, TimeUnit.SECONDS);
        for (ProcessHandle process : all) {
            process.destroyForcibly();
            process.onExit()
                    .orTimeout(10, TimeUnit.SECONDS)
                    .exceptionally(_ -> process)
                    .join();
        }
    }

    private static ProbeResult ask(CheckSpec.Probed spec) throws Exception {
        return outcome(start(spec));
    }

    private static CompletableFuture<ProbeReport> start(CheckSpec.Probed spec) {
        CompletableFuture<ProbeReport> report = new CompletableFuture<>();
        PROBES.probe(List.of(new Prober.Start(ProbeKey.of(spec), report::complete)));
        return report;
    }

    private static ProbeResult outcome(CompletableFuture<ProbeReport> report) throws Exception {
        return report.get(DebianServer.DEADLINE.toSeconds() + 30, TimeUnit.SECONDS)
                .result();
    }

    private static Reason reason(ProbeResult outcome) {
        return outcome instanceof Failed(var reason, var _, var _, var _) ? reason : fail(outcome.toString());
    }

    private static void awaitAll(List<CheckSpec.Probed> specs, Process server, Path log) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (CheckSpec.Probed spec : specs) {
            ProbeResult outcome = ask(spec);
            while (!(outcome instanceof Passed)) {
                if (System.nanoTime() - end > 0 || !server.isAlive()) {
                    fail(spec + ": " + outcome + "\n" + DebianServer.tail(log));
                }
                Thread.sleep(100);
                outcome = ask(spec);
            }
        }
    }

    /** Another program uses the port and sends a different greeting. */
    private static void anotherServer(CheckSpec.Probed spec) throws Exception {
        if (!(spec instanceof CheckSpec.Remote remote) || spec instanceof TcpCheck) {
            return;
        }
        try (ServerSocket other =
                        bound(() -> new ServerSocket(remote.target().port(), 10, InetAddress.getLoopbackAddress()));
                DatagramSocket udp =
                        bound(() -> new DatagramSocket(remote.target().port(), InetAddress.getLoopbackAddress()))) {
            Thread.ofPlatform().daemon().start(() -> {
                try (Socket client = other.accept()) {
                    OutputStream out = client.getOutputStream();
                    out.write("999 ANOTHER SERVER\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                    client.getInputStream().readAllBytes();
                } catch (IOException _) {
                    // The test is over.
                }
            });
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    var packet = new java.net.DatagramPacket(new byte[2_000], 2_000);
                    udp.receive(packet);
                    byte[] answer = "another server".getBytes(StandardCharsets.US_ASCII);
                    udp.send(new java.net.DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                } catch (IOException _) {
                    // The test is over.
                }
            });
            ProbeResult outcome = ask(spec);
            assertTrue(outcome instanceof Failed, () -> spec + ": " + outcome);
        }
    }

    private interface Binding<S> {
        S bind() throws IOException;
    }

    /** A port that was in use until now. */
    private static <S> S bound(Binding<S> binding) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return binding.bind();
            } catch (BindException e) {
                if (System.nanoTime() - end > 0) {
                    throw e;
                }
                Thread.sleep(50);
            }
        }
    }
}
