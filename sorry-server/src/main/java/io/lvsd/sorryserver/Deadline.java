package io.lvsd.sorryserver;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Closes a connection after a time, whatever it sends, unless this handler is removed before. */
public final class Deadline extends ChannelHandlerAdapter {
    private final Duration after;

    // owned by the channel's event loop
    private @Nullable Future<?> timer;

    /** @param after from the start of the connection */
    public Deadline(Duration after) {
        this.after = after;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        Channel channel = context.channel();
        timer = channel.eventLoop().schedule(() -> close(channel), after.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void close(Channel channel) {
        Future<?> _ = channel.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        Future<?> pending = timer;
        if (pending != null) {
            pending.cancel(false);
        }
    }
}
