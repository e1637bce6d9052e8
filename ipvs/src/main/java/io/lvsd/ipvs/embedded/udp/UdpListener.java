package io.lvsd.ipvs.embedded.udp;

import io.lvsd.ipvs.embedded.flow.Flow;
import io.lvsd.ipvs.embedded.flow.FlowTable;
import io.lvsd.ipvs.embedded.flow.Listener;
import io.lvsd.ipvs.embedded.flow.LiveService;
import io.lvsd.ipvs.embedded.table.Client;
import io.lvsd.ipvs.embedded.table.LiveDestination;
import io.lvsd.ipvs.embedded.tcp.Worker;
import io.lvsd.ipvs.model.IpvsService;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A service's UDP socket, and the sessions of its clients: a socket for each client and destination, so that
 * replies reach the client. A datagram for which the receiver has no room is dropped, as in a network. Runs on one event loop.
 */
public final class UdpListener implements Listener {
    private static final int MAX_DATAGRAM = 65_535;

    private final LiveService service;
    private final FlowTable flows;
    private final Worker worker;
    private final Channel channel;

    // owned by the event loop
    private final Map<Client, Session> sessions = new HashMap<>();
    private final Map<OnePacket, Session> onePacketSessions = new HashMap<>();

    private record OnePacket(Client client, LiveDestination destination) {}

    /** @throws IOException if the address cannot be bound */
    public UdpListener(InetSocketAddress address, LiveService service, FlowTable flows, Worker worker)
            throws IOException {
        this.service = service;
        this.flows = flows;
        this.worker = worker;
        ChannelFuture bound = new Bootstrap()
                .group(worker.loop())
                .channel(EpollDatagramChannel.class)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MAX_DATAGRAM))
                .handler(new FromClients())
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw bound.cause() instanceof IOException e ? e : new IOException(bound.cause());
        }
        this.channel = bound.channel();
    }

    /** Receives no more datagrams and closes all sessions. */
    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        worker.loop()
                .submit(() -> {
                    for (Session session : Set.copyOf(sessions.values())) {
                        session.close();
                    }
                    for (Session session : Set.copyOf(onePacketSessions.values())) {
                        session.close();
                    }
                })
                .syncUninterruptibly();
    }

    /** A datagram that cannot be sent is lost, as in a network. */
    private static void write(Channel to, Object datagram) {
        Future<?> _ = to.writeAndFlush(datagram);
    }

    private final class FromClients extends SimpleChannelInboundHandler<DatagramPacket> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket datagram) {
            Client client =
                    new Client(datagram.sender().getAddress(), datagram.sender().getPort());
            session(client).ifPresent(session -> session.forward(datagram));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // An ICMP error for a reply: the client is gone.
        }
    }

    private Optional<Session> session(Client client) {
        boolean onePacket = (service.config().flags() & IpvsService.ONE_PACKET) != 0;
        Session known = sessions.get(client);
        if (known != null && !onePacket) {
            if (known.destination.isPresent()) {
                return Optional.of(known);
            }
            // A session of a removed destination ends: the client gets another destination.
            known.close();
        }
        Optional<LiveDestination> assigned = service.assign(client, Set.of(), worker.second());
        if (assigned.isEmpty()) {
            return Optional.empty();
        }
        LiveDestination destination = assigned.get();
        if (!onePacket) {
            return open(client, destination, false);
        }
        // Each datagram is a connection of its own that ends at once; only the session for replies remains.
        service.gaveUp(destination);
        Session replies = onePacketSessions.get(new OnePacket(client, destination));
        return replies != null ? Optional.of(replies) : open(client, destination, true);
    }

    private Optional<Session> open(Client client, LiveDestination destination, boolean onePacket) {
        Session session = new Session(client, destination, onePacket);
        if (!session.open()) {
            return Optional.empty();
        }
        return Optional.of(session);
    }

    /** The datagrams of a client to one destination, and the replies. */
    private final class Session extends SimpleChannelInboundHandler<DatagramPacket> implements Flow {
        private final Client client;
        private final LiveDestination destination;
        private final boolean onePacket;
        private @Nullable ChannelFuture towards;
        private volatile long lastSecond;
        private boolean closed;

        Session(Client client, LiveDestination destination, boolean onePacket) {
            this.client = client;
            this.destination = destination;
            this.onePacket = onePacket;
            this.lastSecond = worker.second();
        }

        /** False if no descriptor is free. */
        boolean open() {
            flows.add(this);
            ChannelFuture connected = new Bootstrap()
                    .group(worker.loop())
                    .channel(EpollDatagramChannel.class)
                    .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MAX_DATAGRAM))
                    .handler(this)
                    .connect(destination.key().address(), destination.key().port());
            towards = connected;
            if (onePacket) {
                onePacketSessions.put(new OnePacket(client, destination), this);
            } else {
                sessions.put(client, this);
            }
            connected.addListener(done -> {
                if (!done.isSuccess()) {
                    close();
                }
            });
            return !closed;
        }

        void forward(DatagramPacket datagram) {
            ChannelFuture to = towards;
            if (closed || to == null || !to.channel().isWritable()) {
                return;
            }
            int bytes = datagram.content().readableBytes();
            destination.counters().packets(1, 0);
            destination.counters().bytesIn(bytes);
            service.counters().packets(1, 0);
            service.counters().bytesIn(bytes);
            touch();
            ByteBuf content = datagram.content().retain();
            // The socket is connected in the next iteration of the event loop; earlier datagrams are sent then.
            if (to.isSuccess()) {
                write(to.channel(), content);
            } else {
                to.addListener(_ -> write(to.channel(), content));
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket reply) {
            int bytes = reply.content().readableBytes();
            destination.counters().packets(0, 1);
            destination.counters().bytesOut(bytes);
            service.counters().packets(0, 1);
            service.counters().bytesOut(bytes);
            touch();
            if (channel.isWritable()) {
                write(
                        channel,
                        new DatagramPacket(
                                reply.content().retain(), new InetSocketAddress(client.address(), client.port())));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // An ICMP error: the destination does not listen. Health checks detect that; the session remains.
        }

        private void touch() {
            if (worker.second() != lastSecond) {
                lastSecond = worker.second();
                flows.touch(this);
            }
        }

        @Override
        public InetAddress source() {
            return client.address();
        }

        @Override
        public long lastSecond() {
            return lastSecond;
        }

        @Override
        public void end() {
            worker.onLoop(this::close);
        }

        void close() {
            if (closed) {
                return;
            }
            closed = true;
            flows.remove(this);
            if (onePacket) {
                onePacketSessions.remove(new OnePacket(client, destination));
            } else {
                sessions.remove(client);
                service.gaveUp(destination);
            }
            ChannelFuture open = towards;
            if (open != null) {
                Future<?> _ = open.channel().close();
            }
        }
    }
}
