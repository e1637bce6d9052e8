package io.lvsd.checkers.transport;

import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult.Inconclusive;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.lvsd.conf.source.IoReason;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.ipvs.ffm.Errno;
import io.lvsd.ipvs.ffm.TcpBatch;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * A probe over a TCP connection without TLS, on a socket of our own instead of a channel: these are the probes that
 * directors make most. A server on the same network has answered at the first look, which is one for all that were begun
 * with it; who takes longer is left to epoll.
 */
abstract class StreamAttempt extends SocketAttempt implements TcpBatch.Waiting {
    private final ProbeAddress where;
    private boolean established;
    private boolean seen;

    StreamAttempt(ProbeLoop loop, ProbeAddress where, Consumer<ProbeReport> done) {
        super(loop, where.deadline(), where.total(), done);
        this.where = where;
    }

    /** The connection stands. */
    abstract void established();

    /** There are bytes, or the end. */
    abstract void readable();

    /** There is room for more bytes. */
    abstract void writable();

    @Override
    final void begin() {
        int made = loop.sockets().socket(where.address());
        if (made < 0) {
            tell(new Inconclusive("no socket, " + Errno.describe(-made)));
            return;
        }
        try {
            if (SocketOptions.isAny(where)) {
                Socket socket = new Socket(made);
                own(socket);
                SocketOptions.set(socket, where);
                SocketOptions.bind(socket, where);
            } else {
                own(new FileDescriptor(made));
            }
            int result = loop.sockets().connect(made, where.address(), where.port());
            if (result == 0) {
                stands();
            } else if (result == -Errno.EINPROGRESS.number()) {
                loop.lookSoon(this);
            } else {
                tell(ConnectFailure.judge(-result));
            }
        } catch (IOException | RuntimeException e) {
            tell(ConnectFailure.judge(e));
        } catch (OutOfMemoryError e) {
            tell(new Inconclusive("out of memory"));
        }
    }

    private void stands() {
        established = true;
        established();
    }

    // ---- the first look

    @Override
    public final int number() {
        return fd().intValue();
    }

    @Override
    public final short events() {
        return established ? TcpBatch.IN : TcpBatch.OUT;
    }

    final void looking() {
        seen = false;
    }

    @Override
    public final void ready(boolean sound) {
        seen = true;
        if (!isOver()) {
            progress(sound, established, !established);
        }
    }

    /** Who was found waiting in vain is left to epoll. */
    final void looked() {
        if (!seen && !isOver()) {
            await(established ? EpollIoOps.EPOLLIN : EpollIoOps.EPOLLOUT);
        }
    }

    // ---- after that

    @Override
    public final void handle(IoRegistration from, IoEvent event) {
        EpollIoOps ops = ((EpollIoEvent) event).ops();
        if (!isOver()) {
            progress(
                    !ops.contains(EpollIoOps.EPOLLERR),
                    !ops.equals(EpollIoOps.EPOLLOUT),
                    ops.contains(EpollIoOps.EPOLLOUT));
        }
    }

    private void progress(boolean sound, boolean in, boolean out) {
        try {
            go(sound, in, out);
        } catch (RuntimeException e) {
            fail(Reason.RESPONSE_BROKEN, IoReason.of(e));
        } catch (OutOfMemoryError e) {
            tell(new Inconclusive("out of memory"));
        }
    }

    /** Only if a connection does not stand has the kernel to be asked why; one that breaks later says so when it is read. */
    private void go(boolean sound, boolean in, boolean out) {
        if (!established) {
            int errno = sound ? 0 : loop.sockets().failure(fd().intValue());
            if (errno == 0) {
                stands();
            } else {
                tell(ConnectFailure.judge(errno));
            }
            return;
        }
        if (out) {
            writable();
        }
        if ((in || !sound) && !hasHeardAll()) {
            readable();
        }
    }
}
