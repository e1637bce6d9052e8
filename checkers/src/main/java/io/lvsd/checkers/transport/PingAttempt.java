package io.lvsd.checkers.transport;

import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult.Inconclusive;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.ipvs.ffm.Errno;
import io.lvsd.ipvs.ffm.Libc;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An ICMP echo request, RFC 792 and 4443. Where the kernel lets this process have ICMP sockets (ping_group_range) it uses
 * one, else a raw socket, which needs CAP_NET_RAW; no setting of the host is changed.
 */
public final class PingAttempt extends SocketAttempt {
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    /** {@code SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC}, {@code SOCK_RAW | …}. */
    private static final int FLAGS = 0x800 | 0x80000;

    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_RAW = 3;
    private static final int IPPROTO_ICMP = 1;
    private static final int IPPROTO_ICMPV6 = 58;
    private static final int ECHO = 8;
    private static final int ECHO_REPLY = 0;
    private static final int ECHO_V6 = 128;
    private static final int ECHO_REPLY_V6 = 129;
    private static final int PAYLOAD = 128;
    private static final int HEADER = 8;

    private final ProbeAddress where;
    private final boolean v4;
    private final int id = ThreadLocalRandom.current().nextInt(1 << 16);
    private final int sequence = ThreadLocalRandom.current().nextInt(1 << 16);
    private boolean raw;
    private @Nullable Socket socket;

    public PingAttempt(ProbeLoop loop, ProbeAddress where, Consumer<ProbeReport> done) {
        super(loop, where.deadline(), where.total(), done);
        this.where = where;
        this.v4 = IpAddresses.isIpv4(where.address());
    }

    @Override
    void begin() {
        connected();
        int fd = open(SOCK_DGRAM);
        if (fd == -Errno.EACCES.number() || fd == -Errno.EPERM.number()) {
            raw = true;
            fd = open(SOCK_RAW);
        }
        if (fd < 0) {
            String remedy = fd == -Errno.EPERM.number() || fd == -Errno.EACCES.number()
                    ? ": allow it by net.ipv4.ping_group_range or CAP_NET_RAW"
                    : "";
            tell(new Inconclusive("no ICMP socket, " + Errno.describe(-fd) + remedy));
            return;
        }
        Socket made = new Socket(fd);
        own(made);
        socket = made;
        try {
            SocketOptions.set(made, where);
            if (where.bindAddress().isPresent()) {
                made.bind(new InetSocketAddress(where.bindAddress().get(), 0));
            }
            made.connect(new InetSocketAddress(where.address(), 0));
            await(EpollIoOps.EPOLLIN);
            ByteBuffer request = request();
            made.write(request, 0, request.limit());
        } catch (IOException | RuntimeException e) {
            tell(ConnectFailure.judge(e));
        }
    }

    private int open(int type) {
        return Libc.socket(v4 ? AF_INET : AF_INET6, type | FLAGS, v4 ? IPPROTO_ICMP : IPPROTO_ICMPV6);
    }

    /** The kernel fills in the identifier on ICMP sockets, and the checksum but on raw ones of IPv4. */
    private ByteBuffer request() {
        ByteBuffer packet = loop.scratch()
                .limit(HEADER + PAYLOAD)
                .put((byte) (v4 ? ECHO : ECHO_V6))
                .put((byte) 0)
                .putShort((short) 0)
                .putShort((short) id)
                .putShort((short) sequence);
        while (packet.hasRemaining()) {
            packet.put((byte) packet.position());
        }
        packet.flip();
        if (raw && v4) {
            packet.putShort(2, (short) checksum(packet));
        }
        return packet;
    }

    private static int checksum(ByteBuffer packet) {
        int sum = 0;
        for (int i = 0; i < packet.limit(); i += 2) {
            sum += packet.getShort(i) & 0xffff;
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        return ~(sum + (sum >>> 16)) & 0xffff;
    }

    @Override
    public void handle(IoRegistration from, IoEvent event) {
        ByteBuffer packet = loop.scratch();
        Socket open = socket;
        try {
            while (open != null && !isOver()) {
                packet.clear();
                int n = open.recv(packet, 0, packet.capacity());
                if (n <= 0) {
                    return;
                }
                judge(packet, n);
            }
        } catch (IOException e) {
            tell(ConnectFailure.judge(e));
        }
    }

    private void judge(ByteBuffer packet, int length) {
        int at = raw && v4 && length > 0 ? (packet.get(0) & 0x0f) * 4 : 0;
        if (length < at + HEADER) {
            return;
        }
        int type = packet.get(at) & 0xff;
        boolean ours = !raw || (packet.getShort(at + 4) & 0xffff) == id;
        boolean answer = type == (v4 ? ECHO_REPLY : ECHO_REPLY_V6);
        if (ours && answer && (packet.getShort(at + 6) & 0xffff) == sequence) {
            pass();
        }
    }
}
