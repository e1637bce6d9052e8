package io.lvsd.checkers.transport;

import io.lvsd.checkers.probe.ProbeResult.Inconclusive;
import io.lvsd.checkers.probe.ProbeResult.Passed;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.ipvs.ffm.Errno;
import io.lvsd.ipvs.ffm.Libc;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * An ICMP echo request, RFC 792 and 4443. Uses an ICMP socket if the kernel allows it to this process
 * (ping_group_range), else a raw socket, which needs CAP_NET_RAW. Changes no setting of the host.
 */
final class PingConnection implements Connection, SocketHandle.Listener {
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

    private final Attempt attempt;
    private final ProbeAddress target;
    private final boolean v4;
    private final int id = ThreadLocalRandom.current().nextInt(1 << 16);
    private final int sequence = ThreadLocalRandom.current().nextInt(1 << 16);
    private boolean raw;
    private @Nullable Socket socket;
    private @Nullable SocketHandle handle;

    PingConnection(Attempt attempt, ProbeAddress target) {
        this.attempt = attempt;
        this.target = target;
        this.v4 = IpAddresses.isIpv4(target.address());
    }

    @Override
    public void open() {
        attempt.connected();
        int fd = create(SOCK_DGRAM);
        if (fd == -Errno.EACCES.number() || fd == -Errno.EPERM.number()) {
            raw = true;
            fd = create(SOCK_RAW);
        }
        if (fd < 0) {
            String remedy = fd == -Errno.EPERM.number() || fd == -Errno.EACCES.number()
                    ? ": allow it with net.ipv4.ping_group_range or CAP_NET_RAW"
                    : "";
            attempt.complete(new Inconclusive("cannot create an ICMP socket: " + Errno.describe(-fd) + remedy));
            return;
        }
        Socket created = new Socket(fd);
        SocketHandle registered = new SocketHandle(attempt.loop().io(), created, this);
        socket = created;
        handle = registered;
        try {
            SocketOptions.set(created, target);
            if (target.bindAddress().isPresent()) {
                created.bind(new InetSocketAddress(target.bindAddress().get(), 0));
            }
            created.connect(new InetSocketAddress(target.address(), 0));
            registered.await(EpollIoOps.EPOLLIN);
            ByteBuffer request = request();
            created.write(request, 0, request.limit());
        } catch (IOException | RuntimeException e) {
            attempt.complete(ConnectFailure.result(e));
        }
    }

    private int create(int type) {
        return Libc.socket(v4 ? AF_INET : AF_INET6, type | FLAGS, v4 ? IPPROTO_ICMP : IPPROTO_ICMPV6);
    }

    /** The kernel sets the identifier on ICMP sockets, and the checksum on all sockets except raw ones of IPv4. */
    private ByteBuffer request() {
        ByteBuffer packet = attempt.loop()
                .packet()
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
    public void ready(EpollIoOps events) {
        ByteBuffer packet = attempt.loop().packet();
        Socket open = socket;
        try {
            while (open != null && !attempt.isCompleted()) {
                packet.clear();
                int n = open.recv(packet, 0, packet.capacity());
                if (n <= 0) {
                    return;
                }
                evaluate(packet, n);
            }
        } catch (IOException e) {
            attempt.complete(ConnectFailure.result(e));
        }
    }

    private void evaluate(ByteBuffer packet, int length) {
        int at = raw && v4 && length > 0 ? (packet.get(0) & 0x0f) * 4 : 0;
        if (length < at + HEADER) {
            return;
        }
        int type = packet.get(at) & 0xff;
        boolean ours = !raw || (packet.getShort(at + 4) & 0xffff) == id;
        boolean reply = type == (v4 ? ECHO_REPLY : ECHO_REPLY_V6);
        if (ours && reply && (packet.getShort(at + 6) & 0xffff) == sequence) {
            attempt.complete(Passed.plain());
        }
    }

    @Override
    public void send(byte[] bytes) {
        throw new AssertionError("one request, one reply");
    }

    @Override
    public void pauseReading() {
        throw new AssertionError("a reply is evaluated at once");
    }

    @Override
    public void resumeReading() {
        throw new AssertionError("reading is never paused");
    }

    @Override
    public void close() {
        if (handle != null) {
            handle.close();
        }
    }
}
