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

/** The options of a probe's socket: mark, interface and source address. */
final class SocketOptions {
    private static final int SOL_SOCKET = 1;
    private static final int SO_BINDTODEVICE = 25;
    private static final int SO_MARK = 36;
    private static final int IFNAMSIZ = 16;
    private static final ChannelOption<Integer> MARK = new IntegerUnixChannelOption("SO_MARK", SOL_SOCKET, SO_MARK);
    private static final RawUnixChannelOption DEVICE =
            new RawUnixChannelOption("SO_BINDTODEVICE", SOL_SOCKET, SO_BINDTODEVICE, IFNAMSIZ);

    private SocketOptions() {}

    static void set(Bootstrap bootstrap, ProbeAddress target) {
        bootstrap.option(ChannelOption.SO_REUSEADDR, true);
        if (target.mark() != 0) {
            bootstrap.option(MARK, (int) target.mark());
        }
        if (!target.bindInterface().isEmpty()) {
            bootstrap.option(DEVICE, interfaceName(target.bindInterface()));
        }
        if (isBound(target)) {
            bootstrap.localAddress(local(target));
        }
    }

    /** Whether any option is configured. */
    static boolean isAny(ProbeAddress target) {
        return target.mark() != 0 || !target.bindInterface().isEmpty() || isBound(target);
    }

    static void set(Socket socket, ProbeAddress target) throws IOException {
        if (target.mark() != 0) {
            socket.setIntOpt(SOL_SOCKET, SO_MARK, (int) target.mark());
        }
        if (!target.bindInterface().isEmpty()) {
            socket.setRawOpt(SOL_SOCKET, SO_BINDTODEVICE, interfaceName(target.bindInterface()));
        }
    }

    /** Binds a socket if a source address or port is configured. */
    static void bind(Socket socket, ProbeAddress target) throws IOException {
        if (isBound(target)) {
            socket.setReuseAddress(true);
            socket.bind(local(target));
        }
    }

    private static boolean isBound(ProbeAddress target) {
        return target.bindAddress().isPresent() || target.bindPort() != 0;
    }

    private static InetSocketAddress local(ProbeAddress target) {
        return target.bindAddress()
                .map(a -> new InetSocketAddress(a, target.bindPort()))
                .orElseGet(() -> new InetSocketAddress(target.bindPort()));
    }

    private static ByteBuffer interfaceName(String name) {
        ByteBuffer direct = ByteBuffer.allocateDirect(IFNAMSIZ);
        direct.put(Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), IFNAMSIZ))
                .flip();
        return direct;
    }
}
