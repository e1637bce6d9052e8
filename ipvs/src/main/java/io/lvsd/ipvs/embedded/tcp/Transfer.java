package io.lvsd.ipvs.embedded.tcp;

import io.netty.channel.epoll.Native;
import java.io.IOException;
import java.nio.channels.NotYetConnectedException;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One way through a relay. A side is read only while the other can be written, so at most one chunk, or one pipe, waits. What
 * fills a whole chunk is taken for a long transfer, and goes on through a pipe, without being copied. Used on one event loop.
 */
final class Transfer {
    /** Moves in a row before others get their turn. */
    private static final int TURNS = 16;
    /** What one splice may move; a pipe's 16 slots hold up to as many fragments of 32 KiB. */
    private static final int SPLICE = 1 << 19;

    private final TcpSide from;
    private final TcpSide to;
    private final Worker worker;
    private final IntConsumer count;
    private @Nullable Chunk waiting;
    private @Nullable Pipe pipe;
    private boolean bulk;
    private boolean ended;
    private boolean endPassedOn;

    /** @param count called with the number of bytes of each read */
    Transfer(TcpSide from, TcpSide to, Worker worker, IntConsumer count) {
        this.from = from;
        this.to = to;
        this.worker = worker;
        this.count = count;
    }

    /** Puts bytes of our own before the first. */
    void announce(byte[] header) throws IOException {
        Chunk chunk = chunk();
        chunk.memory().put(0, header);
        wait(chunk, header.length);
    }

    private Chunk chunk() throws IOException {
        return worker.takeChunk().orElseThrow(() -> new IOException("write buffers are full"));
    }

    private void wait(Chunk chunk, int bytes) {
        chunk.position = 0;
        chunk.limit = bytes;
        waiting = chunk;
    }

    /** Moves what can be moved; true if there is more that can. */
    boolean pump() throws IOException {
        long spliced = 0;
        for (int turn = 0; turn < TURNS; turn++) {
            if (!flush() || ended || !from.readable || !to.writable) {
                bulk &= spliced >= Chunk.SIZE || pipe != null;
                return false;
            }
            int moved = bulk ? splice() : 0;
            spliced += moved;
            if (moved == 0 && from.readable) {
                read();
            }
        }
        return true;
    }

    /** Writes what waits; true if nothing does any more. */
    private boolean flush() throws IOException {
        Chunk chunk = waiting;
        if (chunk != null) {
            while (to.writable && chunk.position < chunk.limit) {
                int written = to.socket.writeAddress(chunk.address, chunk.position, chunk.limit);
                chunk.position += written;
                to.writable = written > 0;
            }
            if (chunk.position < chunk.limit) {
                return false;
            }
            waiting = null;
            worker.giveBack(chunk);
        }
        Pipe full = pipe;
        if (full != null) {
            while (to.writable && full.bytes > 0) {
                int moved = Native.splice(full.readEnd.intValue(), -1, to.socket.intValue(), -1, full.bytes);
                full.bytes -= moved;
                to.writable = moved > 0;
            }
            if (full.bytes > 0) {
                return false;
            }
            pipe = null;
            worker.giveBack(full);
        }
        return true;
    }

    /** Moves bytes from the socket into a pipe; 0 if there were none, or only reading can distinguish the cases. */
    private int splice() throws IOException {
        Optional<Pipe> free = worker.takePipe();
        if (free.isEmpty()) {
            bulk = false;
            return 0;
        }
        Pipe empty = free.get();
        int moved = 0;
        try {
            moved = Native.splice(from.socket.intValue(), -1, empty.writeEnd.intValue(), -1, SPLICE);
        } finally {
            if (moved == 0) {
                worker.giveBack(empty);
            }
        }
        if (moved > 0) {
            empty.bytes = moved;
            pipe = empty;
            count.accept(moved);
        } else {
            // splice(2) does not distinguish the end from an empty socket.
            from.readable = from.hungUp;
        }
        return moved;
    }

    private void read() throws IOException {
        Chunk chunk = chunk();
        int read = 0;
        try {
            read = from.socket.readAddress(chunk.address, 0, Chunk.SIZE);
        } finally {
            if (read <= 0) {
                worker.giveBack(chunk);
            }
        }
        if (read <= 0) {
            ended = read < 0;
            from.readable = false;
            return;
        }
        count.accept(read);
        bulk = read == Chunk.SIZE;
        // A short read has emptied the socket; epoll(7) reports when there is more.
        from.readable = bulk || from.hungUp;
        wait(chunk, read);
    }

    /** Whether the last byte has come and gone. */
    boolean isOver() {
        return ended && waiting == null && pipe == null;
    }

    /** Whether the end must still be passed on to the other side. */
    boolean hasEndToPassOn() {
        return isOver() && !endPassedOn;
    }

    void passOnEnd() throws IOException {
        endPassedOn = true;
        try {
            to.socket.shutdown(false, true);
        } catch (NotYetConnectedException _) {
            // ENOTCONN: it was reset in the meantime; the next read returns that.
            to.readable = true;
        }
    }

    /** Lets go of what waits. */
    void release() {
        if (waiting != null) {
            worker.giveBack(waiting);
            waiting = null;
        }
        if (pipe != null) {
            worker.giveBack(pipe);
            pipe = null;
        }
    }
}
