package io.lvsd.core.sorry;

import io.lvsd.conf.source.IoReason;
import io.lvsd.core.log.LastingFailure;
import io.lvsd.core.loop.SorryListeners;
import io.lvsd.sorryserver.SorryCounters;
import io.lvsd.sorryserver.setup.ListenerSetup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sorry server in a process of its own, as the daemon uses it. While the process cannot be reached, the last results remain
 * for 10 s, so that its restart changes nothing. Each request has a connection and a deadline. Thread-safe; blocks.
 */
public final class RemoteSorryServer implements SorryListeners.Server {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteSorryServer.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Path socket;
    private final LongSupplier clock;
    private final LastingFailure failure = new LastingFailure();

    // guarded by this
    private String instance = "";
    private Map<InetSocketAddress, String> results = Map.of();
    private boolean stale;
    private long reached;

    private volatile List<SorryCounters> counters = List.of();

    public RemoteSorryServer(Path socket) {
        this(socket, System::nanoTime);
    }

    /** @param clock monotonic, in nanoseconds */
    RemoteSorryServer(Path socket, LongSupplier clock) {
        this.socket = socket;
        this.clock = clock;
        this.reached = clock.getAsLong() - KEPT_NANOS;
    }

    /** Whether the process replies. */
    public synchronized boolean isAnswering() {
        try {
            results = Map.copyOf(exchange(SorryMessage.status()).results());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** The process was started again, or cannot be reached. */
    @Override
    public synchronized boolean isStale() {
        try {
            String before = instance;
            exchange(SorryMessage.status());
            stale |= !instance.equals(before);
        } catch (IOException e) {
            stale = true;
        }
        return stale;
    }

    @Override
    public synchronized Map<InetSocketAddress, String> apply(List<ListenerSetup> listeners) {
        try {
            SorryMessage.Response response = exchange(SorryMessage.apply(listeners));
            results = Map.copyOf(response.results());
            stale = false;
            return ordered(listeners, "no result");
        } catch (IOException e) {
            stale = true;
            String reason = "the process of the sorry server cannot be used: " + IoReason.of(e);
            if (clock.getAsLong() - reached >= KEPT_NANOS) {
                results = Map.of();
            }
            return ordered(listeners, reason);
        }
    }

    /** A failure has the listeners applied again, and then this. */
    @Override
    public synchronized void use(Set<InetSocketAddress> addresses) {
        try {
            exchange(SorryMessage.use(addresses));
        } catch (IOException e) {
            stale = true;
        }
    }

    private Map<InetSocketAddress, String> ordered(List<ListenerSetup> listeners, String otherwise) {
        Map<InetSocketAddress, String> all = new LinkedHashMap<>();
        listeners.forEach(l -> all.put(l.address(), results.getOrDefault(l.address(), otherwise)));
        return all;
    }

    /** Sends a request and reads the reply. Logs when the process cannot be used, and when it can again. */
    private SorryMessage.Response exchange(String request) throws IOException {
        try {
            SorryMessage.Response response = SorryMessage.response(send(request));
            if (!response.error().isEmpty()) {
                throw new IOException(response.error());
            }
            instance = response.instance();
            counters = response.counters();
            reached = clock.getAsLong();
            if (failure.isActive()) {
                failure.recovered(LOG.atInfo()).log("sorry_process.recovered");
            }
            return response;
        } catch (IOException e) {
            boolean used = !instance.isEmpty();
            if (used && failure.failed()) {
                LOG.atError()
                        .addKeyValue("socket", socket)
                        .addKeyValue("reason", IoReason.of(e))
                        .addKeyValue("effect", "after 10 s, sorry servers on this host are not used")
                        .log("sorry_process.failed");
            }
            throw e;
        }
    }

    private String send(String request) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            Thread deadline = Thread.ofVirtual().name("sorry-deadline").start(() -> closeAfterTimeout(channel));
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
                Lines.write(channel, request);
                Optional<String> line = Lines.read(channel, Lines.MAX_BYTES);
                return line.orElseThrow(() -> new IOException("no reply on " + socket));
            } catch (ClosedChannelException e) {
                throw new IOException("no reply on " + socket + " within " + TIMEOUT.toSeconds() + " s", e);
            } finally {
                deadline.interrupt();
            }
        }
    }

    private static void closeAfterTimeout(SocketChannel channel) {
        try {
            Thread.sleep(TIMEOUT);
            channel.close();
        } catch (InterruptedException | IOException _) {
            // The exchange has ended, or the channel is closed in any case.
        }
    }

    @Override
    public synchronized Set<InetSocketAddress> open() {
        Set<InetSocketAddress> open = new HashSet<>();
        results.forEach((address, reason) -> {
            if (reason.isEmpty()) {
                open.add(address);
            }
        });
        return open;
    }

    @Override
    public List<SorryCounters> counters() {
        return counters;
    }

    /** The process continues to serve. */
    @Override
    public void close() {
        counters = List.of();
    }
}
