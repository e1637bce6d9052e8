package io.lvsd.snmp;

import io.lvsd.snmp.mib.MibTree;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snmp4j.smi.OID;

/**
 * Serves each walk from one tree, however long it takes: a request for what follows the last instance of a response is answered
 * from the tree of that response. The number of old trees is limited; a walk that lost its tree continues with the present one.
 * Used by one thread.
 */
public final class Walks {
    /** Old trees that are kept. */
    static final int MAX_TREES = 8;

    private static final int MAX_ENDS = 1_024;
    private static final long KEEP_NANOS = Duration.ofSeconds(60).toNanos();

    /** The end of a response. */
    private static final class End {
        private final Object client;
        private final OID oid;

        End(Object client, OID oid) {
            this.client = client;
            this.oid = oid;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof End end && oid.equals(end.oid) && client.equals(end.client);
        }

        @Override
        public int hashCode() {
            return 31 * client.hashCode() + oid.hashCode();
        }
    }

    /** A tree with the number of responses in {@link #ends} that were made from it. */
    private static final class Kept {
        private final MibTree tree;
        private int uses;

        Kept(MibTree tree) {
            this.tree = tree;
        }
    }

    private record Pin(Kept kept, long since) {}

    /** The least recent ones first. */
    private final Map<End, Pin> ends = new LinkedHashMap<>();
    /** Trees of {@link #ends}, the most recently used ones last. */
    private final Deque<Kept> trees = new ArrayDeque<>();

    /**
     * The tree for a request for what follows an identifier.
     *
     * @param client who sends the request
     * @param current the present tree
     * @param now monotonic nanoseconds
     */
    public MibTree tree(Object client, OID after, MibTree current, long now) {
        return tree(client, after, now).orElse(current);
    }

    /** As {@link #tree(Object, OID, MibTree, long)}; empty if the request does not continue a walk. */
    public Optional<MibTree> tree(Object client, OID after, long now) {
        expire(now);
        Pin pin = ends.get(new End(client, after));
        return pin == null ? Optional.empty() : Optional.of(pin.kept().tree);
    }

    /** A response to a request for what follows an identifier ended with this instance. */
    public void ended(Object client, OID last, MibTree tree, long now) {
        expire(now);
        Kept kept = keep(tree);
        End end = new End(client, last);
        kept.uses++;
        remove(end);
        ends.put(end, new Pin(kept, now));
        if (ends.size() > MAX_ENDS) {
            remove(ends.keySet().iterator().next());
        }
    }

    /** Forgets what has not been used for long. */
    public void expire(long now) {
        Iterator<Pin> oldest = ends.values().iterator();
        while (oldest.hasNext()) {
            Pin pin = oldest.next();
            if (now - pin.since() < KEEP_NANOS) {
                return;
            }
            oldest.remove();
            release(pin.kept());
        }
    }

    private void remove(End end) {
        Pin pin = ends.remove(end);
        if (pin != null) {
            release(pin.kept());
        }
    }

    private void release(Kept kept) {
        kept.uses--;
        if (kept.uses == 0) {
            trees.remove(kept);
        }
    }

    /** The entry of a tree, which is the most recently used one now. */
    private Kept keep(MibTree tree) {
        Kept newest = trees.peekLast();
        if (newest != null && isSame(newest.tree, tree)) {
            return newest;
        }
        Kept kept = trees.stream().filter(k -> isSame(k.tree, tree)).findFirst().orElseGet(() -> new Kept(tree));
        trees.remove(kept);
        trees.addLast(kept);
        if (trees.size() > MAX_TREES) {
            Kept dropped = trees.removeFirst();
            ends.values().removeIf(pin -> pin.kept().equals(dropped));
        }
        return kept;
    }

    /** Trees that are kept. */
    int size() {
        return trees.size();
    }

    @SuppressWarnings("ReferenceEquality") // a tree has no other identity
    private static boolean isSame(MibTree one, MibTree other) {
        return one == other;
    }
}
