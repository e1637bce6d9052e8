package io.lvsd.ipvs.embedded.scheduler;

import io.lvsd.ipvs.embedded.table.Client;
import io.lvsd.ipvs.embedded.table.LiveDestination;
import io.lvsd.ipvs.model.DestinationKey;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * mh: consistent hashing after Maglev (NSDI 2016), with the kernel's table size, keys and hash ({@code ip_vs_mh.c}): a
 * client's address (with mh-port also its port) chooses a slot, and few slots change hands when a destination comes or goes.
 */
final class Maglev implements Scheduler {
    /** The prime for {@code CONFIG_IP_VS_MH_TAB_INDEX} 12, the default. */
    private static final int SLOTS = 4093;
    /** {@code IP_VS_MH_TAB_BITS}: weights are cut down to so many bits. */
    private static final int WEIGHT_BITS = 6;

    private static final long KEY_OFFSET = 2654435761L;
    private static final long KEY_SKIP = 2654446892L;

    private final boolean fallback;
    private final boolean withPort;
    private LiveDestination[] slots = {};

    Maglev(boolean fallback, boolean withPort) {
        this.fallback = fallback;
        this.withPort = withPort;
    }

    @Override
    public Optional<LiveDestination> pick(Client client, Predicate<LiveDestination> usable) {
        if (slots.length == 0) {
            return Optional.empty();
        }
        int port = withPort ? client.port() : 0;
        int first = hash(client.folded() + port, KEY_OFFSET, SLOTS);
        if (usable.test(slots[first])) {
            return Optional.of(slots[first]);
        }
        for (int offset = 0; fallback && offset < SLOTS; offset++) {
            int again = (offset + first) % SLOTS;
            LiveDestination other = slots[hash(again + client.folded() + port, KEY_OFFSET, SLOTS)];
            if (usable.test(other)) {
                return Optional.of(other);
            }
        }
        return Optional.empty();
    }

    private static int hash(int value, long key, int size) {
        return Integer.remainderUnsigned(SipHash.of(value, key, key), size);
    }

    @Override
    public void destinations(List<LiveDestination> now) {
        List<LiveDestination> weighted =
                now.stream().filter(d -> d.hashWeight() > 0).toList();
        slots = weighted.isEmpty() ? new LiveDestination[0] : deal(weighted);
    }

    /** Each destination in turn takes the next free slots of its own permutation, as many as its weight. */
    private static LiveDestination[] deal(List<LiveDestination> destinations) {
        LiveDestination[] dealt = new LiveDestination[SLOTS];
        int[] next = new int[destinations.size()];
        int[] skip = new int[next.length];
        long[] turns = turns(destinations);
        for (int i = 0; i < next.length; i++) {
            DestinationKey key = destinations.get(i).key();
            int value = new Client(key.address(), key.port()).folded() + key.port();
            next[i] = hash(value, KEY_OFFSET, SLOTS);
            skip[i] = hash(value, KEY_SKIP, SLOTS - 1) + 1;
        }
        int free = SLOTS;
        while (true) {
            for (int i = 0; i < next.length; i++) {
                for (long turn = 0; turn < turns[i]; turn++) {
                    while (dealt[next[i]] != null) {
                        next[i] = (next[i] + skip[i]) % SLOTS;
                    }
                    dealt[next[i]] = destinations.get(i);
                    if (--free == 0) {
                        return dealt;
                    }
                }
            }
        }
    }

    private static long[] turns(List<LiveDestination> destinations) {
        long divisor = 0;
        long greatest = 0;
        for (LiveDestination destination : destinations) {
            divisor = Divisor.common(divisor, destination.hashWeight());
            greatest = Math.max(greatest, destination.hashWeight());
        }
        int bits = Long.SIZE - Long.numberOfLeadingZeros(greatest / divisor);
        int shift = Math.max(0, bits - WEIGHT_BITS);
        long[] turns = new long[destinations.size()];
        for (int i = 0; i < turns.length; i++) {
            turns[i] = Math.max(1, destinations.get(i).hashWeight() / divisor >> shift);
        }
        return turns;
    }
}
