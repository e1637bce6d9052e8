package io.lvsd.checkers.transport;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A socket without a channel, and its registration with a loop. */
final class SocketHandle implements EpollIoHandle {
    /** The connection of the socket. */
    interface Listener {
        /** The socket is ready. */
        void ready(EpollIoOps events);
    }

    private final IoEventLoop io;
    private final FileDescriptor socket;
    private final Listener listener;
    private @Nullable IoRegistration registration;
    private @Nullable EpollIoOps awaited;

    /** Owns the socket from now on. */
    SocketHandle(IoEventLoop io, FileDescriptor socket, Listener listener) {
        this.io = io;
        this.socket = socket;
        this.listener = listener;
    }

    /** Calls the listener whenever the socket is ready for these operations, and for no others from now on. */
    void await(EpollIoOps operations) {
        IoRegistration registered = registration == null ? io.register(this).getNow() : registration;
        registration = registered;
        if (registered != null && !operations.equals(awaited)) {
            awaited = operations;
            registered.submit(operations);
        }
    }

    boolean isAwaiting() {
        return registration != null;
    }

    /** Does not call the listener any more. */
    void stopAwaiting() {
        IoRegistration registered = registration;
        registration = null;
        awaited = null;
        if (registered != null) {
            registered.cancel();
        }
    }

    @Override
    public FileDescriptor fd() {
        return socket;
    }

    @Override
    public void handle(IoRegistration from, IoEvent event) {
        listener.ready(((EpollIoEvent) event).ops());
    }

    /** The socket first: closing it removes it from the epoll set, which saves a system call. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException _) {
            // A descriptor that cannot be closed needs no further action.
        }
        stopAwaiting();
    }
}
