package io.lvsd.checkers.transport;

import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Inconclusive;
import io.lvsd.checkers.protocol.Exchange;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.ipvs.ffm.Errno;
import io.lvsd.ipvs.ffm.Libc;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * UDP, on a connected socket, so that ICMP errors arrive. Not a channel of Netty, because that drops empty datagrams, and an
 * empty datagram is a response.
 */
final class DatagramConnection implements Connection, SocketHandle.Listener {
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    /** {@code SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC}, bits/socket_type.h. */
    private static final int DATAGRAMS = 2 | 0x800 | 0x80000;
    /** What {@link Socket#recv} returns for an empty datagram; 0 means that there is none. */
    private static final int EMPTY = -1;
    /** A server that sends without end must not delay the other probes of the loop. */
    private static final int READS_AT_ONCE = 8;

    private final Attempt attempt;
    private final ProbeAddress target;
    private final Exchange exchange;
    private @Nullable Socket socket;
    private @Nullable SocketHandle handle;

    DatagramConnection(Attempt attempt, ProbeAddress target, Exchange exchange) {
        this.attempt = attempt;
        this.target = target;
        this.exchange = exchange;
    }

    @Override
    public void open() {
        attempt.connected();
        int fd = Libc.socket(IpAddresses.isIpv4(target.address()) ? AF_INET : AF_INET6, DATAGRAMS, 0);
        if (fd < 0) {
            attempt.complete(new Inconclusive("cannot create a socket: " + Errno.describe(-fd)));
            return;
        }
        Socket created = new Socket(fd);
        SocketHandle registered = new SocketHandle(attempt.loop().io(), created, this);
        socket = created;
        handle = registered;
        guarded(() -> {
            SocketOptions.set(created, target);
            SocketOptions.bind(created, target);
            boolean _ = created.connect(new InetSocketAddress(target.address(), target.port()));
            registered.await(EpollIoOps.EPOLLIN);
            attempt.perform(exchange.connected());
        });
    }

    @Override
    public void send(byte[] bytes) {
        Socket open = socket;
        if (open != null) {
            guarded(() -> {
                ByteBuffer datagram = attempt.loop().datagram().put(bytes).flip();
                int _ = open.send(datagram, 0, datagram.limit());
            });
        }
    }

    @Override
    public void ready(EpollIoOps events) {
        Socket open = socket;
        if (open != null) {
            guarded(() -> read(open));
        }
    }

    private void read(Socket open) throws IOException {
        for (int i = 0; i < READS_AT_ONCE && !attempt.isResponseComplete(); i++) {
            ByteBuffer datagram = attempt.loop().datagram();
            int n = open.recv(datagram, 0, datagram.capacity());
            if (n == 0) {
                return;
            }
            byte[] bytes = new byte[n == EMPTY ? 0 : n];
            datagram.get(bytes);
            attempt.received();
            attempt.perform(exchange.received(bytes));
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private void guarded(Step step) {
        try {
            step.run();
        } catch (IOException | RuntimeException e) {
            attempt.complete(ConnectFailure.result(e));
        } catch (OutOfMemoryError _) {
            attempt.complete(new Inconclusive("out of memory"));
        }
    }

    @Override
    public void pauseReading() {
        if (handle != null) {
            handle.stopAwaiting();
        }
    }

    @Override
    public void resumeReading() {
        if (handle != null) {
            handle.await(EpollIoOps.EPOLLIN);
        }
    }

    @Override
    public Optional<ProbeResult> timedOut() {
        return exchange.timedOut();
    }

    @Override
    public void close() {
        if (handle != null) {
            handle.close();
        }
        exchange.release();
    }
}
