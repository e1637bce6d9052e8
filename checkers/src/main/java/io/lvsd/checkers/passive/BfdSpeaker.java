package io.lvsd.checkers.passive;

import io.lvsd.conf.source.IoReason;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.BfdInstance;
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
 * The BFD sessions with neighbours one hop away, RFC 5881: port 3784, TTL or hop limit 255. One event loop owns all sessions.
 * While another program uses the port, or no socket to send from can be created, no state of a session is reported: that is
 * no evidence against a neighbour.
 */
final class BfdSpeaker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BfdSpeaker.class);
    /** A neighbour that sends without end must not delay the packets of the sessions. */
    private static final int READS_AT_ONCE = 64;

    private static final long RETRY_SECONDS = 5;
    private static final long LATE_NANOS = 100_000_000L;

    /** A session with its socket and its listeners. */
    private static final class Peer {
        private final BfdSession session;
        private final Map<Object, BiConsumer<Boolean, String>> listeners = new LinkedHashMap<>();
        private @Nullable LinuxSocket out;
        private @Nullable Future<?> timer;
        private boolean wasUp;
        private boolean reported;
        /** A session that is down is not reported before that; empty: it is. By {@link System#nanoTime}. */
        private OptionalLong toleratedUntil = OptionalLong.empty();
        /** When this process last sent a packet late, by {@link System#nanoTime}. */
        private OptionalLong lateAt = OptionalLong.empty();

        Peer(BfdSession session) {
            this.session = session;
        }
    }

    private final MultiThreadIoEventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("bfd", true), EpollIoHandler.newFactory());
    private final IoEventLoop loop = group.next();
    private final SecureRandom random = new SecureRandom();
    private final LongPredicate pausedSince;

    // owned by the loop
    private final Map<BfdInstance, Peer> peers = new HashMap<>();
    private final Map<Boolean, Receiver> receivers = new HashMap<>();
    private final Set<Boolean> failedReceivers = new HashSet<>();
    private final ByteBuffer outgoing = ByteBuffer.allocateDirect(BfdSession.LENGTH);

    /** @param pausedSince whether this process was paused since a time of {@link System#nanoTime} */
    BfdSpeaker(LongPredicate pausedSince) {
        this.pausedSince = pausedSince;
        // The thread is created now, not by the first session, when the host may have none left.
        loop.submit(() -> {}).syncUninterruptibly();
    }

    /** Reports to a listener whether the session is up, and if not why: once that is known, and at each change. Any thread. */
    void listen(Object owner, BfdInstance instance, BiConsumer<Boolean, String> listener) {
        loop.execute(() -> {
            receive(IpAddresses.isIpv4(instance.neighbour()));
            Peer peer = peers.computeIfAbsent(instance, this::begin);
            peer.listeners.put(owner, listener);
            if (peer.reported) {
                listener.accept(peer.wasUp, peer.session.reason());
            }
        });
    }

    /** Removes the listeners of an owner, and sessions without a listener. Any thread. */
    void forget(Object owner) {
        loop.execute(() -> {
            peers.values().forEach(t -> t.listeners.remove(owner));
            peers.values().removeIf(t -> {
                if (t.listeners.isEmpty()) {
                    end(t);
                }
                return t.listeners.isEmpty();
            });
        });
    }

    private static void end(Peer peer) {
        if (peer.timer != null) {
            peer.timer.cancel(false);
        }
        BfdSockets.close(peer.out);
        peer.out = null;
    }

    private Peer begin(BfdInstance instance) {
        long now = System.nanoTime();
        Peer peer = new Peer(new BfdSession(instance, random.nextInt(1, Integer.MAX_VALUE), random, now));
        openSender(peer, false);
        return peer;
    }

    /** @param again whether that failed before, which was logged */
    private void openSender(Peer peer, boolean again) {
        String name = peer.session.config().name();
        try {
            peer.out = BfdSockets.sender(peer.session.config(), random);
        } catch (IOException e) {
            if (!again) {
                LOG.atWarn()
                        .addKeyValue("instance", name)
                        .addKeyValue("reason", "cannot create a socket: " + IoReason.of(e))
                        .log("bfd.failed");
            }
            peer.timer = schedule(() -> openSender(peer, true), RETRY_SECONDS, TimeUnit.SECONDS);
            return;
        }
        if (again) {
            LOG.atInfo().addKeyValue("instance", name).log("bfd.recovered");
        }
        reportInTime(peer);
        tick(peer);
    }

    private void reportInTime(Peer peer) {
        Future<?> _ = schedule(() -> report(peer, true), graceMillis(peer), TimeUnit.MILLISECONDS);
    }

    /** The session with a neighbour that works is up within three of its slow packets. */
    private static long graceMillis(Peer peer) {
        return 4 * Math.max(1_000, peer.session.config().idleSend().toMillis());
    }

    private void tick(Peer peer) {
        peer.timer = null;
        long now = System.nanoTime();
        noteLateness(peer, now);
        peer.session.tick(now).ifPresent(bytes -> send(peer, bytes));
        report(peer, false);
        if (peer.out != null) {
            long wait = Math.max(0, peer.session.due() - System.nanoTime());
            peer.timer = schedule(() -> tick(peer), wait, TimeUnit.NANOSECONDS);
        }
    }

    /** The neighbour may have declared this side down because a packet was late. */
    private static void noteLateness(Peer peer, long now) {
        if (now - peer.session.due() > LATE_NANOS) {
            peer.lateAt = OptionalLong.of(now);
        }
    }

    private void send(Peer peer, byte[] bytes) {
        LinuxSocket out = peer.out;
        if (out == null) {
            return;
        }
        outgoing.clear().put(bytes);
        try {
            int _ = out.sendTo(outgoing, 0, bytes.length, peer.session.config().neighbour(), BfdSockets.PORT);
        } catch (IOException e) {
            // BFD detects an unreachable neighbour by its missing packets.
            LOG.debug("bfd {}: {}", peer.session.config().name(), e.toString());
        }
    }

    /** @param late whether a session that was never up is reported as down */
    private void report(Peer peer, boolean late) {
        if (!receivers.containsKey(isIpv4(peer)) || peer.out == null) {
            return;
        }
        boolean up = peer.session.state() == BfdSession.State.UP;
        if (up) {
            peer.toleratedUntil = OptionalLong.empty();
        }
        boolean changed = peer.reported ? up != peer.wasUp : up || late;
        if (changed && (up || !isTolerated(peer))) {
            peer.reported = true;
            peer.wasUp = up;
            peer.listeners.values().forEach(l -> l.accept(up, peer.session.reason()));
        }
    }

    /**
     * Whether a session may be down only because this process was paused or late, so that its neighbour received no packets
     * for a while. Then its state is reported later, when it had the time to come up again; this applies once.
     */
    private boolean isTolerated(Peer peer) {
        long now = System.nanoTime();
        if (peer.toleratedUntil.isPresent()) {
            return now - peer.toleratedUntil.getAsLong() < 0;
        }
        long grace = TimeUnit.MILLISECONDS.toNanos(graceMillis(peer));
        long since = now - grace;
        boolean late = peer.reported && peer.lateAt.isPresent() && peer.lateAt.getAsLong() - since > 0;
        if (!late && !pausedSince.test(since)) {
            return false;
        }
        peer.toleratedUntil = OptionalLong.of(now + grace);
        Future<?> _ = schedule(() -> report(peer, true), grace + grace / 4, TimeUnit.NANOSECONDS);
        return true;
    }

    /** Logs the error of a task that fails; its future is not used. */
    private Future<?> schedule(Runnable task, long delay, TimeUnit unit) {
        return loop.schedule(task, delay, unit).addListener(done -> {
            if (!done.isSuccess() && !done.isCancelled()) {
                LOG.atError()
                        .addKeyValue("reason", "internal error")
                        .setCause(done.cause())
                        .log("bfd.failed");
            }
        });
    }

    private static boolean isIpv4(Peer peer) {
        return IpAddresses.isIpv4(peer.session.config().neighbour());
    }

    private void receive(boolean v4) {
        if (receivers.containsKey(v4) || failedReceivers.contains(v4)) {
            return;
        }
        open(v4).ifPresent(reason -> {
            failedReceivers.add(v4);
            LOG.atWarn()
                    .addKeyValue("reason", "UDP port " + BfdSockets.PORT + ": " + reason)
                    .addKeyValue("remedy", "if another BFD daemon uses the port, stop that daemon or use FILE_CHECK")
                    .log("bfd.failed");
            Future<?> _ = schedule(() -> retryReceive(v4), RETRY_SECONDS, TimeUnit.SECONDS);
        });
    }

    private void retryReceive(boolean v4) {
        if (open(v4).isPresent()) {
            Future<?> _ = schedule(() -> retryReceive(v4), RETRY_SECONDS, TimeUnit.SECONDS);
            return;
        }
        failedReceivers.remove(v4);
        LOG.atInfo().addKeyValue("port", BfdSockets.PORT).log("bfd.recovered");
        peers.values().stream().filter(t -> isIpv4(t) == v4).forEach(this::reportInTime);
    }

    /** Opens a receiver. Returns the reason if that fails. */
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
        long receiver = BfdSession.receiver(bytes);
        Optional<Peer> peer = peers.values().stream()
                .filter(t -> t.out != null && t.session.config().neighbour().equals(from))
                .filter(t -> receiver == 0 || t.session.discriminator() == receiver)
                .findFirst();
        if (receiver < 0 || peer.isEmpty()) {
            return;
        }
        long now = System.nanoTime();
        noteLateness(peer.get(), now);
        peer.get().session.received(bytes, now).ifPresent(reply -> send(peer.get(), reply));
        if (peer.get().timer != null) {
            peer.get().timer.cancel(false);
        }
        tick(peer.get());
    }

    /** The socket on which control packets of one address family arrive. */
    private final class Receiver implements EpollIoHandle {
        private final LinuxSocket socket;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(BfdSockets.MAX_PACKET);

        Receiver(boolean v4) throws IOException {
            socket = BfdSockets.receiver(v4);
        }

        @Override
        public FileDescriptor fd() {
            return socket;
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            try {
                for (int i = 0; i < READS_AT_ONCE; i++) {
                    buffer.clear();
                    var from = socket.recvFrom(buffer, 0, BfdSockets.MAX_PACKET);
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
            BfdSockets.close(socket);
        }
    }

    /** Ends all sessions; neighbours detect it by the missing packets. */
    @Override
    public void close() {
        loop.execute(() -> {
            List.copyOf(peers.values()).forEach(BfdSpeaker::end);
            peers.clear();
            receivers.values().forEach(Receiver::close);
        });
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
