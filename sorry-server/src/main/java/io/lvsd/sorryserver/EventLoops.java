package io.lvsd.sorryserver;

import io.lvsd.sorryserver.http.Connections;
import io.lvsd.sorryserver.http.Counters;
import io.lvsd.sorryserver.http.LoopState;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of the sorry server, each with its own share of the limits. */
final class EventLoops implements AutoCloseable {
    private static final long TICK_MILLIS = 500;

    private final MultiThreadIoEventLoopGroup group;
    private final List<EventLoop> loops = new ArrayList<>();
    private final List<LoopState> states = new ArrayList<>();
    private final SorryLimits limits;
    private final OpenConnections relays;

    EventLoops(int threads, SorryLimits limits) {
        this.limits = limits;
        this.relays = new OpenConnections(limits.relays(), Long.MAX_VALUE);
        this.group = new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory("sorry", true), EpollIoHandler.newFactory());
        AtomicInteger all = new AtomicInteger();
        for (EventExecutor executor : group) {
            EventLoop loop = (EventLoop) executor;
            LoopState state = new LoopState(connections(threads, all), timeouts());
            // The thread is created now, not by the first listener, when the host may have none left.
            loop.submit(() -> state.tick(Instant.now())).syncUninterruptibly();
            var _ = loop.scheduleWithFixedDelay(
                    () -> tick(loop, state), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
            loops.add(loop);
            states.add(state);
        }
    }

    private static void tick(EventLoop loop, LoopState state) {
        state.tick(Instant.now());
        closeLate(loop, state);
    }

    /** Between two parts of the late connections, the event loop serves other clients. */
    private static void closeLate(EventLoop loop, LoopState state) {
        if (state.connections().tick()) {
            var _ = loop.schedule(() -> closeLate(loop, state), 1, TimeUnit.MILLISECONDS);
        }
    }

    /** The kernel does not distribute the connections of a client equally, so that each event loop may have some more. */
    private Connections connections(int threads, AtomicInteger all) {
        int equally = Math.ceilDiv(Math.ceilDiv(limits.pages(), 2), threads);
        int perClient = threads == 1 ? equally : equally + equally / 4;
        return new Connections(
                all, limits.pages(), perClient, Math.ceilDiv(limits.requestBytes(), threads), System::nanoTime);
    }

    private LoopState.Timeouts timeouts() {
        return new LoopState.Timeouts(
                limits.request().toMillis(),
                limits.pageIdle().toMillis(),
                limits.response().toMillis());
    }

    int size() {
        return loops.size();
    }

    EventLoop loop(int index) {
        return loops.get(index);
    }

    /** What the connections of an event loop share. */
    LoopState state(int index) {
        return states.get(index);
    }

    SorryLimits limits() {
        return limits;
    }

    /** Relayed connections of all event loops. */
    OpenConnections relays() {
        return relays;
    }

    /** New counters, one object for each event loop. */
    List<Counters> counters() {
        return loops.stream().map(_ -> new Counters()).toList();
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
