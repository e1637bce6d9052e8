package io.lvsd.sorryserver;

import io.lvsd.sorryserver.http.Counters;
import io.lvsd.sorryserver.http.Counters.Count;
import io.lvsd.sorryserver.http.LoopState;
import io.lvsd.sorryserver.http.Slot;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The end of a connection that is not HTTP: a line of text and the end of the output, or a reset. */
final class Greeting extends ChannelInboundHandlerAdapter {
    private static final long LINGER_MILLIS = 2_000;
    private static final byte[] RESET = {};

    private final LoopState loop;
    private final Counters counters;
    private final byte[] text;
    private @Nullable Slot slot;

    private Greeting(LoopState loop, Counters counters, byte[] text) {
        this.loop = loop;
        this.counters = counters;
        this.text = text;
    }

    /** Sends a line; the client has a limited time to read it and to close. */
    static Greeting banner(LoopState loop, Counters counters, String text) {
        return new Greeting(loop, counters, (text + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Resets the connection. */
    static Greeting reset(LoopState loop, Counters counters) {
        return new Greeting(loop, counters, RESET);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        counters.add(Count.CONNECTIONS);
        counters.add(Count.OTHERS);
        Slot opened = loop.connections().open(context.channel(), counters);
        slot = opened;
        if (text.length == 0) {
            // Closing with SO_LINGER 0 sends RST (tcp(7)).
            context.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            Future<?> _ = context.close();
            return;
        }
        opened.idleUntil(LINGER_MILLIS);
        context.writeAndFlush(Unpooled.wrappedBuffer(text)).addListener(_ -> {
            if (context.channel() instanceof DuplexChannel duplex) {
                Future<?> _ = duplex.shutdownOutput();
            }
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            Future<?> _ = context.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        counters.add(Count.CLOSED);
        if (slot != null) {
            slot.closed();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Future<?> _ = context.close();
    }
}
