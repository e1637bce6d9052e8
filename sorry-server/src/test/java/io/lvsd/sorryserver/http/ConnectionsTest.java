package io.lvsd.sorryserver.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.sorryserver.http.Counters.Count;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The limits of one event loop. */
final class ConnectionsTest {
    private static final long MILLI = 1_000_000;

    private final Counters counters = new Counters();
    private long now = 12_345;

    private final class Client {
        private final EmbeddedChannel channel;
        private final Slot slot;
        private long touched;
        private int held;
        private long deadline = Long.MAX_VALUE;
        private final String address;

        Client(Connections connections, String address) {
            this.address = address;
            this.channel = new EmbeddedChannel() {
                @Override
                protected SocketAddress remoteAddress0() {
                    return new InetSocketAddress(address, 1);
                }
            };
            this.slot = connections.open(channel, counters);
        }

        boolean isOpen() {
            return channel.isOpen();
        }
    }

    private Connections connections(int total, int perClient, long bytes) {
        return new Connections(new AtomicInteger(), total, perClient, bytes, () -> now);
    }

    @Test
    void aConnectionOverTheLimitClosesTheLongestIdleOne() {
        Connections connections = connections(3, 3, 100);
        List<Client> clients = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            clients.add(new Client(connections, "192.0.2." + i));
        }
        clients.get(0).slot.touch();
        Client fourth = new Client(connections, "192.0.2.4");
        assertFalse(clients.get(1).isOpen());
        assertTrue(clients.get(0).isOpen() && clients.get(2).isOpen() && fourth.isOpen());
        assertEquals(3, connections.size());
        assertEquals(1, counters.get(Count.LIMITED));
    }

    @Test
    void aClientAtItsLimitClosesItsOwn() {
        Connections connections = connections(10, 2, 100);
        Client other = new Client(connections, "192.0.2.9");
        Client first = new Client(connections, "192.0.2.1");
        Client second = new Client(connections, "192.0.2.1");
        Client third = new Client(connections, "192.0.2.1");
        assertTrue(other.isOpen() && second.isOpen() && third.isOpen());
        assertFalse(first.isOpen());
    }

    @Test
    void aClientWithALimitOfOneCanConnectAgain() {
        Connections connections = connections(10, 1, 100);
        Client first = new Client(connections, "192.0.2.1");
        Client second = new Client(connections, "192.0.2.1");
        assertFalse(first.isOpen());
        Client third = new Client(connections, "192.0.2.1");
        assertFalse(second.isOpen());
        third.slot.closed();
        assertEquals(0, connections.size());
    }

    @Test
    void onlySlowClientsCountAsLimited() {
        Connections connections = connections(10, 10, 100);
        Client idle = new Client(connections, "192.0.2.1");
        Client slow = new Client(connections, "192.0.2.1");
        idle.slot.idleUntil(1_500);
        slow.slot.closeAfter(1_500);
        now += 1_400 * MILLI;
        connections.tick();
        assertTrue(idle.isOpen() && slow.isOpen());
        now += 1_100 * MILLI;
        connections.tick();
        assertFalse(idle.isOpen() || slow.isOpen());
        assertEquals(1, counters.get(Count.LIMITED));
    }

    @Test
    void manyLateConnectionsAreClosedInParts() {
        Connections connections = connections(1_000, 1_000, 100);
        for (int i = 0; i < 100; i++) {
            new Client(connections, "192.0.2.1").slot.closeAfter(500);
        }
        now += 3_000 * MILLI;
        assertTrue(connections.tick());
        assertTrue(connections.size() > 0 && connections.size() < 100);
        while (connections.tick()) {
            assertTrue(connections.size() > 0);
        }
        assertEquals(0, connections.size());
        assertEquals(100, counters.get(Count.LIMITED));
    }

    /** What the connections should be, computed simply. */
    private final class Model {
        private static final int TOTAL = 8;
        private static final int PER_CLIENT = 4;
        private static final long BYTES = 300;

        private final Connections connections = connections(TOTAL, PER_CLIENT, BYTES);
        private final List<Client> open = new ArrayList<>();
        private final Random random;
        private long order;

        Model(Random random) {
            this.random = random;
        }

        void step() {
            int choice = random.nextInt(7);
            if (choice < 2 || open.isEmpty()) {
                add("192.0.2." + random.nextInt(4));
                return;
            }
            Client any = open.get(random.nextInt(open.size()));
            switch (choice) {
                case 2 -> {
                    any.slot.touch();
                    any.touched = ++order;
                }
                case 3 -> hold(any, random.nextInt(200));
                case 4 -> {
                    long millis = 1L + random.nextInt(20_000);
                    any.slot.closeAfter(millis);
                    any.deadline = now + millis * MILLI;
                }
                case 5 -> pass(random.nextInt(1_500) * MILLI);
                default -> {
                    any.slot.closed();
                    any.slot.closed();
                    open.remove(any);
                }
            }
        }

        private void add(String address) {
            List<Client> own =
                    open.stream().filter(c -> c.address.equals(address)).toList();
            List<Client> from = own.size() >= PER_CLIENT ? own : open.size() >= TOTAL ? open : List.of();
            Optional<Client> victim = from.stream().min(Comparator.comparingLong(c -> c.touched));
            Client client = new Client(connections, address);
            victim.ifPresent(open::remove);
            client.touched = ++order;
            open.add(client);
        }

        private void hold(Client client, int bytes) {
            client.held = bytes;
            client.slot.holds(bytes);
            List<Client> byIdle = open.stream()
                    .sorted(Comparator.comparingLong(c -> c.touched))
                    .toList();
            for (Client next : byIdle) {
                if (open.stream().mapToLong(c -> c.held).sum() > BYTES && next.held > 0) {
                    open.remove(next);
                }
            }
        }

        /** A deadline is exact to the second after it. */
        private void pass(long nanos) {
            now += nanos;
            while (connections.tick()) {
                // The next part.
            }
            for (Client client : List.copyOf(open)) {
                if (client.isOpen()) {
                    assertTrue(client.deadline > now - 2_000 * MILLI, "a deadline is over");
                } else {
                    assertTrue(client.deadline <= now, "closed before its deadline");
                    open.remove(client);
                }
            }
        }
    }

    /** Repeat with {@code -Dseed=N}. */
    @Test
    void manyOperationsHaveTheResultsOfAModel() {
        long seed = Long.getLong("seed", System.nanoTime());
        Model model = new Model(new Random(seed));
        for (int i = 0; i < 20_000; i++) {
            model.step();
            String step = "seed " + seed + ", step " + i;
            assertEquals(model.open.size(), model.connections.size(), step);
            assertTrue(model.open.stream().allMatch(Client::isOpen), step);
        }
    }
}
