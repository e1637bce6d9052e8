package io.lvsd.sorryserver;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * Connects the channel of a client to a new one to a target; each side is read only as fast as the other can write. A target that
 * refuses the connection is followed by the next one.
 */
final class Relay extends ChannelInboundHandlerAdapter {
    private static final int CONNECT_TIMEOUT_MILLIS = 3_000;

    private final Queue<InetSocketAddress> targets;

    // owned by the channel's event loop
    private final Queue<Object> early = new ArrayDeque<>();
    private boolean inputEnded;

    /** @param targets in the order in which they are tried, one or more */
    Relay(List<InetSocketAddress> targets) {
        this.targets = new ArrayDeque<>(targets);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        connect(context.channel());
        context.fireChannelActive();
    }

    private void connect(Channel client) {
        InetSocketAddress target = targets.remove();
        new Bootstrap()
                .group(client.eventLoop())
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .handler(new Pipe(client))
                .connect(target)
                .addListener((ChannelFutureListener) connected -> {
                    if (!connected.isSuccess() && client.isActive() && !targets.isEmpty()) {
                        connect(client);
                        return;
                    }
                    if (!connected.isSuccess() || !client.isActive()) {
                        close(client);
                        close(connected.channel());
                        return;
                    }
                    client.pipeline().replace(this, "pipe", new Pipe(connected.channel()));
                    passOn(client, connected.channel());
                    connected.channel().read();
                });
    }

    /** What the client sent before there was a connection to a target. */
    private void passOn(Channel client, Channel target) {
        while (!early.isEmpty()) {
            Future<?> _ = target.write(early.remove());
        }
        target.flush();
        if (inputEnded) {
            Pipe.end(target);
        } else {
            client.read();
        }
    }

    /** The kernel reports the end of the input, and Netty reads what is before it, also without a request to read. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object data) {
        early.add(data);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        inputEnded |= event instanceof ChannelInputShutdownEvent;
        context.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        early.forEach(ReferenceCountUtil::release);
        early.clear();
        context.fireChannelInactive();
    }

    private static void close(Channel channel) {
        Future<?> _ = channel.close();
    }

    /** Writes received bytes to the other channel, and reads more when they are written. */
    private static final class Pipe extends ChannelInboundHandlerAdapter {
        private final Channel other;

        Pipe(Channel other) {
            this.other = other;
        }

        /** Ends the output after what is still to be written. */
        static void end(Channel channel) {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> {
                if (channel instanceof DuplexChannel duplex) {
                    Future<?> _ = duplex.shutdownOutput();
                }
            });
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object data) {
            other.writeAndFlush(data).addListener((ChannelFutureListener) written -> {
                if (written.isSuccess()) {
                    context.channel().read();
                } else {
                    close(context.channel());
                }
            });
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                end(other);
            }
            context.fireUserEventTriggered(event);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            close(other);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            close(context.channel());
            close(other);
        }
    }
}
