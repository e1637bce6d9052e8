package io.lvsd.checkers.passive;

import io.lvsd.conf.source.IoReason;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.BfdInstance;
import io.lvsd.ipvs.ffm.Errno;
import io.lvsd.ipvs.ffm.Libc;
import io.netty.channel.ChannelException;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks BFD with neighbours one hop away, RFC 5881: port 3784, sent with a TTL or hop limit of 255 and taken with nothing
 * else, which a socket filter sees to. One event loop owns all sessions. While another program has the port, or there is no
 * socket to send from, nothing is said about a session: that is no evidence against a neighbour.
 */
final class BfdSpeaker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BfdSpeaker.class);
    static final int PORT = 3784;
    private static final int FIRST_SOURCE_PORT = 49_152;
    private static final int SOURCE_PORTS = 65_536 - FIRST_SOURCE_PORT;
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
    private static final int MOST = 512;
    /** Who sends without end does not keep the sessions from sending in time. */
    private static final int READS_A_TURN = 64;

    private static final long RETRY_SECONDS = 5;
    private static final long LATE_NANOS = 100_000_000L;

    /** A session, where its packets leave from, and who wants to know. */
    private static final class Talk {
        private final BfdSession session;
        private final Map<Object, BiConsumer<Boolean, String>> listeners = new LinkedHashMap<>();
        private @Nullable LinuxSocket out;
        private @Nullable Future<?> timer;
        private boolean wasUp;
        private boolean judged;
        /** Since it went down; empty while it is up, and if there is no excuse. By {@link System#nanoTime}. */
        private OptionalLong excusedUntil = OptionalLong.empty();
        /** When this process came too late to send in time, last, by {@link System#nanoTime}. */
        private OptionalLong lateAt = OptionalLong.empty();

        Talk(BfdSession session) {
            this.session = session;
        }
    }

    private final MultiThreadIoEventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("bfd", true), EpollIoHandler.newFactory());
    private final IoEventLoop loop = group.next();
    private final SecureRandom random = new SecureRandom();
    private final LongPredicate pausedSince;

    // owned by the loop
    private final Map<BfdInstance, Talk> talks = new HashMap<>();
    private final Map<Boolean, Receiver> receivers = new HashMap<>();
    private final Set<Boolean> withoutPort = new HashSet<>();
    private final ByteBuffer outgoing = ByteBuffer.allocateDirect(BfdSession.LENGTH);

    /** @param pausedSince whether this process stood still since a time of {@link System#nanoTime} */
    BfdSpeaker(LongPredicate pausedSince) {
        this.pausedSince = pausedSince;
        // Its thread is created now, not by the first session, when the host may have none left.
        loop.submit(() -> {}).syncUninterruptibly();
    }

    /** Tells a listener whether the session is up, and if not why: once that is known, and at each change. Any thread. */
    void listen(Object who, BfdInstance instance, BiConsumer<Boolean, String> listener) {
        loop.execute(() -> {
            receive(IpAddresses.isIpv4(instance.neighbour()));
            Talk talk = talks.computeIfAbsent(instance, this::begin);
            talk.listeners.put(who, listener);
            if (talk.judged) {
                listener.accept(talk.wasUp, talk.session.why());
            }
        });
    }

    /** Ends a session that nobody listens to any more. Any thread. */
    void forget(Object who) {
        loop.execute(() -> {
            talks.values().forEach(t -> t.listeners.remove(who));
            talks.values().removeIf(t -> {
                if (t.listeners.isEmpty()) {
                    end(t);
                }
                return t.listeners.isEmpty();
            });
        });
    }

    private static void end(Talk talk) {
        if (talk.timer != null) {
            talk.timer.cancel(false);
        }
        close(talk.out);
        talk.out = null;
    }

    private static void close(@Nullable LinuxSocket socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException _) {
            // Nothing can be done about a descriptor that does not close.
        }
    }

    private Talk begin(BfdInstance instance) {
        long now = System.nanoTime();
        Talk talk = new Talk(new BfdSession(instance, random.nextInt(1, Integer.MAX_VALUE), random, now));
        speak(talk, false);
        return talk;
    }

    /** @param again whether there was no socket before, which is known */
    private void speak(Talk talk, boolean again) {
        String name = talk.session.config().name();
        try {
            talk.out = sender(talk.session.config());
        } catch (IOException e) {
            if (!again) {
                LOG.warn("event=bfd.failed instance={} reason=\"no socket to send from: {}\"", name, IoReason.of(e));
            }
            talk.timer = loop.schedule(() -> speak(talk, true), RETRY_SECONDS, TimeUnit.SECONDS);
            return;
        }
        if (again) {
            LOG.info("event=bfd.recovered instance={}", name);
        }
        judgeInTime(talk);
        tick(talk);
    }

    private void judgeInTime(Talk talk) {
        loop.schedule(() -> judge(talk, true), graceMillis(talk), TimeUnit.MILLISECONDS);
    }

    /** A neighbour that is there is up within three of its slow packets. */
    private static long graceMillis(Talk talk) {
        return 4 * Math.max(1_000, talk.session.config().idleSend().toMillis());
    }

    private LinuxSocket sender(BfdInstance instance) throws IOException {
        boolean v4 = IpAddresses.isIpv4(instance.neighbour());
        IOException trouble = new IOException("no port is free");
        for (int attempt = 0; attempt < 20; attempt++) {
            LinuxSocket made = socket(v4);
            try {
                made.setIntOpt(v4 ? IPPROTO_IP : IPPROTO_IPV6, v4 ? IP_TTL : IPV6_UNICAST_HOPS, TTL);
                int port = FIRST_SOURCE_PORT + random.nextInt(SOURCE_PORTS);
                InetAddress any = IpAddresses.ofBytes(new byte[v4 ? 4 : 16]);
                made.bind(new InetSocketAddress(instance.source().orElse(any), port));
                return made;
            } catch (IOException e) {
                trouble = e;
                close(made);
            }
        }
        throw trouble;
    }

    private static LinuxSocket socket(boolean v4) throws IOException {
        try {
            return LinuxSocket.newSocketDgram(!v4);
        } catch (ChannelException e) {
            throw new IOException(IoReason.of(e), e);
        }
    }

    private void tick(Talk talk) {
        talk.timer = null;
        long now = System.nanoTime();
        noteLateness(talk, now);
        talk.session.tick(now).ifPresent(bytes -> send(talk, bytes));
        judge(talk, false);
        if (talk.out != null) {
            long wait = Math.max(0, talk.session.due() - System.nanoTime());
            talk.timer = loop.schedule(() -> tick(talk), wait, TimeUnit.NANOSECONDS);
        }
    }

    /** A neighbour may have given up on one that does not send. */
    private static void noteLateness(Talk talk, long now) {
        if (now - talk.session.due() > LATE_NANOS) {
            talk.lateAt = OptionalLong.of(now);
        }
    }

    private void send(Talk talk, byte[] bytes) {
        LinuxSocket out = talk.out;
        if (out == null) {
            return;
        }
        outgoing.clear().put(bytes);
        try {
            int _ = out.sendTo(outgoing, 0, bytes.length, talk.session.config().neighbour(), PORT);
        } catch (IOException e) {
            // An unreachable neighbour is what BFD is there to notice: by its silence.
            LOG.debug("bfd {}: {}", talk.session.config().name(), e.toString());
        }
    }

    /** @param late whether a session that is not up by now is to be told as down */
    private void judge(Talk talk, boolean late) {
        if (!receivers.containsKey(isIpv4(talk)) || talk.out == null) {
            return;
        }
        boolean up = talk.session.state() == BfdSession.State.UP;
        if (up) {
            talk.excusedUntil = OptionalLong.empty();
        }
        boolean news = talk.judged ? up != talk.wasUp : up || late;
        if (news && (up || !isExcused(talk))) {
            talk.judged = true;
            talk.wasUp = up;
            talk.listeners.values().forEach(l -> l.accept(up, talk.session.why()));
        }
    }

    /**
     * Whether a session is down because this process stood still, or ran late, so that its neighbour, too, heard nothing for
     * a while. Then it is judged once more when it had the time to come up; there is no second excuse.
     */
    private boolean isExcused(Talk talk) {
        long now = System.nanoTime();
        if (talk.excusedUntil.isPresent()) {
            return now - talk.excusedUntil.getAsLong() < 0;
        }
        long grace = TimeUnit.MILLISECONDS.toNanos(graceMillis(talk));
        long since = now - grace;
        boolean late = talk.judged && talk.lateAt.isPresent() && talk.lateAt.getAsLong() - since > 0;
        if (!late && !pausedSince.test(since)) {
            return false;
        }
        talk.excusedUntil = OptionalLong.of(now + grace);
        loop.schedule(() -> judge(talk, true), grace + grace / 4, TimeUnit.NANOSECONDS);
        return true;
    }

    private static boolean isIpv4(Talk talk) {
        return IpAddresses.isIpv4(talk.session.config().neighbour());
    }

    private void receive(boolean v4) {
        if (receivers.containsKey(v4) || withoutPort.contains(v4)) {
            return;
        }
        open(v4).ifPresent(reason -> {
            withoutPort.add(v4);
            LOG.warn(
                    "event=bfd.failed reason=\"UDP port {}: {}; if another BFD daemon has it, stop that, or use"
                            + " FILE_CHECK\"",
                    PORT,
                    reason);
            loop.schedule(() -> receiveAfterAll(v4), RETRY_SECONDS, TimeUnit.SECONDS);
        });
    }

    private void receiveAfterAll(boolean v4) {
        if (open(v4).isPresent()) {
            loop.schedule(() -> receiveAfterAll(v4), RETRY_SECONDS, TimeUnit.SECONDS);
            return;
        }
        withoutPort.remove(v4);
        LOG.info("event=bfd.recovered port={}", PORT);
        talks.values().stream().filter(t -> isIpv4(t) == v4).forEach(this::judgeInTime);
    }

    /** Why there is no receiver, if so. */
    private Optional<String> open(boolean v4) {
        try {
            Receiver receiver = new Receiver(v4);
            receivers.put(v4, receiver);
            IoRegistration registered = loop.register(receiver).getNow();
            if (registered != null) {
                registered.submit(EpollIoOps.EPOLLIN);
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(IoReason.of(e));
        }
    }

    private void received(byte[] bytes, InetAddress from) {
        long meant = BfdSession.meantFor(bytes);
        Optional<Talk> talk = talks.values().stream()
                .filter(t -> t.out != null && t.session.config().neighbour().equals(from))
                .filter(t -> meant == 0 || t.session.discriminator() == meant)
                .findFirst();
        if (meant < 0 || talk.isEmpty()) {
            return;
        }
        long now = System.nanoTime();
        noteLateness(talk.get(), now);
        talk.get().session.received(bytes, now).ifPresent(answer -> send(talk.get(), answer));
        if (talk.get().timer != null) {
            talk.get().timer.cancel(false);
        }
        tick(talk.get());
    }

    /** The socket on which control packets of one address family arrive. */
    private final class Receiver implements EpollIoHandle {
        private final LinuxSocket socket;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(MOST);

        Receiver(boolean v4) throws IOException {
            socket = BfdSpeaker.socket(v4);
            try {
                prepare(v4);
            } catch (IOException e) {
                close();
                throw e;
            }
        }

        /** Without SO_REUSEADDR: two that share the port would take each other's packets. */
        private void prepare(boolean v4) throws IOException {
            if (!v4) {
                socket.setIntOpt(IPPROTO_IPV6, IPV6_V6ONLY, 1);
            }
            int filtered = Libc.attachFilter(
                    socket.intValue(),
                    LOAD_BYTE | NETWORK_HEADER + (v4 ? TTL_V4 : HOP_LIMIT_V6),
                    IF_EQUAL | 1L << 32 | TTL,
                    RETURN | MOST,
                    RETURN);
            if (filtered < 0) {
                throw new IOException("SO_ATTACH_FILTER: " + Errno.describe(-filtered));
            }
            socket.bind(new InetSocketAddress(IpAddresses.ofBytes(new byte[v4 ? 4 : 16]), PORT));
        }

        @Override
        public FileDescriptor fd() {
            return socket;
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            try {
                for (int i = 0; i < READS_A_TURN; i++) {
                    buffer.clear();
                    var from = socket.recvFrom(buffer, 0, MOST);
                    if (from == null) {
                        return;
                    }
                    byte[] bytes = new byte[from.receivedAmount()];
                    buffer.get(0, bytes);
                    received(bytes, from.getAddress());
                }
            } catch (IOException e) {
                LOG.debug("bfd", e);
            }
        }

        @Override
        public void close() {
            BfdSpeaker.close(socket);
        }
    }

    /** Says good-bye to nobody: what neighbours notice is that no more packets come. */
    @Override
    public void close() {
        loop.execute(() -> {
            List.copyOf(talks.values()).forEach(BfdSpeaker::end);
            talks.clear();
            receivers.values().forEach(Receiver::close);
        });
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
