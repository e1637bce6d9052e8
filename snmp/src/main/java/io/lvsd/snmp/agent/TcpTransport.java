package io.lvsd.snmp.agent;

import io.lvsd.snmp.mib.SystemMib;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.snmp4j.MessageDispatcher;
import org.snmp4j.TransportStateReference;
import org.snmp4j.security.SecurityLevel;
import org.snmp4j.smi.TcpAddress;
import org.snmp4j.transport.AbstractTransportMapping;
import org.snmp4j.transport.TransportType;

/**
 * SNMP over TCP (RFC 3430), with limits that the transport of SNMP4J does not have: connections, time without a request, requests that
 * wait, and bytes that a client does not read. Messages are processed one after the other on one thread.
 */
final class TcpTransport extends AbstractTransportMapping<TcpAddress> implements Transport {
    private static final int MAX_CONNECTIONS = 64;
    private static final int MAX_OF_SOURCE = 16;
    private static final int IDLE_SECONDS = 120;

    private final TcpAddress listen;
    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("snmp-tcp", true), NioIoHandler.newFactory());
    private final ExecutorService worker = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("snmp-tcp-worker").daemon().factory());
    private final Map<TcpAddress, Channel> clients = new ConcurrentHashMap<>();
    private final Channel server;
    private volatile @Nullable RequestFilter filter;

    TcpTransport(TcpAddress listen) throws IOException {
        this.listen = listen;
        this.server = bind();
    }

    @Override
    public synchronized void serve(RequestFilter next, MessageDispatcher dispatcher) {
        filter = next;
        removeAllTransportListeners();
        addTransportListener(dispatcher);
    }

    private boolean accepts(InetAddress source) {
        RequestFilter current = filter;
        return current != null && current.accepts(source);
    }

    private void malformed() {
        RequestFilter current = filter;
        if (current != null) {
            current.malformed();
        }
    }

    /** Connections are accepted as soon as the port is open; before {@link #serve} they are closed. */
    private Channel bind() throws IOException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channelFactory(this::serverChannel)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accept(channel);
                    }
                });
        ChannelFuture binding = bootstrap
                .bind(new InetSocketAddress(listen.getInetAddress(), listen.getPort()))
                .awaitUninterruptibly();
        if (!binding.isSuccess()) {
            end();
            throw new IOException(binding.cause().getMessage(), binding.cause());
        }
        return binding.channel();
    }

    /** A channel that Java binds to 0.0.0.0 accepts IPv6 too, unless it is one of IPv4. */
    private NioServerSocketChannel serverChannel() {
        return listen.getInetAddress() instanceof Inet4Address
                ? new NioServerSocketChannel(SelectorProvider.provider(), SocketProtocolFamily.INET)
                : new NioServerSocketChannel();
    }

    @Override
    public void listen() {
        // The port is open already.
    }

    private void accept(SocketChannel channel) {
        InetSocketAddress remote = channel.remoteAddress();
        TcpAddress client = new TcpAddress(remote.getAddress(), remote.getPort());
        if (isFull(remote.getAddress()) || !accepts(remote.getAddress())) {
            var _ = channel.close();
            return;
        }
        clients.put(client, channel);
        var _ = channel.closeFuture().addListener(_ -> clients.remove(client, channel));
        channel.pipeline()
                // The time without a complete message is limited.
                .addLast(
                        new BerFrames(SystemMib.MAX_REQUEST),
                        new ReadTimeoutHandler(IDLE_SECONDS),
                        new Connection(client));
    }

    private boolean isFull(InetAddress source) {
        return clients.size() >= MAX_CONNECTIONS
                || clients.keySet().stream()
                                .filter(client -> client.getInetAddress().equals(source))
                                .count()
                        >= MAX_OF_SOURCE;
    }

    /**
     * Passes the messages of one client to the worker, one at a time and none while the client does not read. No more is read until all
     * of them were processed. Used by the event loop.
     */
    private final class Connection extends SimpleChannelInboundHandler<ByteBuffer> {
        private final TcpAddress client;
        private final Queue<ByteBuffer> waiting = new ArrayDeque<>();
        private boolean busy;

        Connection(TcpAddress client) {
            this.client = client;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuffer message) {
            waiting.add(message);
            proceed(context);
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            proceed(context);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            waiting.clear();
        }

        private void proceed(ChannelHandlerContext context) {
            if (!busy && context.channel().isWritable() && !waiting.isEmpty()) {
                busy = true;
                ByteBuffer message = waiting.remove();
                worker.execute(() -> {
                    process(message);
                    context.executor().execute(() -> {
                        busy = false;
                        proceed(context);
                    });
                });
            }
            context.channel().config().setAutoRead(!busy && waiting.isEmpty());
        }

        private void process(ByteBuffer message) {
            RequestFilter current = filter;
            if (current == null) {
                return;
            }
            TransportStateReference state = new TransportStateReference(
                    TcpTransport.this, client, null, SecurityLevel.undefined, SecurityLevel.undefined, false, null);
            current.process(client.getInetAddress(), () -> fireProcessMessage(client, message, state));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (cause instanceof io.netty.handler.codec.DecoderException) {
                malformed();
            }
            var _ = context.close();
        }
    }

    @Override
    public void sendMessage(
            TcpAddress address, byte[] message, TransportStateReference state, long timeout, int retries) {
        Channel client = clients.get(address);
        if (client != null) {
            var _ = client.writeAndFlush(Unpooled.wrappedBuffer(message));
        }
    }

    @Override
    public void close() {
        server.close().awaitUninterruptibly();
        for (Channel client : clients.values()) {
            var _ = client.close();
        }
        end();
    }

    private void end() {
        var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        worker.shutdown();
    }

    @Override
    public boolean isListening() {
        return server.isActive();
    }

    @Override
    public Class<TcpAddress> getSupportedAddressClass() {
        return TcpAddress.class;
    }

    @Override
    public TcpAddress getListenAddress() {
        return listen;
    }

    @Override
    public TransportType getSupportedTransportType() {
        return TransportType.receiver;
    }
}
