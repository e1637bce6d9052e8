package io.lvsd.checkers.transport;

import io.lvsd.checkers.clock.PauseWatch;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.tls.TlsContexts;
import io.lvsd.ipvs.ffm.TcpBatch;
import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An event loop with the attempts that run on it. Used by its thread, except {@link #start}. */
public final class ProbeLoop {
    /** A server on the same network has answered by then. */
    private static final long FIRST_POLL = TimeUnit.MILLISECONDS.toNanos(1);
    /** Bytes of a packet that is not fragmented. */
    private static final int PACKET = 1_500;
    /** Bytes of the longest datagram. */
    private static final int DATAGRAM = 65_535;

    private final IoEventLoop io;
    private final PauseWatch pauses;
    private final ProbeResources resources;
    private final Deadlines deadlines;
    private final TcpBatch sockets = new TcpBatch();
    private final List<Runnable> outbox = new ArrayList<>();
    private final ByteBuffer packet = ByteBuffer.allocateDirect(PACKET);
    private @Nullable ByteBuffer datagram;
    /** Connections that wait for the next poll. */
    private final List<TcpConnection> polled = new ArrayList<>();

    private ProbeLoop(IoEventLoop io, PauseWatch pauses, ProbeResources resources) {
        this.io = io;
        this.pauses = pauses;
        this.resources = resources;
        this.deadlines = new Deadlines(io);
    }

    /** Starts the thread of an event loop. What the loop owns is closed by that thread when it ends. Blocks. */
    public static ProbeLoop start(IoEventLoop io, PauseWatch pauses, ProbeResources resources) {
        return io.submit(() -> {
                    ProbeLoop loop = new ProbeLoop(io, pauses, resources);
                    ((SingleThreadEventExecutor) io).addShutdownHook(loop.sockets::close);
                    return loop;
                })
                .syncUninterruptibly()
                .getNow();
    }

    IoEventLoop io() {
        return io;
    }

    PauseWatch pauses() {
        return pauses;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    TcpBatch sockets() {
        return sockets;
    }

    TlsContexts tls() {
        return resources.tls();
    }

    BodyBufferPermits permits() {
        return resources.permits();
    }

    /** An empty buffer for one packet, for the caller until it returns to the loop. */
    ByteBuffer packet() {
        return packet.clear();
    }

    /** An empty buffer for one datagram of any length, for the caller until it returns to the loop. */
    ByteBuffer datagram() {
        ByteBuffer buffer = datagram == null ? ByteBuffer.allocateDirect(DATAGRAM) : datagram;
        datagram = buffer;
        return buffer.clear();
    }

    /** Creates and starts attempts on this loop. Any thread. */
    public void start(List<Function<ProbeLoop, Attempt>> attempts) {
        io.execute(() -> attempts.forEach(attempt -> start(attempt.apply(this))));
    }

    private void start(Attempt attempt) {
        deadlines.start(attempt);
        attempt.open();
        if (!attempt.isCompleted()) {
            deadlines.watch(attempt.expiry());
        }
    }

    /** Reports a result together with all others of this iteration of the loop, so that their receiver wakes up once. */
    void report(Consumer<ProbeReport> done, ProbeReport report) {
        if (outbox.isEmpty()) {
            io.execute(this::flush);
        }
        outbox.add(() -> done.accept(report));
    }

    private void flush() {
        List<Runnable> reports = List.copyOf(outbox);
        outbox.clear();
        reports.forEach(Runnable::run);
    }

    /** Polls a connection soon, together with all others that wait for that. */
    void pollSoon(TcpConnection connection) {
        if (polled.isEmpty()) {
            Future<?> _ = io.schedule(this::poll, FIRST_POLL, TimeUnit.NANOSECONDS);
        }
        polled.add(connection);
    }

    private void poll() {
        List<TcpConnection> open =
                polled.stream().filter(connection -> !connection.isClosed()).toList();
        polled.clear();
        open.forEach(TcpConnection::beforePoll);
        sockets.poll(open);
        open.forEach(TcpConnection::afterPoll);
    }
}
