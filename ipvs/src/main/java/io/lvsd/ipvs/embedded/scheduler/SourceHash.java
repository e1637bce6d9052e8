package io.lvsd.ipvs.embedded.scheduler;

import io.lvsd.ipvs.embedded.table.Client;
import io.lvsd.ipvs.embedded.table.LiveDestination;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * sh: 256 buckets, dealt out in the order of the list, as many in a row as a destination's weight; the client's address
 * (with sh-port also its port) chooses one ({@code ip_vs_sh.c}).
 */
final class SourceHash implements Scheduler {
    private static final int BITS = 8;
    private static final int BUCKETS = 1 << BITS;
    /** {@code GOLDEN_RATIO_32}, linux/hash.h. */
    private static final int GOLDEN_RATIO = 0x61C88647;

    private final boolean fallback;
    private final boolean withPort;
    private LiveDestination[] buckets = {};

    SourceHash(boolean fallback, boolean withPort) {
        this.fallback = fallback;
        this.withPort = withPort;
    }

    @Override
    public Optional<LiveDestination> pick(Client client, Predicate<LiveDestination> usable) {
        if (buckets.length == 0) {
            return Optional.empty();
        }
        int first = bucket(client, 0);
        if (usable.test(buckets[first])) {
            return Optional.of(buckets[first]);
        }
        for (int offset = 0; fallback && offset < BUCKETS; offset++) {
            LiveDestination other = buckets[bucket(client, (first + offset) % BUCKETS)];
            if (usable.test(other)) {
                return Optional.of(other);
            }
        }
        return Optional.empty();
    }

    private int bucket(Client client, int offset) {
        int hash = (client.folded() + (withPort ? client.port() : 0)) * GOLDEN_RATIO >>> Integer.SIZE - BITS;
        return (offset + hash) & (BUCKETS - 1);
    }

    @Override
    public void destinations(List<LiveDestination> now) {
        if (now.isEmpty()) {
            buckets = new LiveDestination[0];
            return;
        }
        buckets = new LiveDestination[BUCKETS];
        int turn = 0;
        long dealt = 0;
        for (int i = 0; i < BUCKETS; i++) {
            LiveDestination destination = now.get(turn % now.size());
            buckets[i] = destination;
            if (++dealt >= destination.weight()) {
                turn++;
                dealt = 0;
            }
        }
    }
}
