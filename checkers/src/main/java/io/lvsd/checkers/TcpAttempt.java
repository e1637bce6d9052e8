package io.lvsd.checkers;

import io.lvsd.checkers.ProbeOutcome.Inconclusive;
import io.lvsd.conf.model.ProbeAddress;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.LinuxSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/**
 * A connection that is established and closed. On the loop's own registrations instead of a channel, because nothing of a
 * channel's is needed: this is the probe that directors make most.
 */
final class TcpAttempt extends SocketAttempt {
    private static final EpollIoOps CONNECTED = EpollIoOps.EPOLLOUT;

    private final ProbeAddress where;

    TcpAttempt(ProbeLoop loop, ProbeAddress where, Consumer<ProbeReport> done) {
        super(loop, where.deadline(), done);
        this.where = where;
    }

    @Override
    void begin() {
        try {
            LinuxSocket made = LinuxSocket.newSocketStream(where.address() instanceof java.net.Inet6Address);
            own(made);
            SocketOptions.set(made, where);
            if (where.bindAddress().isPresent() || where.bindPort() != 0) {
                made.setReuseAddress(true);
                made.bind(SocketOptions.local(where));
            }
            if (made.connect(new InetSocketAddress(where.address(), where.port()))) {
                pass();
            } else {
                await(CONNECTED);
            }
        } catch (IOException | RuntimeException e) {
            tell(ConnectFailure.judge(e));
        } catch (OutOfMemoryError e) {
            tell(new Inconclusive("out of memory"));
        }
    }

    /** The kernel's event says by itself whether the connection stands: only what went wrong has to be asked for. */
    @Override
    public void handle(IoRegistration from, IoEvent event) {
        if (isOver()) {
            return;
        }
        if (!((EpollIoEvent) event).ops().contains(EpollIoOps.EPOLLERR)) {
            pass();
            return;
        }
        try {
            if (socket().finishConnect()) {
                pass();
            }
        } catch (IOException e) {
            tell(ConnectFailure.judge(e));
        }
    }
}
