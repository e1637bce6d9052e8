package io.lvsd.sorryserver;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Closes a connection on which no byte was transferred for a while, in either direction; a slow download is not idle. */
public final class IdleTimeout extends IdleStateHandler {
    public IdleTimeout(Duration limit) {
        super(true, 0, 0, limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) {
        Future<?> _ = context.channel().close();
    }
}
