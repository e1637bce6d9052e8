package io.lvsd.ipvs.embedded;

import io.netty.channel.ChannelException;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.epoll.Native;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.NotYetConnectedException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One TCP connection of a client, joined to one of a destination. A side is read only while the other can be written, so
 * at most one chunk, or one pipe, waits in each direction; long transfers go through a pipe without being copied; a side
 * that has sent its last byte leaves the other direction open. Registered edge-triggered: what is readable and writable is
 * remembered here. Runs on one event loop.
 */
final class TcpRelay implements Flow {
    private static final Logger LOG = LoggerFactory.getLogger(TcpRelay.class);
    private static final EpollIoOps EVERYTHING = EpollIoOps.EPOLLIN
            .with(EpollIoOps.EPOLLOUT)
            .with(EpollIoOps.EPOLLRDHUP)
            .with(EpollIoOps.EPOLLET);
    /** {@code EPOLLHUP}, sys/epoll.h. */
    private static final int EPOLLHUP = 0x10;

    private static final int CONNECT_SECONDS = 3;
    /** Moves in a row before others get their turn. */
    private static final int TURNS = 16;
    /** What one splice may move; a pipe's 16 slots hold up to as many fragments of 32 KiB. */
    private static final int SPLICE = 1 << 19;

    private final TcpListener listener;
    private final Worker worker;
    private final Client client;
    private final Side clientSide;
    private final Set<LiveDestination> tried = new HashSet<>(2);
    /** Where the worker has it in its list. */
    int index;

    private @Nullable Side serverSide;
    private @Nullable Direction inbound;
    private @Nullable Direction outbound;
    private @Nullable LiveDestination destination;
    private boolean established;
    private boolean closing;
    private boolean closed;
    private volatile long lastSecond;
    private long connectStarted;
    private long packetsIn;
    private long packetsOut;

    TcpRelay(TcpListener listener, Worker worker, LinuxSocket socket, Client client) {
        this.listener = listener;
        this.worker = worker;
        this.client = client;
        this.clientSide = new Side(socket);
        this.lastSecond = worker.second();
    }

    // ---- opening

    void start() {
        worker.add(this);
        connect();
    }

    /** Connects to the destination that is scheduled; to another if that one refuses, as nothing was sent yet. */
    private void connect() {
        while (!closed && destination == null) {
            Optional<LiveDestination> assigned = listener.service().assign(client, tried, worker.second());
            if (assigned.isEmpty()) {
                close(true);
                return;
            }
            destination = assigned.get();
            tried.add(assigned.get());
            connectTo(assigned.get());
        }
    }

    private void connectTo(LiveDestination next) {
        Side side;
        boolean done;
        try {
            side = new Side(open(next.key().address()));
        } catch (IOException | ChannelException _) {
            // Out of descriptors: that is not the destination's fault, and another would not help.
            listener.flows().evictOne();
            close(true);
            return;
        }
        serverSide = side;
        try {
            done = side.socket.connect(
                    new InetSocketAddress(next.key().address(), next.key().port()));
        } catch (IOException _) {
            forgetAttempt();
            return;
        }
        if (done) {
            connected(side, next);
        } else {
            side.writable = false;
            connectStarted = worker.second();
            worker.connecting(this);
        }
        side.register();
    }

    private static LinuxSocket open(InetAddress towards) throws IOException {
        LinuxSocket socket = LinuxSocket.newSocketStream(
                towards.getAddress().length == 4 ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6);
        socket.setTcpNoDelay(true);
        return socket;
    }

    /** Whether a connection attempt has had its time. */
    boolean hasWaited(long second) {
        return second - connectStarted > CONNECT_SECONDS;
    }

    /** This destination cannot be connected to: the next one is tried. */
    void connectFailed() {
        forgetAttempt();
        connect();
    }

    private void forgetAttempt() {
        worker.connected(this);
        LiveDestination failed = destination;
        destination = null;
        if (failed != null) {
            listener.service().gaveUp(failed);
        }
        Side side = serverSide;
        serverSide = null;
        if (side != null) {
            side.close();
        }
    }

    private void connected(Side server, LiveDestination to) {
        worker.connected(this);
        established = true;
        listener.service().established(to);
        Direction in = new Direction(clientSide, server, true);
        inbound = in;
        outbound = new Direction(server, clientSide, false);
        try {
            if (listener.announces(to.key())) {
                in.announce(ProxyHeader.of(client, listener.address()));
            }
            clientSide.register();
            // A request mostly comes along with the connection: looking saves a wait for it.
            clientSide.readable = true;
            pump();
        } catch (IOException _) {
            close(true);
        }
    }

    // ---- forwarding

    private void ready(Side side) {
        if (closed) {
            return;
        }
        if (!established) {
            if (side == serverSide) {
                finishConnect(side);
            }
            return;
        }
        try {
            pump();
        } catch (IOException _) {
            close(true);
        } catch (RuntimeException e) {
            // Out of here it would take the other events of this turn with it.
            LOG.error("event=relay.bug", e);
            close(true);
        }
    }

    private void finishConnect(Side server) {
        LiveDestination to = destination;
        try {
            if (to == null || !server.socket.finishConnect()) {
                return;
            }
        } catch (IOException _) {
            connectFailed();
            return;
        }
        server.writable = true;
        connected(server, to);
    }

    private void pump() throws IOException {
        Direction in = inbound;
        Direction out = outbound;
        if (closed || in == null || out == null) {
            return;
        }
        long second = worker.second();
        if (second != lastSecond) {
            lastSecond = second;
            listener.flows().touch(this);
        }
        boolean more = in.pump();
        more |= out.pump();
        if (in.ended && out.ended && in.isEmpty() && out.isEmpty()) {
            close(false);
        } else {
            in.passOnEnd();
            out.passOnEnd();
            if (more) {
                worker.loop.execute(() -> ready(clientSide));
            }
        }
    }

    /** One way through. */
    private final class Direction {
        private final Side from;
        private final Side to;
        private final boolean inwards;
        private @Nullable Chunk waiting;
        private @Nullable Pipe pipe;
        private boolean bulk;
        private boolean ended;
        private boolean endPassedOn;

        Direction(Side from, Side to, boolean inwards) {
            this.from = from;
            this.to = to;
            this.inwards = inwards;
        }

        /** Puts bytes of our own before those of the client. */
        void announce(byte[] header) throws IOException {
            Chunk chunk = worker.takeChunk().orElseThrow(() -> new IOException("too much waits to be written"));
            ByteBuffer memory = chunk.memory();
            memory.put(0, header);
            chunk.position = 0;
            chunk.limit = header.length;
            waiting = chunk;
        }

        /** Moves what can be moved; true if there is more that can. */
        boolean pump() throws IOException {
            long spliced = 0;
            for (int turn = 0; turn < TURNS; turn++) {
                if (!flush() || ended || !from.readable || !to.writable) {
                    bulk &= spliced >= Chunk.SIZE || !isEmpty();
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

        boolean isEmpty() {
            return waiting == null && pipe == null;
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

        /** Moves from the socket into a pipe; 0 if there was nothing, or only reading can tell. */
        private int splice() throws IOException {
            Pipe empty = worker.takePipe();
            int moved = Native.splice(from.socket.intValue(), -1, empty.writeEnd.intValue(), -1, SPLICE);
            if (moved > 0) {
                empty.bytes = moved;
                pipe = empty;
                count(moved);
            } else {
                worker.giveBack(empty);
                from.readable = from.hungUp;
            }
            return moved;
        }

        private void read() throws IOException {
            Optional<Chunk> free = worker.takeChunk();
            if (free.isEmpty()) {
                throw new IOException("too much waits to be written");
            }
            Chunk chunk = free.get();
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
            count(read);
            bulk = read == Chunk.SIZE;
            // A short reading has emptied the socket; epoll(7) will say when there is more.
            from.readable = bulk || from.hungUp;
            chunk.position = 0;
            chunk.limit = read;
            waiting = chunk;
        }

        private void count(int bytes) {
            LiveDestination to = destination;
            if (to == null) {
                return;
            }
            if (inwards) {
                to.counters.bytesIn(bytes);
                listener.service().counters.bytesIn(bytes);
            } else {
                to.counters.bytesOut(bytes);
                listener.service().counters.bytesOut(bytes);
            }
        }

        void passOnEnd() throws IOException {
            if (ended && !endPassedOn && isEmpty()) {
                endPassedOn = true;
                beginClosing();
                try {
                    to.socket.shutdown(false, true);
                } catch (NotYetConnectedException _) {
                    // ENOTCONN: it was reset meanwhile, which the next reading tells.
                    to.readable = true;
                }
            }
        }

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

    // ---- the end

    @Override
    public InetAddress source() {
        return client.address();
    }

    @Override
    public long lastSecond() {
        return lastSecond;
    }

    @Override
    public void end(End why) {
        if (worker.loop.inEventLoop()) {
            close(true);
        } else {
            worker.loop.execute(() -> close(true));
        }
    }

    /** The first end of a direction; noted before the other side can see it. */
    private void beginClosing() {
        LiveDestination from = destination;
        if (!closing && from != null) {
            closing = true;
            listener.service().closing(from);
            if (!closed) {
                listener.flows().closing(this);
            }
        }
    }

    /** @param reset tells both peers that the end is not a regular one */
    private void close(boolean reset) {
        if (closed) {
            return;
        }
        closed = true;
        countPackets();
        worker.remove(this);
        listener.flows().remove(this);
        Side server = serverSide;
        if (reset) {
            clientSide.resetOnClose();
            if (server != null) {
                server.resetOnClose();
            }
        }
        clientSide.close();
        if (server != null) {
            server.close();
        }
        if (inbound != null) {
            inbound.release();
        }
        if (outbound != null) {
            outbound.release();
        }
        LiveDestination from = destination;
        if (from != null && established) {
            beginClosing();
            listener.service().closed(from, reset, worker.second());
        } else if (from != null) {
            listener.service().gaveUp(from);
        }
    }

    /** Adds the segments that the client's connection has exchanged since the last time. */
    void countPackets() {
        LiveDestination to = destination;
        if (to == null || !established) {
            return;
        }
        Segments now = Segments.of(clientSide.socket);
        to.counters.packets(now.in() - packetsIn, now.out() - packetsOut);
        listener.service().counters.packets(now.in() - packetsIn, now.out() - packetsOut);
        packetsIn = now.in();
        packetsOut = now.out();
    }

    /** A socket and what is known of it. */
    private final class Side implements EpollIoHandle {
        private final LinuxSocket socket;
        private @Nullable IoRegistration registration;
        private boolean readable;
        private boolean writable = true;
        private boolean hungUp;

        Side(LinuxSocket socket) {
            this.socket = socket;
        }

        void register() {
            if (closed) {
                return;
            }
            IoRegistration made = worker.loop.register(this).getNow();
            registration = made;
            if (made != null) {
                made.submit(EVERYTHING);
            }
        }

        void resetOnClose() {
            try {
                socket.setSoLinger(0);
            } catch (IOException _) {
                // It is gone already.
            }
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException _) {
                // Nothing can be done about a descriptor that does not close.
            }
            IoRegistration made = registration;
            registration = null;
            if (made != null) {
                made.cancel();
            }
        }

        @Override
        public FileDescriptor fd() {
            return socket;
        }

        @Override
        public void handle(IoRegistration from, IoEvent event) {
            int ops = ((EpollIoEvent) event).ops().value();
            boolean over = (ops & (Native.EPOLLERR | EPOLLHUP)) != 0;
            hungUp |= over || (ops & Native.EPOLLRDHUP) != 0;
            readable |= hungUp || (ops & Native.EPOLLIN) != 0;
            writable |= over || (ops & Native.EPOLLOUT) != 0;
            ready(this);
        }
    }
}
