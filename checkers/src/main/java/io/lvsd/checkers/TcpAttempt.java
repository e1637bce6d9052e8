package io.lvsd.checkers;

import io.lvsd.checkers.ProbeOutcome.Inconclusive;
import io.lvsd.conf.model.ProbeAddress;
import io.lvsd.ipvs.ffm.Errno;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * A connection that is established and closed. On sockets of our own instead of a channel, because nothing of a channel's
 * is needed: this is the probe that directors make most. A server on the same network answers before the first look, which
 * is one for all; who takes longer is left to epoll.
 */
final class TcpAttempt extends SocketAttempt {
    private final ProbeAddress where;

    TcpAttempt(ProbeLoop loop, ProbeAddress where, Consumer<ProbeReport> done) {
        super(loop, where.deadline(), done);
        this.where = where;
    }

    @Override
    void begin() {
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
                pass();
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

    /** The first look found nothing. */
    void keepWaiting() {
        await(EpollIoOps.EPOLLOUT);
    }

    /** The connection is no longer being made: only if it does not stand has the kernel to be asked why. */
    void settled(boolean stands) {
        if (isOver()) {
            return;
        }
        int errno = stands ? 0 : loop.sockets().failure(fd().intValue());
        if (errno == 0) {
            pass();
        } else {
            tell(ConnectFailure.judge(errno));
        }
    }

    @Override
    public void handle(IoRegistration from, IoEvent event) {
        settled(!((EpollIoEvent) event).ops().contains(EpollIoOps.EPOLLERR));
    }
}
