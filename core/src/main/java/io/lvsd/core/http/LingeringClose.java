package io.lvsd.core.http;

import io.lvsd.sorryserver.Deadline;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;

/**
 * Closes a connection whose client may still be sending. Closing at once would reset it, and the client could lose the
 * response; so the output is ended first, and input is discarded until the client closes, for a limited time and number of
 * bytes.
 */
final class LingeringClose extends ChannelInboundHandlerAdapter {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final long MAX_BYTES = 1 << 20;

    private long discarded;

    private LingeringClose() {}

    /** Closes a connection after its last response was sent. */
    static void of(ChannelHandlerContext context) {
        if (context.pipeline().get(SslHandler.class) == null && context.channel() instanceof DuplexChannel duplex) {
            context.pipeline().addFirst(new LingeringClose(), new Deadline(TIMEOUT));
            Future<?> _ = duplex.shutdownOutput();
            context.channel().config().setAutoRead(true);
        } else {
            Future<?> _ = context.close();
        }
    }

    /** Discards what the client of a stream sends, a limited number of bytes, and notices its end. */
    static void discardInput(ChannelHandlerContext context) {
        String decoder = context.pipeline().context(StrictRequestDecoder.class).name();
        context.pipeline().addBefore(decoder, "discard", new LingeringClose());
        context.channel().config().setAutoRead(true);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object data) {
        discarded += data instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
        ReferenceCountUtil.release(data);
        if (discarded > MAX_BYTES) {
            Future<?> _ = context.close();
        }
    }
}
