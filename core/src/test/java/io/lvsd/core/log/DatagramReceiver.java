package io.lvsd.core.log;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A datagram socket of the address family AF_UNIX, as those of syslog and of systemd's journal. */
final class DatagramReceiver implements AutoCloseable {
    private static final int LARGEST = 1 << 20;

    private final Path path;
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
    private final Channel channel;

    DatagramReceiver(Path path) {
        this.path = path;
        this.channel = new Bootstrap()
                .group(group)
                .channel(EpollDomainDatagramChannel.class)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(LARGEST))
                .handler(new SimpleChannelInboundHandler<DomainDatagramPacket>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext context, DomainDatagramPacket packet) {
                        byte[] bytes = new byte[packet.content().readableBytes()];
                        packet.content().readBytes(bytes);
                        received.add(bytes);
                    }
                })
                .bind(new DomainSocketAddress(path.toString()))
                .syncUninterruptibly()
                .channel();
    }

    /** Stops reading: the queue of the socket fills up. */
    void pause() {
        channel.config().setAutoRead(false);
    }

    byte[] next() throws InterruptedException {
        byte[] datagram = received.poll(10, TimeUnit.SECONDS);
        if (datagram == null) {
            throw new AssertionError("no datagram arrived");
        }
        return datagram;
    }

    String nextText() throws InterruptedException {
        return new String(next(), StandardCharsets.UTF_8);
    }

    /** The fields of a datagram in the native protocol of the journal. */
    static Map<String, String> fields(byte[] datagram) {
        Map<String, String> fields = new LinkedHashMap<>();
        ByteBuffer in = ByteBuffer.wrap(datagram).order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            StringBuilder name = new StringBuilder();
            char c = (char) in.get();
            while (c != '=' && c != '\n') {
                name.append(c);
                c = (char) in.get();
            }
            int length = c == '\n' ? Math.toIntExact(in.getLong()) : lineLength(in);
            byte[] value = new byte[length];
            in.get(value);
            if (in.get() != '\n') {
                throw new AssertionError("no line end after " + name);
            }
            if (fields.put(name.toString(), new String(value, StandardCharsets.UTF_8)) != null) {
                throw new AssertionError("two fields " + name);
            }
        }
        return fields;
    }

    private static int lineLength(ByteBuffer in) {
        int end = in.position();
        while (in.get(end) != '\n') {
            end++;
        }
        return end - in.position();
    }

    @Override
    public void close() throws IOException {
        channel.close().syncUninterruptibly();
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
        Files.deleteIfExists(path);
    }
}
