package io.lvsd.sorryserver;

import io.lvsd.sorryserver.http.Counters;
import io.lvsd.sorryserver.http.Counters.Count;
import io.lvsd.sorryserver.http.Http1Connection;
import io.lvsd.sorryserver.http.LoopState;
import io.lvsd.sorryserver.http.PageSource;
import io.lvsd.sorryserver.http.Site;
import io.lvsd.sorryserver.setup.Bypass;
import io.lvsd.sorryserver.setup.Content;
import io.lvsd.sorryserver.setup.ListenerSetup;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.handler.ssl.SslContext;
import io.netty.util.Mapping;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An open listener: one socket for each event loop (SO_REUSEPORT), among which the kernel distributes the connections. The methods
 * are called by one thread at a time; the event loops read the present values for each connection and request.
 */
final class Listener implements Site, AutoCloseable {
    private static final int BACKLOG = 4_096;
    private static final int BATCH = 64 * 1024;
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(BATCH / 2, BATCH);
    /** The prefix of Netty before the reason of a failed system call. */
    private static final Pattern NATIVE = Pattern.compile("\\w+\\(\\.\\.\\) failed[^:]*: ");

    private final EventLoops loops;
    private final List<Counters> counters;
    private final List<Channel> sockets = new ArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();

    // shared: written by the thread that calls the methods, read by the event loops
    private volatile ListenerSetup setup;
    private volatile @Nullable PageSource pages;
    private volatile Optional<Mapping<String, SslContext>> certificates = Optional.empty();
    private volatile boolean used = true;

    /** @param counters one for each event loop */
    Listener(EventLoops loops, ListenerSetup setup, List<Counters> counters) {
        this.loops = loops;
        this.setup = setup;
        this.counters = counters;
    }

    ListenerSetup setup() {
        return setup;
    }

    void setup(ListenerSetup changed) {
        setup = changed;
    }

    /** Whether the sockets can remain open for another setup of the same address. */
    boolean serves(ListenerSetup other) {
        boolean sameTransport = isDatagram(setup.content()) == isDatagram(other.content());
        return sameTransport && setup.virtualServer().equals(other.virtualServer());
    }

    private static boolean isDatagram(Content content) {
        return content instanceof Content.DnsFailure;
    }

    void serve(PageSource source, Optional<Mapping<String, SslContext>> tls) {
        pages = source;
        certificates = tls;
    }

    @Override
    public PageSource pages() {
        return Objects.requireNonNull(pages);
    }

    @Override
    public boolean keepsConnections() {
        return used;
    }

    @Override
    public Optional<Mapping<String, SslContext>> certificates() {
        return certificates;
    }

    /** Whether clients are directed here. */
    void use(boolean isUsed) {
        boolean ends = used && !isUsed;
        used = isUsed;
        if (ends) {
            for (int i = 0; i < loops.size(); i++) {
                LoopState state = loops.state(i);
                loops.loop(i).execute(() -> state.connections().forEach(c -> Http1Connection.closeIfIdle(c, this)));
            }
        }
    }

    /** @throws IOException if the address cannot be bound; the text names it */
    void open() throws IOException {
        InetSocketAddress address = setup.address();
        try {
            boolean datagram = isDatagram(setup.content());
            if (address.getPort() != 0 && !datagram) {
                probe(address);
            }
            for (int i = 0; i < loops.size(); i++) {
                ChannelFuture binding = datagram ? bindDatagram(i, address) : bindStream(i, address, true);
                binding.awaitUninterruptibly();
                if (!binding.isSuccess()) {
                    throw failure(address, binding.cause());
                }
                sockets.add(binding.channel());
                address = address();
            }
        } catch (IOException e) {
            closeSockets();
            throw e;
        }
    }

    /** Sockets with SO_REUSEPORT would share the address with another program of the same user without an error. */
    private void probe(InetSocketAddress address) throws IOException {
        ChannelFuture binding = bindStream(0, address, false).awaitUninterruptibly();
        if (!binding.isSuccess()) {
            throw failure(address, binding.cause());
        }
        binding.channel().close().awaitUninterruptibly();
    }

    private static IOException failure(InetSocketAddress address, Throwable cause) {
        String message = Objects.requireNonNullElse(cause.getMessage(), "the address cannot be used");
        return new IOException(
                "cannot listen on " + address + ": " + NATIVE.matcher(message).replaceFirst(""), cause);
    }

    private ChannelFuture bindStream(int index, InetSocketAddress address, boolean shared) {
        return new ServerBootstrap()
                .group(loops.loop(index))
                .channelFactory(() -> new EpollServerSocketChannel(family(address)))
                .option(EpollChannelOption.IP_FREEBIND, true)
                .option(EpollChannelOption.SO_REUSEPORT, shared)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(index, channel);
                    }
                })
                .bind(address);
    }

    /** A socket of the family of its address: connections of IPv4 through an IPv6 socket take more processor time. */
    private static SocketProtocolFamily family(InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
    }

    private ChannelFuture bindDatagram(int index, InetSocketAddress address) {
        return new Bootstrap()
                .group(loops.loop(index))
                .channelFactory(() -> new EpollDatagramChannel(family(address)))
                .option(EpollChannelOption.IP_FREEBIND, true)
                .option(EpollChannelOption.SO_REUSEPORT, true)
                .handler(new DnsFailure(counters.get(index)))
                .bind(address);
    }

    private void accept(int index, Channel channel) {
        Counters own = counters.get(index);
        LoopState state = loops.state(index);
        switch (setup.content()) {
            case Content.Page page
            when isBypassed(page.bypass(), channel) ->
                relay(channel, own, rotated(page.bypass().servers()));
            case Content.Page _ -> channel.pipeline().addLast(new Http1Connection(state, this, own));
            case Content.Relay(var target) -> relay(channel, own, List.of(target));
            case Content.Banner(var text) -> channel.pipeline().addLast(Greeting.banner(state, own, text));
            case Content.Reset() -> channel.pipeline().addLast(Greeting.reset(state, own));
            case Content.DnsFailure() -> throw new IllegalStateException("DNS over UDP has no connections");
        }
    }

    private static boolean isBypassed(Bypass bypass, Channel channel) {
        if (bypass.networks().isEmpty() || bypass.servers().isEmpty()) {
            return false;
        }
        return channel.remoteAddress() instanceof InetSocketAddress peer
                && bypass.networks().stream().anyMatch(n -> n.contains(address(peer)));
    }

    private static InetAddress address(InetSocketAddress peer) {
        return peer.getAddress();
    }

    /** Each connection begins with another server. */
    private List<InetSocketAddress> rotated(List<InetSocketAddress> servers) {
        List<InetSocketAddress> order = new ArrayList<>(servers);
        Collections.rotate(order, -Math.floorMod(turn.getAndIncrement(), servers.size()));
        return order;
    }

    private void relay(Channel channel, Counters own, List<InetSocketAddress> targets) {
        SorryLimits limits = loops.limits();
        own.add(Count.CONNECTIONS);
        own.add(Count.RELAYED);
        channel.closeFuture().addListener(_ -> own.add(Count.CLOSED));
        channel.config().setAutoRead(false);
        channel.pipeline()
                .addLast(
                        loops.relays(),
                        new Deadline(limits.relayed()),
                        new IdleTimeout(limits.relayIdle()),
                        new Relay(targets));
    }

    /** The address of the sockets, with their real port. */
    InetSocketAddress address() {
        return (InetSocketAddress) sockets.getFirst().localAddress();
    }

    private void closeSockets() {
        sockets.forEach(s -> s.close().awaitUninterruptibly());
        sockets.clear();
    }

    /** Stops listening; open connections are closed after their response. */
    @Override
    public void close() {
        closeSockets();
        use(false);
    }
}
