package io.lvsd.core.http;

import io.lvsd.sorryserver.OpenConnections;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** A response of text that has no end. Used by the event loop, except {@link #execute}. */
public final class TextStream {
    private final ChannelHandlerContext context;
    private final OpenConnections connections;

    TextStream(ChannelHandlerContext context, OpenConnections connections) {
        this.context = context;
        this.connections = connections;
    }

    /** Whether the client keeps up: little of what was written waits to be sent. */
    public boolean isWritable() {
        return context.channel().isWritable();
    }

    public void write(String text) {
        connections.touch(context.channel());
        var content = new DefaultHttpContent(Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8)));
        context.writeAndFlush(content).addListener(sent -> {
            if (!sent.isSuccess()) {
                close();
            }
        });
    }

    /** Runs work whenever the client keeps up again. */
    public void onWritable(Runnable work) {
        context.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelWritabilityChanged(ChannelHandlerContext changed) {
                if (isWritable()) {
                    work.run();
                }
            }
        });
    }

    /** Runs work when the connection has ended. */
    public void onClose(Runnable work) {
        context.channel().closeFuture().addListener(_ -> work.run());
    }

    /** Runs work again and again until the connection has ended. */
    public void every(Duration period, Runnable work) {
        Future<?> timer = context.executor()
                .scheduleAtFixedRate(work, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
        onClose(() -> timer.cancel(false));
    }

    /** Runs work soon on the event loop. Any thread. */
    public void execute(Runnable work) {
        try {
            context.executor().execute(work);
        } catch (RejectedExecutionException _) {
            // The endpoint was closed.
        }
    }

    /** Ends the connection. */
    public void close() {
        Future<?> _ = context.close();
    }
}
