package io.lvsd.sorryserver.http;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits the open connections of one event loop: their number in total and of each client address, the bytes of incomplete
 * requests, and the time of each state of a connection. A connection or a byte above a limit closes the connection that has been
 * idle for the longest time, of the same client if it is at its limit. Owned by its event loop; all operations take constant time.
 */
public final class Connections {
    private static final int SECONDS = 1_024;
    /** Connections that are closed in one go. */
    private static final int AT_ONCE = 32;

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long NANOS_PER_SECOND = 1_000 * NANOS_PER_MILLI;

    private final AtomicInteger all;
    private final int total;
    private final int perClient;
    private final long totalBytes;
    private final LongSupplier clock;
    private final long start;
    private final Map<InetAddress, Client> clients = new HashMap<>();
    private final @Nullable Slot[] due = new Slot[SECONDS];

    private @Nullable Slot longestIdle;
    private @Nullable Slot shortestIdle;
    private int size;
    private long bytes;
    private long doneSeconds;

    /** The connections of one client address, the longest idle one first. */
    private static final class Client {
        @Nullable
        Slot first;

        @Nullable
        Slot last;

        int count;
    }

    /**
     * Without a connection.
     *
     * @param all number of connections of all event loops, which share this object
     * @param total connections of all event loops, 1 or more; each event loop may exceed it by one
     * @param perClient connections of one client address to this event loop, 1 or more
     * @param totalBytes bytes of incomplete requests, 1 or more
     * @param clock monotonic, in nanoseconds
     */
    public Connections(AtomicInteger all, int total, int perClient, long totalBytes, LongSupplier clock) {
        this.all = all;
        this.total = total;
        this.perClient = perClient;
        this.totalBytes = totalBytes;
        this.clock = clock;
        this.start = clock.getAsLong();
    }

    /** The number of open connections. */
    public int size() {
        return size;
    }

    /** Adds a connection; may close another one. */
    public Slot open(Channel channel, Counters counters) {
        InetAddress address = channel.remoteAddress() instanceof InetSocketAddress peer
                ? peer.getAddress()
                : InetAddress.getLoopbackAddress();
        Client client = clients.computeIfAbsent(address, _ -> new Client());
        if (client.count >= perClient) {
            close(Objects.requireNonNull(client.first), true);
        } else if (all.get() >= total && longestIdle != null) {
            close(longestIdle, true);
        }
        Slot slot = new Slot(this, channel, address, counters);
        // The client may have been forgotten with its last connection.
        append(clients.computeIfAbsent(address, _ -> client), slot);
        size++;
        all.incrementAndGet();
        return slot;
    }

    /** Visits the open connections; the visitor may close them. */
    public void forEach(Consumer<Channel> visitor) {
        Slot slot = longestIdle;
        while (slot != null) {
            Slot next = slot.idleAfter;
            visitor.accept(slot.channel());
            slot = next;
        }
    }

    private void close(Slot slot, boolean limited) {
        closed(slot);
        slot.closeChannel(limited);
    }

    void closed(Slot slot) {
        if (!slot.open) {
            return;
        }
        slot.open = false;
        size--;
        all.decrementAndGet();
        bytes -= slot.held;
        slot.held = 0;
        unlinkDue(slot);
        unlinkIdle(slot);
        Client client = Objects.requireNonNull(clients.get(slot.client()));
        unlinkClient(client, slot);
        if (client.count == 0) {
            clients.remove(slot.client());
        }
    }

    void touch(Slot slot) {
        if (slot.open && shortestIdle != slot) {
            unlinkIdle(slot);
            Client client = Objects.requireNonNull(clients.get(slot.client()));
            unlinkClient(client, slot);
            append(client, slot);
        }
    }

    void holds(Slot slot, int count) {
        if (!slot.open || slot.held == count) {
            return;
        }
        bytes += count - slot.held;
        slot.held = count;
        Slot victim = longestIdle;
        while (bytes > totalBytes && victim != null) {
            Slot next = victim.idleAfter;
            if (victim.held > 0) {
                close(victim, true);
            }
            victim = next;
        }
    }

    // ---- deadlines

    /** A connection that gets a later deadline stays where it is until its former deadline. */
    void closeAfter(Slot slot, long millis) {
        if (!slot.open) {
            return;
        }
        slot.deadline = clock.getAsLong() + millis * NANOS_PER_MILLI;
        long wanted = secondOf(slot.deadline);
        if (slot.second < 0) {
            linkDue(slot, wanted);
        } else if (distance(slot.second) > wanted - doneSeconds) {
            unlinkDue(slot);
            linkDue(slot, wanted);
        }
    }

    private long secondOf(long time) {
        return (time - start) / NANOS_PER_SECOND + 1;
    }

    /** Seconds from the last one that was processed to one of the lists. */
    private long distance(int second) {
        return Math.floorMod(second - doneSeconds, SECONDS);
    }

    /**
     * Closes connections whose deadline is over, a limited number at once, so that other clients do not wait. Called about once a
     * second.
     *
     * @return whether there are more, for which this should be called again soon
     */
    public boolean tick() {
        long now = clock.getAsLong();
        long current = (now - start) / NANOS_PER_SECOND;
        int count = 0;
        while (doneSeconds < current) {
            Slot slot = due[(int) ((doneSeconds + 1) % SECONDS)];
            if (slot == null) {
                doneSeconds++;
                continue;
            }
            if (count++ == AT_ONCE) {
                return true;
            }
            unlinkDue(slot);
            if (slot.deadline - now <= 0) {
                close(slot, slot.limit);
            } else {
                linkDue(slot, secondOf(slot.deadline));
            }
        }
        return false;
    }

    private void linkDue(Slot slot, long wanted) {
        long ahead = Math.clamp(wanted - doneSeconds, 1, SECONDS - 1);
        int second = (int) ((doneSeconds + ahead) % SECONDS);
        Slot head = due[second];
        slot.second = second;
        slot.dueBefore = null;
        slot.dueAfter = head;
        if (head != null) {
            head.dueBefore = slot;
        }
        due[second] = slot;
    }

    private void unlinkDue(Slot slot) {
        if (slot.second < 0) {
            return;
        }
        if (slot.dueBefore != null) {
            slot.dueBefore.dueAfter = slot.dueAfter;
        } else {
            due[slot.second] = slot.dueAfter;
        }
        if (slot.dueAfter != null) {
            slot.dueAfter.dueBefore = slot.dueBefore;
        }
        slot.second = -1;
        slot.dueBefore = null;
        slot.dueAfter = null;
    }

    // ---- lists by idle time

    private void append(Client client, Slot slot) {
        slot.idleBefore = shortestIdle;
        slot.idleAfter = null;
        if (shortestIdle != null) {
            shortestIdle.idleAfter = slot;
        } else {
            longestIdle = slot;
        }
        shortestIdle = slot;
        slot.clientBefore = client.last;
        slot.clientAfter = null;
        if (client.last != null) {
            client.last.clientAfter = slot;
        } else {
            client.first = slot;
        }
        client.last = slot;
        client.count++;
    }

    private void unlinkIdle(Slot slot) {
        if (slot.idleBefore != null) {
            slot.idleBefore.idleAfter = slot.idleAfter;
        } else {
            longestIdle = slot.idleAfter;
        }
        if (slot.idleAfter != null) {
            slot.idleAfter.idleBefore = slot.idleBefore;
        } else {
            shortestIdle = slot.idleBefore;
        }
    }

    private static void unlinkClient(Client client, Slot slot) {
        if (slot.clientBefore != null) {
            slot.clientBefore.clientAfter = slot.clientAfter;
        } else {
            client.first = slot.clientAfter;
        }
        if (slot.clientAfter != null) {
            slot.clientAfter.clientBefore = slot.clientBefore;
        } else {
            client.last = slot.clientBefore;
        }
        client.count--;
    }
}
