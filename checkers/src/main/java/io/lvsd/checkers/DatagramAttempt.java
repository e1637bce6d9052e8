package io.lvsd.checkers;

import io.lvsd.checkers.ProbeOutcome.Passed;
import io.lvsd.checkers.ProbeOutcome.Reason;
import io.lvsd.conf.Names;
import io.lvsd.conf.model.ProbeAddress;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Carries an exchange over datagrams, on a socket of its own that is connected, so that the network's refusals arrive. */
final class DatagramAttempt extends Attempt {
    private static final int MOST = 65_535;

    private final ProbeAddress where;
    private final Exchange exchange;
    private final boolean silenceIsGood;
    private @Nullable Channel channel;

    DatagramAttempt(
            ProbeLoop loop, ProbeAddress where, Exchange exchange, boolean silenceIsGood, Consumer<ProbeReport> done) {
        super(loop, where.deadline(), done);
        this.where = where;
        this.exchange = exchange;
        this.silenceIsGood = silenceIsGood;
    }

    @Override
    void begin() {
        connected();
        SocketProtocolFamily family =
                Names.isIpv4(where.address()) ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
        Bootstrap bootstrap = new Bootstrap()
                .group(loop.io)
                .channelFactory(() -> new EpollDatagramChannel(family))
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MOST))
                .handler(new Reader());
        SocketOptions.set(bootstrap, where);
        var connecting = bootstrap.connect(new InetSocketAddress(where.address(), where.port()));
        channel = connecting.channel();
        connecting.addListener((ChannelFutureListener) future -> {
            if (future.isSuccess()) {
                send(future.channel(), exchange.opening());
            } else {
                tell(ConnectFailure.judge(future.cause()));
            }
        });
    }

    private void send(Channel open, byte[] bytes) {
        open.writeAndFlush(Unpooled.wrappedBuffer(bytes)).addListener(sent -> {
            if (!sent.isSuccess()) {
                tell(ConnectFailure.judge(sent.cause()));
            }
        });
    }

    @Override
    ProbeOutcome atDeadline(Reason reason) {
        return silenceIsGood ? Passed.plain() : super.atDeadline(reason);
    }

    @Override
    void release() {
        Channel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }

    private final class Reader extends SimpleChannelInboundHandler<Object> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, Object message) {
            if (hasHeardAll()) {
                return;
            }
            ByteBuf data = message instanceof DatagramPacket packet
                    ? packet.content()
                    : message instanceof ByteBuf buffer ? buffer : Unpooled.EMPTY_BUFFER;
            byte[] bytes = new byte[data.readableBytes()];
            data.readBytes(bytes);
            switch (exchange.received(bytes)) {
                case Exchange.Move.Wait() -> {}
                case Exchange.Move.Send(byte[] next) -> send(context.channel(), next);
                case Exchange.Move.End(var outcome, var _) -> tell(outcome);
                case Exchange.Move.Later(var judgement) -> judgeElsewhere(judgement);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            tell(ConnectFailure.judge(cause));
        }
    }
}
