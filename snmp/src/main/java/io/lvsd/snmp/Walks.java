package io.lvsd.snmp;

import io.lvsd.snmp.mib.MibTree;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
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
    private record End(Object client, OID oid) {}

    private record Pin(MibTree tree, long since) {}

    private final Map<End, Pin> ends = new LinkedHashMap<>();
    /** Trees of {@link #ends}, the most recently used ones last. */
    private final Deque<MibTree> trees = new ArrayDeque<>();

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
        Pin pin = ends.get(new End(client, after));
        return pin != null && now - pin.since() < KEEP_NANOS && trees.contains(pin.tree())
                ? Optional.of(pin.tree())
                : Optional.empty();
    }

    /** A response to a request for what follows an identifier ended with this instance. */
    public void ended(Object client, OID last, MibTree tree, long now) {
        End end = new End(client, last);
        ends.remove(end);
        ends.put(end, new Pin(tree, now));
        if (ends.size() > MAX_ENDS) {
            ends.remove(ends.keySet().iterator().next());
        }
        if (!isNewest(tree)) {
            trees.remove(tree);
            trees.addLast(tree);
            if (trees.size() > MAX_TREES) {
                MibTree dropped = trees.removeFirst();
                ends.values().removeIf(pin -> isSame(pin.tree(), dropped));
            }
        }
    }

    private boolean isNewest(MibTree tree) {
        return !trees.isEmpty() && isSame(trees.getLast(), tree);
    }

    @SuppressWarnings("ReferenceEquality") // a tree has no other identity
    private static boolean isSame(MibTree one, MibTree other) {
        return one == other;
    }
}
