package io.lvsd.checkers.transport;

import io.lvsd.checkers.probe.ProbeReport;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A probe on a socket of its own, registered with the loop without a channel: for those of whom nothing else is needed. */
abstract class SocketAttempt extends Attempt implements EpollIoHandle {
    private @Nullable FileDescriptor socket;
    private @Nullable IoRegistration registration;
    private @Nullable EpollIoOps awaited;

    SocketAttempt(ProbeLoop loop, Duration deadline, Duration total, Consumer<ProbeReport> done) {
        super(loop, deadline, total, done);
    }

    /** From here on the socket is closed with the probe. */
    final void own(FileDescriptor made) {
        socket = made;
    }

    /** Has {@link #handle} called whenever the socket is ready for that, and nothing else, from now on. */
    final void await(EpollIoOps ops) {
        IoRegistration registered =
                registration == null ? loop.io.register(this).getNow() : registration;
        registration = registered;
        if (registered != null && !ops.equals(awaited)) {
            awaited = ops;
            registered.submit(ops);
        }
    }

    final boolean isAwaiting() {
        return registration != null;
    }

    /** Has nothing called any more, whatever the peer does. */
    final void ignore() {
        IoRegistration registered = registration;
        registration = null;
        awaited = null;
        if (registered != null) {
            registered.cancel();
        }
    }

    @Override
    public final FileDescriptor fd() {
        FileDescriptor open = socket;
        if (open == null) {
            throw new IllegalStateException("no socket");
        }
        return open;
    }

    /** The socket first: closing it takes it out of epoll's set, at the price of one system call instead of two. */
    @Override
    final void release() {
        FileDescriptor open = socket;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException _) {
            // Nothing can be done about a descriptor that does not close.
        }
        ignore();
    }

    @Override
    public final void close() {
        release();
    }
}
