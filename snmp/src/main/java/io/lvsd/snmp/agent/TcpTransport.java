package io.lvsd.snmp.agent;

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
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
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
 * SNMP over TCP (RFC 3430), with limits that the transport of SNMP4J does not have: connections, time without a request, and bytes that a
 * client does not read. Messages are processed one after the other on one thread.
 */
final class TcpTransport extends AbstractTransportMapping<TcpAddress> implements Transport {
    private static final int MAX_CONNECTIONS = 64;
    private static final int MAX_REQUEST = 8_192;
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
                .channel(NioServerSocketChannel.class)
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

    @Override
    public void listen() {
        // The port is open already.
    }

    private void accept(SocketChannel channel) {
        InetSocketAddress remote = channel.remoteAddress();
        TcpAddress client = new TcpAddress(remote.getAddress(), remote.getPort());
        if (clients.size() >= MAX_CONNECTIONS || !accepts(remote.getAddress())) {
            var _ = channel.close();
            return;
        }
        clients.put(client, channel);
        var _ = channel.closeFuture().addListener(_ -> clients.remove(client, channel));
        channel.pipeline()
                .addLast(new ReadTimeoutHandler(IDLE_SECONDS), new BerFrames(MAX_REQUEST), new Connection(client));
    }

    /** Passes the messages of one client to the worker; no more is read from the client until they were processed. */
    private final class Connection extends SimpleChannelInboundHandler<ByteBuffer> {
        private final TcpAddress client;

        Connection(TcpAddress client) {
            this.client = client;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuffer message) {
            context.channel().config().setAutoRead(false);
            worker.execute(() -> {
                process(message);
                context.channel().config().setAutoRead(true);
            });
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
        if (client == null) {
            return;
        }
        if (client.isWritable()) {
            var _ = client.writeAndFlush(Unpooled.wrappedBuffer(message));
        } else {
            var _ = client.close();
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
