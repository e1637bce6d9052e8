package io.lvsd.ipvs.embedded.tcp;

import io.lvsd.ipvs.embedded.table.Counters;
import io.netty.channel.IoEventLoop;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/** An event loop with the resources that its relays share. Everything but the constructor and {@link #onLoop} runs on that loop. */
public final class Worker {
    /** Empty pipes that are kept for reuse. */
    private static final int SPARE_PIPES = 32;

    private final IoEventLoop loop;
    private final int maxChunks;
    private final ArrayDeque<Chunk> spareChunks = new ArrayDeque<>();
    private final ArrayDeque<Pipe> sparePipes = new ArrayDeque<>();
    private final List<TcpRelay> relays = new ArrayList<>();
    private final LinkedHashSet<TcpRelay> connecting = new LinkedHashSet<>();
    private int chunks;
    private long second;

    /** @param maxChunks how many chunks may wait to be written at once */
    public Worker(IoEventLoop loop, int maxChunks, long second) {
        this.loop = loop;
        this.maxChunks = maxChunks;
        this.second = second;
    }

    public IoEventLoop loop() {
        return loop;
    }

    /** Runs a task on this loop: now if this is its thread. Any thread. */
    public void onLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    /** The current time, in whole seconds of a monotonic clock. */
    public long second() {
        return second;
    }

    /** A chunk to read into; empty if too many are waiting already. */
    Optional<Chunk> takeChunk() {
        Chunk spare = spareChunks.pollLast();
        if (spare == null && chunks >= maxChunks) {
            return Optional.empty();
        }
        if (spare == null) {
            chunks++;
            spare = new Chunk();
        }
        return Optional.of(spare);
    }

    void giveBack(Chunk chunk) {
        spareChunks.addLast(chunk);
    }

    /** An empty pipe; none if this process or user has too many open, and bytes have to be copied. */
    Optional<Pipe> takePipe() {
        Pipe spare = sparePipes.pollLast();
        if (spare != null) {
            return Optional.of(spare);
        }
        try {
            return Optional.of(Pipe.open());
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /** Takes an empty pipe back; one with bytes in it is closed. */
    void giveBack(Pipe pipe) {
        if (pipe.bytes == 0 && sparePipes.size() < SPARE_PIPES) {
            sparePipes.addLast(pipe);
        } else {
            pipe.close();
        }
    }

    void add(TcpRelay relay) {
        relay.index = relays.size();
        relays.add(relay);
    }

    void remove(TcpRelay relay) {
        connecting.remove(relay);
        TcpRelay last = relays.removeLast();
        if (last != relay) {
            relays.set(relay.index, last);
            last.index = relay.index;
        }
    }

    void connecting(TcpRelay relay) {
        connecting.add(relay);
    }

    void connected(TcpRelay relay) {
        connecting.remove(relay);
    }

    /** Once a second. */
    public void second(long now) {
        second = now;
        while (!connecting.isEmpty() && connecting.getFirst().hasWaited(now)) {
            TcpRelay expired = connecting.removeFirst();
            expired.connectFailed();
        }
        if (now % Counters.PERIOD_SECONDS == 0) {
            relays.forEach(TcpRelay::countPackets);
        }
    }

    public void close() {
        sparePipes.forEach(Pipe::close);
        sparePipes.clear();
        spareChunks.clear();
    }
}
