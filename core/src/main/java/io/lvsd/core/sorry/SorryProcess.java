package io.lvsd.core.sorry;

import io.lvsd.conf.source.IoReason;
import io.lvsd.core.store.PrivateDirectory;
import io.lvsd.sorryserver.SorryCounters;
import io.lvsd.sorryserver.SorryService;
import io.lvsd.sorryserver.setup.ListenerSetup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A sorry server that outlives the daemon: it serves what the daemon has sent last, also after the end of the daemon and after a
 * restart of its own. Requests come over a Unix socket. Thread-safe.
 */
public final class SorryProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SorryProcess.class);
    private static final int MAX_CONNECTIONS = 8;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final Duration FINISH = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 50;

    // fixed
    private final SorryService service;
    private final Path socket;
    private final Path state;
    private final Predicate<String> allowed;
    private final int maxMessage;
    private final String instance = UUID.randomUUID().toString();
    private final Semaphore connections = new Semaphore(MAX_CONNECTIONS);
    private final ScheduledExecutorService retry = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("sorry-retry").daemon().factory());
    private final ServerSocketChannel server;

    // guarded by this
    private List<ListenerSetup> setup = List.of();
    private Map<InetSocketAddress, String> results = Map.of();

    private SorryProcess(
            SorryService service,
            Path socket,
            Path state,
            Predicate<String> allowed,
            int maxMessage,
            ServerSocketChannel server) {
        this.service = service;
        this.socket = socket;
        this.state = state;
        this.allowed = allowed;
        this.maxMessage = maxMessage;
        this.server = server;
    }

    /**
     * Opens the stored listeners, then the socket. The directories exist.
     *
     * @param service closed with this object
     * @param state file with the last listeners; need not exist
     * @throws IOException if the socket cannot be opened, or if another process listens on it
     */
    public static SorryProcess start(SorryService service, Path socket, Path state) throws IOException {
        String own = System.getProperty("user.name", "");
        return start(service, socket, state, user -> isAllowed(user, own), Lines.MAX_BYTES);
    }

    /** @param allowed whether a user may configure it */
    static SorryProcess start(SorryService service, Path socket, Path state, Predicate<String> allowed, int maxMessage)
            throws IOException {
        if (isAnswering(socket)) {
            throw new IOException("another sorry server listens on " + socket + "; stop it, or use another --run-dir");
        }
        Files.deleteIfExists(socket);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        SorryProcess process = new SorryProcess(service, socket, state, allowed, maxMessage, server);
        process.restore();
        server.bind(UnixDomainSocketAddress.of(socket));
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw----"));
        Thread.ofPlatform().name("sorry-socket").daemon().start(process::accept);
        long millis = RETRY.toMillis();
        var _ = process.retry.scheduleWithFixedDelay(process::retryFailed, millis, millis, TimeUnit.MILLISECONDS);
        return process;
    }

    private static boolean isAnswering(Path socket) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether a user may configure a sorry server that runs as {@code own}. */
    static boolean isAllowed(String user, String own) {
        return user.equals("root") || user.equals("0") || user.equals(own);
    }

    private void restore() {
        if (!Files.exists(state)) {
            return;
        }
        try {
            SorryMessage.Request stored = SorryMessage.request(Files.readString(state, StandardCharsets.UTF_8));
            apply(stored.listeners().orElse(List.of()), false);
        } catch (IOException | RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("file", state)
                    .addKeyValue("reason", IoReason.of(e))
                    .addKeyValue("effect", "nothing is served until the daemon connects")
                    .log("sorry_state.unusable");
        }
    }

    private synchronized void apply(List<ListenerSetup> listeners, boolean store) {
        if (store && !listeners.equals(setup)) {
            store(listeners);
        }
        setup = List.copyOf(listeners);
        results = service.apply(setup);
    }

    private void store(List<ListenerSetup> listeners) {
        try {
            PrivateDirectory.write(state, SorryMessage.apply(listeners) + "\n");
        } catch (IOException e) {
            LOG.atError()
                    .addKeyValue("file", state)
                    .addKeyValue("reason", IoReason.of(e))
                    .addKeyValue("effect", "after a restart of the sorry server, the former listeners are served")
                    .log("sorry_state.not_written");
        }
    }

    private synchronized void retryFailed() {
        if (results.values().stream().anyMatch(failure -> !failure.isEmpty())) {
            reload();
        }
    }

    /** Reads the files of the pages again, and opens listeners that failed. */
    public synchronized void reload() {
        try {
            results = service.apply(setup);
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("reason", IoReason.of(e)).setCause(e).log("sorry_listeners.not_applied");
        }
    }

    // ---- connections

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel peer = server.accept();
                if (connections.tryAcquire()) {
                    var _ = Thread.ofVirtual().name("sorry-connection").start(() -> serve(peer));
                } else {
                    peer.close();
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException | OutOfMemoryError e) {
                LOG.debug("sorry socket", e);
            }
        }
    }

    private void serve(SocketChannel peer) {
        try (peer) {
            String user =
                    peer.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
            var deadline = retry.schedule(() -> close(peer), TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            Lines.write(peer, allowed.test(user) ? reply(peer) : denied(peer));
            deadline.cancel(false);
        } catch (IOException e) {
            LOG.debug("sorry connection", e);
        } finally {
            connections.release();
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("sorry connection", e);
        }
    }

    /** The request is read before, so that the peer can write it and gets this reply. */
    private String denied(SocketChannel peer) throws IOException {
        Optional<String> _ = Lines.read(peer, maxMessage);
        return refused("permission denied: only root and the user of the sorry server may connect");
    }

    private String reply(SocketChannel peer) {
        try {
            Optional<String> line = Lines.read(peer, maxMessage);
            if (line.isEmpty()) {
                return refused("no request");
            }
            SorryMessage.Request request = SorryMessage.request(line.get());
            request.listeners().ifPresent(listeners -> apply(listeners, true));
            request.used().ifPresent(service::use);
            return answered();
        } catch (IOException e) {
            return refused(IoReason.of(e));
        }
    }

    private synchronized String answered() {
        return SorryMessage.response(new SorryMessage.Response(instance, "", results, service.counters()));
    }

    private String refused(String reason) {
        return SorryMessage.response(new SorryMessage.Response(instance, reason, Map.of(), List.of()));
    }

    /** Stops accepting, waits up to 10 s for responses in progress, and keeps the state file. */
    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            LOG.debug("sorry socket", e);
        }
        retry.shutdownNow();
        synchronized (this) {
            finish(service);
        }
    }

    /** Closes all listeners, waits up to 10 s for responses in progress, and closes the service. */
    public static void finish(SorryService service) {
        service.apply(List.of());
        long end = System.nanoTime() + FINISH.toNanos();
        try {
            while (open(service) > 0 && System.nanoTime() - end < 0) {
                Thread.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        service.close();
    }

    private static long open(SorryService service) {
        return service.counters().stream().mapToLong(SorryCounters::open).sum();
    }
}
