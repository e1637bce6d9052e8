package io.lvsd.sorryserver.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** The place of an open connection in {@link Connections}. Owned by the event loop of its channel. */
public final class Slot {
    private final Connections owner;
    private final Channel channel;
    private final InetAddress client;
    private final Counters counters;

    // links of the list of connections by idle time, of those of one client, and of those with a deadline in one second
    @Nullable
    Slot idleBefore;

    @Nullable
    Slot idleAfter;

    @Nullable
    Slot clientBefore;

    @Nullable
    Slot clientAfter;

    @Nullable
    Slot dueBefore;

    @Nullable
    Slot dueAfter;

    /** Second in whose list it is; negative: in none. */
    int second = -1;

    long deadline;
    boolean limit;
    int held;
    boolean open = true;

    Slot(Connections owner, Channel channel, InetAddress client, Counters counters) {
        this.owner = owner;
        this.channel = channel;
        this.client = client;
        this.counters = counters;
    }

    Channel channel() {
        return channel;
    }

    InetAddress client() {
        return client;
    }

    /** It is in use: it has been idle for the shortest time now. */
    public void touch() {
        owner.touch(this);
    }

    /** Closes the connection as a slow client after a time, unless one of both methods is called again before. */
    public void closeAfter(long millis) {
        limit = true;
        owner.closeAfter(this, millis);
    }

    /** Closes the connection as an unused one after a time, unless one of both methods is called again before. */
    public void idleUntil(long millis) {
        limit = false;
        owner.closeAfter(this, millis);
    }

    /** Bytes of an incomplete request that it has in memory now. */
    public void holds(int bytes) {
        owner.holds(this, bytes);
    }

    /** The connection was closed. */
    public void closed() {
        owner.closed(this);
    }

    void closeChannel(boolean limited) {
        if (limited) {
            counters.add(Counters.Count.LIMITED);
        }
        // Without the handlers of the channel, of which one might first end what the client has begun.
        ChannelHandlerContext first = channel.pipeline().firstContext();
        Future<?> _ = first == null ? channel.close() : first.close();
    }
}
