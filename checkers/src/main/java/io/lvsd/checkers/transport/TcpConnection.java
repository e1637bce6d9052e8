package io.lvsd.checkers.transport;

import io.lvsd.checkers.probe.ProbeResult.Inconclusive;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.lvsd.checkers.protocol.Exchange;
import io.lvsd.conf.source.IoReason;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.ipvs.ffm.Errno;
import io.lvsd.ipvs.ffm.TcpBatch;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * TCP without TLS, on a socket instead of a channel: most probes use it. A server on the same network has answered at the
 * first poll, which is one for all connections that were started together; epoll waits for the others.
 */
final class TcpConnection implements Connection, TcpBatch.Waiting, SocketHandle.Listener {
    /** A server that sends without end must not delay the other probes of the loop. */
    private static final int READS_AT_ONCE = 2;

    private final Attempt attempt;
    private final ProbeLoop loop;
    private final ProbeAddress target;
    private final Exchange exchange;
    private @Nullable SocketHandle handle;
    private int fd = -1;
    private boolean established;
    private boolean ready;
    private boolean firstWait = true;
    private byte[] unsent = Exchange.Action.NONE;
    private int sent;

    TcpConnection(Attempt attempt, ProbeAddress target, Exchange exchange) {
        this.attempt = attempt;
        this.loop = attempt.loop();
        this.target = target;
        this.exchange = exchange;
    }

    @Override
    public void open() {
        try {
            fd = loop.sockets().socket(target.address());
            if (fd < 0) {
                attempt.complete(new Inconclusive("cannot create a socket: " + Errno.describe(-fd)));
                return;
            }
            if (SocketOptions.isAny(target)) {
                Socket socket = new Socket(fd);
                handle = new SocketHandle(loop.io(), socket, this);
                SocketOptions.set(socket, target);
                SocketOptions.bind(socket, target);
            } else {
                handle = new SocketHandle(loop.io(), new FileDescriptor(fd), this);
            }
            connect();
        } catch (IOException | RuntimeException e) {
            attempt.complete(ConnectFailure.result(e));
        } catch (OutOfMemoryError _) {
            attempt.complete(new Inconclusive("out of memory"));
        }
    }

    private void connect() {
        int result = loop.sockets().connect(fd, target.address(), target.port());
        if (result == 0) {
            established();
        } else if (result == -Errno.EINPROGRESS.number()) {
            loop.pollSoon(this);
        } else {
            attempt.complete(ConnectFailure.result(-result));
        }
    }

    private void established() {
        established = true;
        attempt.connected();
        attempt.perform(exchange.connected());
        if (!attempt.isCompleted()) {
            awaitMore();
        }
    }

    boolean isClosed() {
        return attempt.isCompleted();
    }

    // ---- the first poll

    @Override
    public int fd() {
        return fd;
    }

    @Override
    public short events() {
        return established ? TcpBatch.IN : TcpBatch.OUT;
    }

    void beforePoll() {
        ready = false;
    }

    @Override
    public void ready(boolean withoutError) {
        ready = true;
        if (!attempt.isCompleted()) {
            advance(withoutError, established, !established);
        }
    }

    /** A connection that was not ready is left to epoll. */
    void afterPoll() {
        if (!ready && !attempt.isCompleted()) {
            handle().await(established ? EpollIoOps.EPOLLIN : EpollIoOps.EPOLLOUT);
        }
    }

    // ---- after that

    @Override
    public void ready(EpollIoOps events) {
        if (!attempt.isCompleted()) {
            advance(
                    !events.contains(EpollIoOps.EPOLLERR),
                    !events.equals(EpollIoOps.EPOLLOUT),
                    events.contains(EpollIoOps.EPOLLOUT));
        }
    }

    private void advance(boolean withoutError, boolean readable, boolean writable) {
        try {
            if (!established) {
                finishConnect(withoutError);
                return;
            }
            if (writable) {
                write();
                if (sent == unsent.length) {
                    awaitMore();
                }
            }
            if ((readable || !withoutError) && !attempt.isResponseComplete()) {
                read();
            }
        } catch (RuntimeException e) {
            attempt.fail(Reason.RESPONSE_BROKEN, IoReason.of(e));
        } catch (OutOfMemoryError _) {
            attempt.complete(new Inconclusive("out of memory"));
        }
    }

    /** Reads the error of a failed connect from the socket; later errors are returned by recv(2). */
    private void finishConnect(boolean withoutError) {
        int errno = withoutError ? 0 : loop.sockets().error(fd);
        if (errno == 0) {
            established();
        } else {
            attempt.complete(ConnectFailure.result(errno));
        }
    }

    @Override
    public void send(byte[] bytes) {
        int left = unsent.length - sent;
        if (left > 0) {
            byte[] all = new byte[left + bytes.length];
            System.arraycopy(unsent, sent, all, 0, left);
            System.arraycopy(bytes, 0, all, left, bytes.length);
            unsent = all;
            sent = 0;
        } else {
            unsent = bytes;
            sent = 0;
            write();
        }
    }

    /** A failed send is not a failed probe: the reason may be in bytes that the peer sent before. */
    private void write() {
        while (sent < unsent.length) {
            int n = loop.sockets().send(fd, unsent, sent);
            if (n == -Errno.EAGAIN.number()) {
                return;
            }
            sent = n < 0 ? unsent.length : sent + n;
        }
    }

    /** The first response may arrive before the next poll. */
    private void awaitMore() {
        boolean allSent = sent == unsent.length;
        if (firstWait && allSent && !handle().isAwaiting()) {
            firstWait = false;
            loop.pollSoon(this);
        } else if (attempt.isWaitingForPermit()) {
            handle().stopAwaiting();
        } else {
            handle().await(allSent ? EpollIoOps.EPOLLIN : EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLOUT));
        }
    }

    private void read() {
        for (int i = 0; i < READS_AT_ONCE && !attempt.isResponseComplete() && !attempt.isWaitingForPermit(); i++) {
            TcpBatch.Received received = loop.sockets().receive(fd);
            if (received.errno() == Errno.EAGAIN.number()) {
                break;
            }
            if (received.errno() != 0) {
                attempt.complete(ConnectFailure.ofRead(received.errno()));
            } else if (received.bytes().length == 0) {
                attempt.perform(exchange.closed());
                return;
            } else {
                attempt.progressed();
                attempt.perform(exchange.received(received.bytes()));
                attempt.buffered(exchange.buffered());
            }
        }
        if (!attempt.isResponseComplete()) {
            awaitMore();
        }
    }

    @Override
    public void pauseReading() {
        handle().stopAwaiting();
    }

    @Override
    public void resumeReading() {
        awaitMore();
    }

    private SocketHandle handle() {
        return Objects.requireNonNull(handle);
    }

    @Override
    public int status() {
        return exchange.status();
    }

    @Override
    public void close() {
        if (handle != null) {
            handle.close();
        }
        exchange.release();
    }
}
