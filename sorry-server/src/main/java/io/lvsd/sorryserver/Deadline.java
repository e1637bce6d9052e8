package io.lvsd.sorryserver;

import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Closes a connection when a time has passed, whatever it sends, unless this handler is removed before. */
public final class Deadline extends ChannelHandlerAdapter {
    private final Duration after;

    // owned by the channel's event loop
    private @Nullable Future<?> timer;

    /** @param after from the connection's start */
    public Deadline(Duration after) {
        this.after = after;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        Runnable close = () -> context.channel().close();
        timer = context.channel().eventLoop().schedule(close, after.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        Future<?> pending = timer;
        if (pending != null) {
            pending.cancel(false);
        }
    }
}
