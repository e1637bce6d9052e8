package io.lvsd.snmp.agentx;

import io.lvsd.conf.model.SnmpConfig.Socket;
import io.lvsd.conf.source.IpAddresses;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;

/** Connections to a master agent, over the sockets of the JDK. */
final class AgentxChannels {
    /** Bytes of what the master has not read, above which nothing is sent, and below which sending continues. */
    private static final WriteBufferWaterMark UNREAD = new WriteBufferWaterMark(32 * 1024, 128 * 1024);

    private AgentxChannels() {}

    /** A channel that is not connected yet. */
    static Bootstrap bootstrap(EventLoop loop, Socket socket, Duration timeout) {
        return new Bootstrap()
                .group(loop)
                .channelFactory(() -> switch (socket) {
                    case Socket.Unix _ -> new NioDomainSocketChannel();
                    case Socket.Tcp _ -> new NioSocketChannel();
                })
                .remoteAddress(address(socket))
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout.toMillis())
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, UNREAD);
    }

    private static SocketAddress address(Socket socket) {
        return switch (socket) {
            case Socket.Unix(var path) -> UnixDomainSocketAddress.of(path);
            case Socket.Tcp(var address, int port) -> new InetSocketAddress(address, port);
        };
    }

    /** As snmpd.conf has it: {@code unix:/var/agentx/master}, {@code tcp:127.0.0.1:705}. */
    static String text(Socket socket) {
        return switch (socket) {
            case Socket.Unix(var path) -> "unix:" + path;
            case Socket.Tcp(var address, int port) -> "tcp:" + IpAddresses.text(address, port);
        };
    }

    /** Sends a PDU. A failure closes the channel. */
    static void write(Channel channel, AgentxPdu pdu) {
        var _ = channel.writeAndFlush(Unpooled.wrappedBuffer(AgentxCodec.encode(pdu)))
                .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }
}
