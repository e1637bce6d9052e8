package io.lvsd.sorryserver;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.net.InetSocketAddress;

/** Connects a client's channel with a new one to the target; each side is read only as fast as the other can write. */
final class Relay extends ChannelInboundHandlerAdapter {
    private static final int CONNECT_TIMEOUT_MILLIS = 3_000;

    private final InetSocketAddress target;

    Relay(InetSocketAddress target) {
        this.target = target;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        Channel client = context.channel();
        new Bootstrap()
                .group(client.eventLoop())
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .handler(new Pipe(client))
                .connect(target)
                .addListener((ChannelFutureListener) connected -> {
                    if (!connected.isSuccess() || !client.isActive()) {
                        client.close();
                        connected.channel().close();
                        return;
                    }
                    client.pipeline().replace(this, "pipe", new Pipe(connected.channel()));
                    client.read();
                    connected.channel().read();
                });
    }

    /** Hands on what arrives, and asks for more once it is written. */
    private static final class Pipe extends ChannelInboundHandlerAdapter {
        private final Channel other;

        Pipe(Channel other) {
            this.other = other;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object data) {
            other.writeAndFlush(data).addListener((ChannelFutureListener) written -> {
                if (written.isSuccess()) {
                    context.channel().read();
                } else {
                    context.close();
                }
            });
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof ChannelInputShutdownEvent && other instanceof DuplexChannel duplex) {
                duplex.shutdownOutput();
            }
            context.fireUserEventTriggered(event);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            other.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
            other.close();
        }
    }
}
