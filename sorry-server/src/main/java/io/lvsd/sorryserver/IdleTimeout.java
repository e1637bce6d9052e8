package io.lvsd.sorryserver;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Closes a connection on which no byte has moved for a while, in either direction; a slow download is not idle. */
public final class IdleTimeout extends IdleStateHandler {
    public IdleTimeout(Duration limit) {
        super(true, 0, 0, limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) {
        context.channel().close();
    }
}
