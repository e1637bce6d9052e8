package io.lvsd.checkers;

import io.lvsd.checkers.ProbeOutcome.Inconclusive;
import io.lvsd.conf.model.ProbeAddress;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is established and closed. On the loop's own registrations instead of a channel, because nothing of a
 * channel's is needed: this is the probe that directors make most.
 */
final class TcpAttempt extends Attempt implements EpollIoHandle {
    private static final EpollIoOps CONNECTED = EpollIoOps.EPOLLOUT;

    private final ProbeAddress where;
    private @Nullable LinuxSocket socket;
    private @Nullable IoRegistration registration;

    TcpAttempt(ProbeLoop loop, ProbeAddress where, Consumer<ProbeReport> done) {
        super(loop, where.deadline(), done);
        this.where = where;
    }

    @Override
    void begin() {
        try {
            LinuxSocket made = LinuxSocket.newSocketStream(where.address() instanceof java.net.Inet6Address);
            socket = made;
            SocketOptions.set(made, where);
            if (where.bindAddress().isPresent() || where.bindPort() != 0) {
                made.setReuseAddress(true);
                made.bind(SocketOptions.local(where));
            }
            if (made.connect(new InetSocketAddress(where.address(), where.port()))) {
                pass();
            } else {
                IoRegistration registered = loop.io.register(this).getNow();
                registration = registered;
                if (registered != null) {
                    registered.submit(CONNECTED);
                }
            }
        } catch (IOException | RuntimeException e) {
            tell(ConnectFailure.judge(e));
        } catch (OutOfMemoryError e) {
            tell(new Inconclusive("out of memory"));
        }
    }

    @Override
    public void handle(IoRegistration from, IoEvent event) {
        LinuxSocket open = socket;
        if (open == null || isOver()) {
            return;
        }
        try {
            if (open.finishConnect()) {
                pass();
            }
        } catch (IOException e) {
            tell(ConnectFailure.judge(e));
        }
    }

    @Override
    public FileDescriptor fd() {
        LinuxSocket open = socket;
        if (open == null) {
            throw new IllegalStateException("no socket");
        }
        return open;
    }

    /** The socket first: closing it takes it out of epoll's set, at the price of one system call instead of two. */
    @Override
    void release() {
        LinuxSocket open = socket;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException _) {
            // Nothing can be done about a descriptor that does not close.
        }
        IoRegistration registered = registration;
        registration = null;
        if (registered != null) {
            registered.cancel();
        }
    }

    @Override
    public void close() {
        release();
    }
}
