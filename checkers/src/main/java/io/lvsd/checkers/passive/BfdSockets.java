package io.lvsd.checkers.passive;

import io.lvsd.conf.source.IoReason;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.BfdInstance;
import io.lvsd.ipvs.ffm.Errno;
import io.lvsd.ipvs.ffm.Libc;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.LinuxSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/** The UDP sockets of BFD, RFC 5881. */
final class BfdSockets {
    static final int PORT = 3784;
    /** Bytes of a received packet that are read. */
    static final int MAX_PACKET = 512;

    private static final int FIRST_SOURCE_PORT = 49_152;
    private static final int SOURCE_PORTS = 65_536 - FIRST_SOURCE_PORT;
    private static final int SOURCE_PORT_ATTEMPTS = 20;
    private static final int TTL = 255;
    private static final int IPPROTO_IP = 0;
    private static final int IP_TTL = 2;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_UNICAST_HOPS = 16;
    private static final int IPV6_V6ONLY = 26;
    /** {@code BPF_LD | BPF_B | BPF_ABS}, {@code BPF_JMP | BPF_JEQ | BPF_K}, {@code BPF_RET | BPF_K}; linux/bpf_common.h. */
    private static final long LOAD_BYTE = 0x30L << 48;

    private static final long IF_EQUAL = 0x15L << 48;
    private static final long RETURN = 0x06L << 48;
    /** {@code SKF_NET_OFF}, linux/filter.h: offsets from here on count from the IP header. */
    private static final long NETWORK_HEADER = 0xfff0_0000L;

    private static final int TTL_V4 = 8;
    private static final int HOP_LIMIT_V6 = 7;

    private BfdSockets() {}

    /** A socket that sends with the TTL that BFD requires, from a random port. */
    static LinuxSocket sender(BfdInstance instance, SecureRandom random) throws IOException {
        boolean v4 = IpAddresses.isIpv4(instance.neighbour());
        IOException failure = new IOException("no port is free");
        for (int attempt = 0; attempt < SOURCE_PORT_ATTEMPTS; attempt++) {
            LinuxSocket socket = socket(v4);
            try {
                socket.setIntOpt(v4 ? IPPROTO_IP : IPPROTO_IPV6, v4 ? IP_TTL : IPV6_UNICAST_HOPS, TTL);
                int port = FIRST_SOURCE_PORT + random.nextInt(SOURCE_PORTS);
                socket.bind(new InetSocketAddress(instance.source().orElse(any(v4)), port));
                return socket;
            } catch (IOException e) {
                failure = e;
                close(socket);
            }
        }
        throw failure;
    }

    /**
     * A socket that receives only packets with the TTL that BFD requires. Without SO_REUSEADDR: two programs that share the
     * port would receive each other's packets.
     */
    static LinuxSocket receiver(boolean v4) throws IOException {
        LinuxSocket socket = socket(v4);
        try {
            if (!v4) {
                socket.setIntOpt(IPPROTO_IPV6, IPV6_V6ONLY, 1);
            }
            int filtered = Libc.attachFilter(
                    socket.intValue(),
                    LOAD_BYTE | NETWORK_HEADER + (v4 ? TTL_V4 : HOP_LIMIT_V6),
                    IF_EQUAL | 1L << 32 | TTL,
                    RETURN | MAX_PACKET,
                    RETURN);
            if (filtered < 0) {
                throw new IOException("SO_ATTACH_FILTER: " + Errno.describe(-filtered));
            }
            socket.bind(new InetSocketAddress(any(v4), PORT));
            return socket;
        } catch (IOException e) {
            close(socket);
            throw e;
        }
    }

    private static InetAddress any(boolean v4) {
        return IpAddresses.ofBytes(new byte[v4 ? 4 : 16]);
    }

    private static LinuxSocket socket(boolean v4) throws IOException {
        try {
            return LinuxSocket.newSocketDgram(!v4);
        } catch (ChannelException e) {
            throw new IOException(IoReason.of(e), e);
        }
    }

    static void close(@Nullable LinuxSocket socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException _) {
            // A descriptor that cannot be closed needs no further action.
        }
    }
}
