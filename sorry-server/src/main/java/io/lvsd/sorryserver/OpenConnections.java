package io.lvsd.sorryserver;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Keeps the open connections of one kind within their limits: a connection, or a byte, over a limit closes the connection
 * that has been idle for longest. It is the first handler of each of their pipelines. Thread-safe.
 */
@ChannelHandler.Sharable
public final class OpenConnections extends ChannelInboundHandlerAdapter {
    private final int total;
    private final int perAddress;
    private final long totalBytes;

    // guarded by this; the longest idle one is the first of each
    private final LinkedHashMap<Channel, Long> pending = new LinkedHashMap<>();
    private final Map<SocketAddress, LinkedHashSet<Channel>> byAddress = new HashMap<>();
    private long bytes;

    /**
     * None is open.
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
        add(channel, address).forEach(Channel::close);
        channel.closeFuture().addListener(_ -> remove(channel, address));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object data) {
        long count = data instanceof ByteBuf buffer ? buffer.readableBytes() : 0;
        received(context.channel(), count).forEach(Channel::close);
        context.fireChannelRead(data);
    }

    /** The request of a connection is complete: its bytes are not held any more. */
    public synchronized void completed(Channel channel) {
        Long held = pending.replace(channel, 0L);
        bytes -= held == null ? 0 : held;
    }

    /** How many are open. */
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
