package io.lvsd.ipvs.embedded.tcp;

import io.lvsd.ipvs.embedded.flow.FlowTable;
import io.lvsd.ipvs.embedded.flow.Listener;
import io.lvsd.ipvs.embedded.flow.LiveService;
import io.lvsd.ipvs.embedded.table.Client;
import io.lvsd.ipvs.model.DestinationKey;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.NativeInetAddress;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A service's listening socket, accepted from on every event loop. */
public final class TcpListener implements Listener {
    private static final int BACKLOG = 4096;
    /** Connections accepted in a row before others get their turn. */
    private static final int TURNS = 64;

    private static final long RETRY_MILLIS = 100;

    private final InetSocketAddress address;
    private final LiveService service;
    private final FlowTable flows;
    private final Predicate<DestinationKey> announced;
    private final LinuxSocket socket;
    private final List<Acceptor> acceptors = new ArrayList<>();

    /**
     * Listens.
     *
     * @param announced destinations that get the PROXY protocol's header first
     * @throws IOException if the address cannot be bound
     */
    public TcpListener(
            InetSocketAddress address,
            LiveService service,
            FlowTable flows,
            Predicate<DestinationKey> announced,
            List<Worker> workers)
            throws IOException {
        this.address = address;
        this.service = service;
        this.flows = flows;
        this.announced = announced;
        this.socket = open(address);
        for (Worker worker : workers) {
            Acceptor acceptor = new Acceptor(worker);
            acceptors.add(acceptor);
            worker.loop().submit(acceptor::register).syncUninterruptibly();
        }
    }

    private static LinuxSocket open(InetSocketAddress address) throws IOException {
        boolean ipv4 = address.getAddress().getAddress().length == 4;
        LinuxSocket socket = LinuxSocket.newSocketStream(ipv4 ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6);
        try {
            socket.setReuseAddress(true);
            // Accepted sockets inherit it.
            socket.setTcpNoDelay(true);
            socket.bind(address);
            socket.listen(BACKLOG);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    InetSocketAddress address() {
        return address;
    }

    LiveService service() {
        return service;
    }

    FlowTable flows() {
        return flows;
    }

    boolean announces(DestinationKey destination) {
        return announced.test(destination);
    }

    /** Accepts no more; connections that are open go on to their end. */
    @Override
    public void close() {
        for (Acceptor acceptor : acceptors) {
            acceptor.worker.loop().submit(acceptor::close).syncUninterruptibly();
        }
        try {
            socket.close();
        } catch (IOException _) {
            // A descriptor that cannot be closed needs no further action.
        }
    }

    /** The socket in one event loop. */
    private final class Acceptor implements EpollIoHandle {
        private final Worker worker;
        private final byte[] peer = new byte[26];
        private @Nullable IoRegistration registration;
        private boolean closed;

        Acceptor(Worker worker) {
            this.worker = worker;
        }

        void register() {
            IoRegistration made = worker.loop().register(this).getNow();
            registration = made;
            if (made != null) {
                made.submit(EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLET));
            }
        }

        @Override
        public FileDescriptor fd() {
            return socket;
        }

        @Override
        public void handle(IoRegistration from, IoEvent event) {
            accept();
        }

        private void accept() {
            for (int turn = 0; turn < TURNS; turn++) {
                if (closed || !acceptOne()) {
                    return;
                }
            }
            worker.loop().execute(this::accept);
        }

        private boolean acceptOne() {
            try {
                int fd = socket.accept(peer);
                if (fd < 0) {
                    return false;
                }
                InetSocketAddress client = NativeInetAddress.address(peer, 1, peer[0]);
                TcpRelay relay = new TcpRelay(
                        TcpListener.this,
                        worker,
                        LinuxSocket.newSocket(fd),
                        new Client(client.getAddress(), client.getPort()));
                flows.add(relay);
                relay.start();
                return true;
            } catch (IOException _) {
                // No descriptor is free, or the client is gone: close one connection and accept the rest of the queue
                // later.
                flows.evictOne();
                Future<?> _ = worker.loop().schedule(this::accept, RETRY_MILLIS, TimeUnit.MILLISECONDS);
                return false;
            }
        }

        @Override
        public void close() {
            closed = true;
            IoRegistration made = registration;
            registration = null;
            if (made != null) {
                made.cancel();
            }
        }
    }
}
