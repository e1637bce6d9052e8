package io.lvsd.core.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.lvsd.conf.model.NotifyConfig;
import io.lvsd.conf.model.NotifyConfig.Fifo;
import io.lvsd.conf.model.NotifyConfig.Mail;
import io.lvsd.conf.model.NotifyConfig.Webhook;
import io.lvsd.conf.value.Program;
import io.lvsd.core.engine.DaemonEvent;
import io.lvsd.core.engine.DaemonEvent.Level;
import io.lvsd.core.engine.Notification;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Delivery to real FIFOs, programs, and servers on loopback. */
final class NotificationsTest {
    private static final long TIMEOUT = 20;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private static NotifyConfig config(@Nullable Mail mail, List<Fifo> fifos, List<Webhook> webhooks) {
        return new NotifyConfig(
                Optional.of("one"),
                Optional.ofNullable(mail),
                fifos,
                true,
                false,
                Optional.empty(),
                Optional.empty(),
                NotifyConfig.NONE.scriptTimeout(),
                webhooks);
    }

    private static DaemonEvent transition(String name) {
        return DaemonEvent.of(Level.WARN, name, "vs", "192.0.2.1:80/tcp", "to", "down");
    }

    // ---- FIFO

    @Test
    void aFifoIsCreatedReceivesEachLineOnceAndIsDeleted() throws Exception {
        Path fifo = directory.resolve("events");
        try (Notifications notifications = new Notifications("host", _ -> {})) {
            notifications.configure(
                    config(null, List.of(new Fifo(fifo, Optional.empty(), Optional.empty())), List.of()), false);
            while (!Files.exists(fifo)) {
                Thread.onSpinWait();
            }
            try (BufferedReader reader = Files.newBufferedReader(fifo)) {
                notifications.deliver(new Notification.Line("VS [192.0.2.1]:tcp:80 UP"));
                notifications.deliver(new Notification.Line("VS [192.0.2.1]:tcp:80 DOWN"));
                assertEquals("VS [192.0.2.1]:tcp:80 UP", reader.readLine());
                assertEquals("VS [192.0.2.1]:tcp:80 DOWN", reader.readLine());
            }
        }
        assertFalse(Files.exists(fifo));
    }

    @Test
    void aReaderIsStartedWithTheNameOfTheFifo() throws Exception {
        Path fifo = directory.resolve("events");
        Path out = directory.resolve("out");
        Path script =
                script("head -n 1 <\"$2\" >" + out + ".new; echo \"$1\" >>" + out + ".new; mv " + out + ".new " + out);
        try (Notifications notifications = new Notifications("host", _ -> {})) {
            notifications.configure(
                    config(
                            null,
                            List.of(new Fifo(
                                    fifo,
                                    Optional.empty(),
                                    Optional.of(new Program(List.of(script.toString(), "-x"), Optional.empty())))),
                            List.of()),
                    false);
            notifications.deliver(new Notification.Line("one"));
            await(out);
        }
        assertEquals("one\n-x\n", Files.readString(out));
    }

    @Test
    void aFileInThePlaceOfTheFifoIsNotChanged() throws Exception {
        Path file = Files.writeString(directory.resolve("events"), "precious");
        try (Notifications notifications = new Notifications("host", _ -> {})) {
            notifications.configure(
                    config(null, List.of(new Fifo(file, Optional.empty(), Optional.empty())), List.of()), false);
            notifications.deliver(new Notification.Line("one"));
        }
        assertEquals("precious", Files.readString(file));
    }

    // ---- programs

    @Test
    void programsGetTheirArgumentsAndDoNotBlock() throws Exception {
        Path out = directory.resolve("out");
        Path script = script("echo \"$#:$1:$2\" >" + out + ".new; mv " + out + ".new " + out);
        Path slow = script("exec sleep 60");
        try (Notifications notifications = new Notifications("host", _ -> {})) {
            notifications.configure(NotifyConfig.NONE, false);
            notifications.deliver(
                    new Notification.Run("rs 1", new Program(List.of(slow.toString()), Optional.empty())));
            notifications.deliver(new Notification.Run(
                    "rs 2", new Program(List.of(script.toString(), "a b", "$HOME"), Optional.empty())));
            await(out);
        }
        assertEquals("2:a b:$HOME\n", Files.readString(out));
        assertTrue(
                ProcessHandle.current()
                        .descendants()
                        .noneMatch(p -> p.info()
                                .commandLine()
                                .filter(c -> c.contains("sleep 60"))
                                .isPresent()),
                "what still runs is ended with us");
    }

    private static Notification.Run run(String subject, Path script, String... arguments) {
        List<String> argv = new ArrayList<>(List.of(script.toString()));
        argv.addAll(List.of(arguments));
        return new Notification.Run(subject, new Program(argv, Optional.empty()));
    }

    @Test
    void scriptsOfOneSubjectRunInSequenceAndOthersInParallel() throws Exception {
        Path out = directory.resolve("out");
        Path gate = directory.resolve("gate");
        Path first = script("while [ ! -e " + gate + " ]; do sleep 0.01; done; echo vs-down >>" + out);
        Path second = script("echo vs-up >>" + out);
        Path other = script("echo rs-up >>" + out + "; touch " + gate);
        try (Notifications notifications = new Notifications("host", _ -> {})) {
            notifications.configure(NotifyConfig.NONE, false);
            notifications.deliver(run("vs 1", first));
            for (int i = 0; i < 5; i++) {
                notifications.deliver(run("vs 1", second));
            }
            notifications.deliver(run("rs 1", other));
        }
        assertEquals("rs-up\nvs-down\n" + "vs-up\n".repeat(5), Files.readString(out));
    }

    @Test
    void aScriptThatHangsIsKilledWithItsChildrenAndTheNextOneRuns() throws Exception {
        Path out = directory.resolve("out");
        Path hanging = script("trap '' TERM; sleep 61 & sleep 61; sleep 61");
        Path next = script("touch " + out);
        NotifyConfig limited = new NotifyConfig(
                Optional.empty(),
                Optional.empty(),
                List.of(),
                true,
                false,
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(3),
                List.of());
        try (Notifications notifications = new Notifications("host", _ -> {})) {
            notifications.configure(limited, false);
            notifications.deliver(run("vs 1", hanging));
            notifications.deliver(run("vs 1", next));
            await(out);
        }
        assertTrue(
                ProcessHandle.allProcesses()
                        .noneMatch(p -> p.info()
                                .commandLine()
                                .filter(c -> c.contains("sleep 61"))
                                .isPresent()),
                "its children are ended as well");
    }

    @Test
    void noEventOfABurstIsSkipped() throws Exception {
        Path out = directory.resolve("out");
        Path append = script("echo \"$1\" >>" + out);
        try (Notifications notifications = new Notifications("host", _ -> {})) {
            notifications.configure(NotifyConfig.NONE, false);
            for (int i = 0; i < 40; i++) {
                notifications.deliver(run("vs 1", append, "" + i));
            }
        }
        assertEquals(
                java.util.stream.IntStream.range(0, 40)
                        .mapToObj(String::valueOf)
                        .toList(),
                Files.readAllLines(out));
    }

    @Test
    void aScriptGetsACleanEnvironmentAndTheRootDirectory() throws Exception {
        Path out = directory.resolve("out");
        Path script = script("{ env | sed 's/=.*//' | grep -vE '^(PWD|OLDPWD|SHLVL|_)$' | sort; pwd; echo $HOME; } >"
                + out + ".new; mv " + out + ".new " + out);
        try (Notifications notifications = new Notifications("host", _ -> {})) {
            notifications.configure(NotifyConfig.NONE, false);
            notifications.deliver(run("vs 1", script));
            await(out);
        }
        String home = Files.readAllLines(Path.of("/etc/passwd")).stream()
                .map(l -> l.split(":"))
                .filter(f -> f[0].equals(System.getProperty("user.name")))
                .map(f -> f[5])
                .findFirst()
                .orElse("/");
        assertEquals(List.of("HOME", "LANG", "LOGNAME", "PATH", "USER", "/", home), Files.readAllLines(out));
    }

    @Test
    void aScriptOfAnotherUserHasNoNewPrivileges() throws Exception {
        boolean root = "root".equals(System.getProperty("user.name"));
        assertTrue(root || !"required".equals(System.getProperty("lab")), "only root can run scripts as another user");
        org.junit.jupiter.api.Assumptions.assumeTrue(root, "only root can run scripts as another user");
        Path shared = Files.createTempDirectory(Path.of("/tmp"), "lvsd-test");
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path out = shared.resolve("out");
        Path script = Files.writeString(
                shared.resolve("script"),
                "#!/bin/sh\n{ grep NoNewPrivs /proc/self/status; echo $USER $HOME; } >" + out + ".new; mv " + out
                        + ".new " + out + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (Notifications notifications = new Notifications("host", _ -> {})) {
            notifications.configure(NotifyConfig.NONE, false);
            notifications.deliver(new Notification.Run(
                    "vs 1",
                    new Program(
                            List.of(script.toString()),
                            Optional.of(new io.lvsd.conf.value.RunAs("nobody", Optional.empty(), false)))));
            await(out);
        }
        assertEquals(List.of("NoNewPrivs:\t1", "nobody /nonexistent"), Files.readAllLines(out));
    }

    @Test
    void withScriptSecurityAnUnsafeProgramIsNotRun() throws Exception {
        Path out = directory.resolve("out");
        Path script = script("touch " + out);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxrwxrwx"));
        try (Notifications notifications = new Notifications("host", _ -> {})) {
            notifications.configure(NotifyConfig.NONE, true);
            notifications.deliver(
                    new Notification.Run("rs 1", new Program(List.of(script.toString()), Optional.empty())));
        }
        assertFalse(Files.exists(out));
    }

    private final AtomicInteger scripts = new AtomicInteger();

    private Path script(String text) throws IOException {
        Path script = directory.resolve("script" + scripts.incrementAndGet());
        Files.writeString(script, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script;
    }

    private static void await(Path file) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT);
        while (!Files.exists(file)) {
            assertTrue(System.nanoTime() < end, () -> file + " did not come");
            Thread.onSpinWait();
        }
    }

    // ---- mail

    /** A mail server. It keeps doubled dots. */
    private static final class MailServer implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        private final BlockingQueue<String> sessions = new LinkedBlockingQueue<>();
        private final String refused;

        MailServer(String refused) throws IOException {
            this.refused = refused;
            Thread.ofVirtual().start(this::serve);
        }

        private void serve() {
            try {
                while (true) {
                    try (Socket client = socket.accept()) {
                        sessions.add(session(client));
                    }
                }
            } catch (IOException _) {
                // Closed.
            }
        }

        private String session(Socket client) throws IOException {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
            OutputStream out = client.getOutputStream();
            StringBuilder received = new StringBuilder();
            write(out, "220-several lines\r\n220 ready");
            boolean data = false;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                received.append(line).append('\n');
                if (data && line.equals(".")) {
                    data = false;
                    write(out, "250 taken");
                } else if (!data && !refused.isEmpty() && line.startsWith(refused)) {
                    write(out, "550 no");
                } else if (line.equals("DATA")) {
                    data = true;
                    write(out, "354 go on");
                } else if (line.equals("QUIT")) {
                    write(out, "221 bye");
                    break;
                } else if (!data) {
                    write(out, "250 fine");
                }
            }
            return received.toString();
        }

        private static void write(OutputStream out, String text) throws IOException {
            out.write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static Mail mail(int port, List<String> to) {
        return new Mail(
                to,
                Optional.of("Director <lvsd@example.org>"),
                "127.0.0.1",
                port,
                Optional.of("director"),
                Duration.ofSeconds(TIMEOUT));
    }

    @Test
    void aLongMailArrivesComplete() throws Exception {
        List<String> to = java.util.stream.IntStream.range(0, 60)
                .mapToObj(i -> "Person, number " + i + " <person" + i + "@example.org>")
                .toList();
        String session;
        try (MailServer server = new MailServer("");
                Notifications notifications = new Notifications("host", _ -> {})) {
            notifications.configure(config(mail(server.socket.getLocalPort(), to), List.of(), List.of()), false);
            notifications.deliver(new Notification.Mail("Realserver x - DOWN", ".=> Removing <="));
            session = java.util.Objects.requireNonNull(server.sessions.poll(TIMEOUT, TimeUnit.SECONDS));
        }
        List<String> lines = session.lines().toList();
        assertEquals("HELO director", lines.getFirst());
        assertEquals("MAIL FROM:<lvsd@example.org>", lines.get(1));
        assertEquals("RCPT TO:<person0@example.org>", lines.get(2));
        assertEquals(60, lines.stream().filter(l -> l.startsWith("RCPT TO")).count());
        assertTrue(lines.contains("Subject: [one] Realserver x - DOWN"), session);
        assertTrue(lines.contains("From: Director <lvsd@example.org>"), session);
        assertTrue(session.contains("\"Person, number 59\" <person59@example.org>"), session);
        assertTrue(lines.stream().allMatch(l -> l.length() < 100), "folded");
        assertEquals("..=> Removing <=", lines.get(lines.size() - 3), "a leading dot is doubled");
        assertEquals("QUIT", lines.getLast());
    }

    @Test
    void aRefusedMailDoesNotDelayLaterOnes() throws Exception {
        try (MailServer server = new MailServer("RCPT TO:<no");
                Notifications notifications = new Notifications("host", _ -> {})) {
            int port = server.socket.getLocalPort();
            notifications.configure(config(mail(port, List.of("no@example.org")), List.of(), List.of()), false);
            notifications.deliver(new Notification.Mail("first", "x"));
            notifications.configure(config(mail(port, List.of("yes@example.org")), List.of(), List.of()), false);
            notifications.deliver(new Notification.Mail("second", "x"));
            String first = server.sessions.poll(TIMEOUT, TimeUnit.SECONDS);
            String second = server.sessions.poll(TIMEOUT, TimeUnit.SECONDS);
            assertFalse(String.valueOf(first).contains("DATA"), first);
            assertTrue(String.valueOf(second).contains("[one] second"), second);
        }
    }

    // ---- webhooks

    /** Responds with the given statuses, and repeats the last one. */
    private static HttpServer web(BlockingQueue<String> got, int... statuses) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
        AtomicInteger at = new AtomicInteger();
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            got.add(exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("X-Lvsd-Signature") + " " + body);
            int status = statuses[Math.min(at.getAndIncrement(), statuses.length - 1)];
            if (status / 100 == 3) {
                exchange.getResponseHeaders().add("Location", "/elsewhere");
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    @Test
    void webhooksAreRetriedInOrderAndSigned() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "key\n");
        BlockingQueue<String> got = new LinkedBlockingQueue<>();
        HttpServer server = web(got, 500, 204);
        try (Notifications notifications = new Notifications("host", _ -> {})) {
            URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook?a=b");
            notifications.configure(
                    config(
                            null,
                            List.of(),
                            List.of(new Webhook(url, Optional.of(secret), Duration.ofSeconds(TIMEOUT)))),
                    false);
            notifications.publish(transition("vs.down"));
            notifications.publish(transition("panic.on"));
            String first = got.poll(TIMEOUT, TimeUnit.SECONDS);
            String again = got.poll(TIMEOUT, TimeUnit.SECONDS);
            String second = got.poll(TIMEOUT, TimeUnit.SECONDS);
            assertEquals(first, again);
            String body = String.valueOf(first).substring(String.valueOf(first).indexOf('{'));
            assertTrue(
                    body.contains(
                            "\"director\":\"one\",\"event\":\"vs.down\",\"level\":\"warn\",\"vs\":\"192.0.2.1:80/tcp\""),
                    body);
            assertTrue(
                    String.valueOf(first)
                            .startsWith("/hook?a=b sha256="
                                    + Webhooks.signature("key", body.getBytes(StandardCharsets.UTF_8)) + " {"),
                    first);
            assertTrue(String.valueOf(second).contains("panic.on"), second);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        BlockingQueue<String> got = new LinkedBlockingQueue<>();
        HttpServer server = web(got, 302);
        try (Notifications notifications = new Notifications("host", _ -> {})) {
            URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook");
            notifications.configure(
                    config(null, List.of(), List.of(new Webhook(url, Optional.empty(), Duration.ZERO))), false);
            notifications.publish(transition("vs.down"));
        } finally {
            server.stop(0);
        }
        assertEquals(1, got.size());
        assertTrue(got.element().startsWith("/hook null {"), got::element);
    }

    @Test
    void theSignatureIsThatOfRfc4231() {
        assertEquals(
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
                Webhooks.signature("Jefe", "what do ya want for nothing?".getBytes(StandardCharsets.US_ASCII)));
    }
}
