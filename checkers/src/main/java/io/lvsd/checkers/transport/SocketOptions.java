package io.lvsd.checkers.transport;

import io.lvsd.conf.value.ProbeAddress;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What a probe's socket is told before it connects: mark, interface, own address. */
final class SocketOptions {
    private static final int SOL_SOCKET = 1;
    private static final int SO_BINDTODEVICE = 25;
    private static final int SO_MARK = 36;
    private static final int IFNAMSIZ = 16;
    private static final ChannelOption<Integer> MARK = new IntegerUnixChannelOption("SO_MARK", SOL_SOCKET, SO_MARK);
    private static final RawUnixChannelOption DEVICE =
            new RawUnixChannelOption("SO_BINDTODEVICE", SOL_SOCKET, SO_BINDTODEVICE, IFNAMSIZ);

    private SocketOptions() {}

    static void set(Bootstrap bootstrap, ProbeAddress where) {
        bootstrap.option(ChannelOption.SO_REUSEADDR, true);
        if (where.mark() != 0) {
            bootstrap.option(MARK, (int) where.mark());
        }
        if (!where.bindInterface().isEmpty()) {
            bootstrap.option(DEVICE, interfaceName(where.bindInterface()));
        }
        if (isBound(where)) {
            bootstrap.localAddress(local(where));
        }
    }

    /** Whether there is anything to set. */
    static boolean isAny(ProbeAddress where) {
        return where.mark() != 0 || !where.bindInterface().isEmpty() || isBound(where);
    }

    static void set(Socket socket, ProbeAddress where) throws IOException {
        if (where.mark() != 0) {
            socket.setIntOpt(SOL_SOCKET, SO_MARK, (int) where.mark());
        }
        if (!where.bindInterface().isEmpty()) {
            socket.setRawOpt(SOL_SOCKET, SO_BINDTODEVICE, interfaceName(where.bindInterface()));
        }
    }

    /** Binds a TCP socket, if it is to be bound. */
    static void bind(Socket socket, ProbeAddress where) throws IOException {
        if (isBound(where)) {
            socket.setReuseAddress(true);
            socket.bind(local(where));
        }
    }

    private static boolean isBound(ProbeAddress where) {
        return where.bindAddress().isPresent() || where.bindPort() != 0;
    }

    private static InetSocketAddress local(ProbeAddress where) {
        return where.bindAddress()
                .map(a -> new InetSocketAddress(a, where.bindPort()))
                .orElseGet(() -> new InetSocketAddress(where.bindPort()));
    }

    private static ByteBuffer interfaceName(String name) {
        ByteBuffer direct = ByteBuffer.allocateDirect(IFNAMSIZ);
        direct.put(Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), IFNAMSIZ))
                .flip();
        return direct;
    }
}
