package io.lvsd.ipvs.embedded.tcp;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.epoll.Native;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One of the two sockets of a relay, registered edge-triggered: whether it is readable and writable is recorded here, until a
 * call returns EAGAIN. Used on one event loop.
 */
final class TcpSide implements EpollIoHandle {
    private static final EpollIoOps EVERYTHING = EpollIoOps.EPOLLIN
            .with(EpollIoOps.EPOLLOUT)
            .with(EpollIoOps.EPOLLRDHUP)
            .with(EpollIoOps.EPOLLET);
    /** {@code EPOLLHUP}, sys/epoll.h. */
    private static final int EPOLLHUP = 0x10;

    final LinuxSocket socket;
    boolean readable;
    boolean writable = true;
    /** The peer has sent its last byte, or the connection is broken: only reading shows which. */
    boolean hungUp;

    private final Worker worker;
    private final Consumer<TcpSide> ready;
    private @Nullable IoRegistration registration;

    /** @param ready called after each event */
    TcpSide(LinuxSocket socket, Worker worker, Consumer<TcpSide> ready) {
        this.socket = socket;
        this.worker = worker;
        this.ready = ready;
    }

    void register() {
        IoRegistration made = worker.loop().register(this).getNow();
        registration = made;
        if (made != null) {
            made.submit(EVERYTHING);
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
        ready.accept(this);
    }

    /** Lets the peer know that the end, when it comes, is not a regular one. */
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
}
