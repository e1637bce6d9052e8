package io.lvsd.ipvs.embedded.tcp;

import io.lvsd.ipvs.embedded.flow.Flow;
import io.lvsd.ipvs.embedded.table.Client;
import io.lvsd.ipvs.embedded.table.Counters;
import io.lvsd.ipvs.embedded.table.LiveDestination;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One TCP connection of a client, joined to one of a destination. A side that has sent its last byte leaves the other
 * direction open; a side that breaks resets the other. Runs on one event loop.
 */
final class TcpRelay implements Flow {
    private static final Logger LOG = LoggerFactory.getLogger(TcpRelay.class);
    private static final int CONNECT_SECONDS = 3;

    private final TcpListener listener;
    private final Worker worker;
    private final Client client;
    private final TcpSide clientSide;
    /** Where the worker has it in its list. */
    int index;

    private @Nullable TcpSide serverSide;
    private @Nullable Transfer inbound;
    private @Nullable Transfer outbound;
    private @Nullable LiveDestination destination;
    /** Those that could not be connected to; mostly none. */
    private Set<LiveDestination> tried = Set.of();

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
        this.clientSide = new TcpSide(socket, worker, this::ready);
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
            connectTo(assigned.get());
        }
    }

    private void connectTo(LiveDestination next) {
        TcpSide side;
        boolean done;
        try {
            side = new TcpSide(open(next.key().address()), worker, this::ready);
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
        if (!closed) {
            side.register();
        }
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
            tried = new HashSet<>(tried);
            tried.add(failed);
        }
        TcpSide side = serverSide;
        serverSide = null;
        if (side != null) {
            side.close();
        }
    }

    private void connected(TcpSide server, LiveDestination to) {
        worker.connected(this);
        established = true;
        listener.service().established(to);
        Counters ofService = listener.service().counters();
        Transfer in = new Transfer(clientSide, server, worker, bytes -> {
            to.counters().bytesIn(bytes);
            ofService.bytesIn(bytes);
        });
        inbound = in;
        outbound = new Transfer(server, clientSide, worker, bytes -> {
            to.counters().bytesOut(bytes);
            ofService.bytesOut(bytes);
        });
        try {
            if (listener.announces(to.key())) {
                in.announce(ProxyHeader.of(client, listener.address()));
            }
            clientSide.register();
            // The request mostly arrives with the connection: reading now saves a wait for it.
            clientSide.readable = true;
            pump();
        } catch (IOException _) {
            close(true);
        }
    }

    // ---- forwarding

    private void ready(TcpSide side) {
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
            // Thrown further, it would drop the other events of this round.
            LOG.atError()
                    .addKeyValue("reason", "unexpected exception")
                    .setCause(e)
                    .log("relay.failed");
            close(true);
        }
    }

    private void finishConnect(TcpSide server) {
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
        Transfer in = inbound;
        Transfer out = outbound;
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
        if (in.isOver() && out.isOver()) {
            close(false);
            return;
        }
        for (Transfer transfer : List.of(in, out)) {
            if (transfer.hasEndToPassOn()) {
                beginClosing();
                transfer.passOnEnd();
            }
        }
        if (more) {
            worker.loop().execute(() -> ready(clientSide));
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
    public void end() {
        worker.onLoop(() -> close(true));
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

    /** @param reset whether both peers get a reset instead of a regular end */
    private void close(boolean reset) {
        if (closed) {
            return;
        }
        closed = true;
        countPackets();
        worker.remove(this);
        listener.flows().remove(this);
        TcpSide server = serverSide;
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
        to.counters().packets(now.in() - packetsIn, now.out() - packetsOut);
        listener.service().counters().packets(now.in() - packetsIn, now.out() - packetsOut);
        packetsIn = now.in();
        packetsOut = now.out();
    }
}
