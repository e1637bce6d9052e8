package io.lvsd.sorryserver;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Limits the open connections of one kind: a connection or a byte above a limit closes the connection that has been idle for
 * the longest time. It is the first handler of each of their pipelines. Thread-safe.
 */
@ChannelHandler.Sharable
public final class OpenConnections extends ChannelInboundHandlerAdapter {
    private final int total;
    private final int perAddress;
    private final long totalBytes;

    // guarded by this; the first one of each has been idle for the longest time
    private final LinkedHashMap<Channel, Long> pending = new LinkedHashMap<>();
    private final Map<SocketAddress, LinkedHashSet<Channel>> byAddress = new HashMap<>();
    private long bytes;

    /**
     * Without an open connection.
     *
     * @param total connections, 1 or more; one client address may have half of them, rounded up
     * @param totalBytes bytes received on all of them before their requests were complete, 1 or more
     */
    public OpenConnections(int total, long totalBytes) {
        this.total = total;
        this.perAddress = (total + 1) / 2;
        this.totalBytes = totalBytes;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        Channel channel = context.channel();
        SocketAddress address = address(channel);
        close(add(channel, address));
        channel.closeFuture().addListener(_ -> remove(channel, address));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object data) {
        long count = data instanceof ByteBuf buffer ? buffer.readableBytes() : 0;
        close(received(context.channel(), count));
        context.fireChannelRead(data);
    }

    private static void close(List<Channel> channels) {
        for (Channel channel : channels) {
            Future<?> _ = channel.close();
        }
    }

    /** The request of a connection is complete: its bytes are not in memory any more. */
    public synchronized void completed(Channel channel) {
        Long held = pending.replace(channel, 0L);
        bytes -= held == null ? 0 : held;
    }

    /** A connection without input is in use: it has been idle for the shortest time now. */
    public void touch(Channel channel) {
        close(received(channel, 0));
    }

    /** The number of open connections. */
    public synchronized int size() {
        return pending.size();
    }

    private static SocketAddress address(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress peer
                ? new InetSocketAddress(peer.getAddress(), 0)
                : new InetSocketAddress(0);
    }

    private synchronized List<Channel> add(Channel channel, SocketAddress address) {
        List<Channel> victims = new ArrayList<>();
        LinkedHashSet<Channel> ofAddress = byAddress.computeIfAbsent(address, _ -> new LinkedHashSet<>(4));
        if (ofAddress.size() >= perAddress) {
            victims.add(ofAddress.getFirst());
        } else if (pending.size() >= total) {
            victims.add(pending.firstEntry().getKey());
        }
        victims.forEach(v -> remove(v, address(v)));
        pending.putLast(channel, 0L);
        byAddress.computeIfAbsent(address, _ -> new LinkedHashSet<>(4)).addLast(channel);
        return victims;
    }

    private synchronized List<Channel> received(Channel channel, long count) {
        Long held = pending.get(channel);
        if (held == null) {
            return List.of();
        }
        pending.putLast(channel, held + count);
        bytes += count;
        byAddress.getOrDefault(address(channel), new LinkedHashSet<>()).addLast(channel);
        List<Channel> victims = new ArrayList<>();
        while (bytes > totalBytes) {
            Channel victim = pending.entrySet().stream()
                    .filter(e -> e.getValue() > 0)
                    .findFirst()
                    .orElseThrow()
                    .getKey();
            victims.add(victim);
            remove(victim, address(victim));
        }
        return victims;
    }

    private synchronized void remove(Channel channel, SocketAddress address) {
        Long held = pending.remove(channel);
        bytes -= held == null ? 0 : held;
        LinkedHashSet<Channel> ofAddress = byAddress.get(address);
        if (ofAddress != null && ofAddress.remove(channel) && ofAddress.isEmpty()) {
            byAddress.remove(address);
        }
    }
}
