package io.lvsd.ipvs.kernel;

import io.lvsd.ipvs.codec.DestinationDecoder;
import io.lvsd.ipvs.codec.IpvsUapi;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.netlink.AttrReader;
import io.lvsd.ipvs.netlink.GenlClient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/**
 * Reads the destinations of one service after another. Each message is compared with the destination that was at this place
 * in the last dump; the kernel keeps its order, so the place is right until a destination is added or removed.
 */
final class DestinationsReader implements GenlClient.Messages {
    /** The map is built again instead of changed if more than one of this number of destinations changed. */
    private static final int FEW = 4;

    private static final int FIRST_CAPACITY = 16;

    private final DestinationDecoder decoder = new DestinationDecoder();
    private final List<DestinationState> changed = new ArrayList<>();
    private AddressFamily family = AddressFamily.INET;
    private DestinationState[] before = {};
    private PSortedMap<DestinationKey, DestinationState> known = TreePMap.empty();
    private DestinationState[] read = new DestinationState[FIRST_CAPACITY];
    private int count;
    /** The next place in {@link #before}. */
    private int expected;

    private int inPlace;
    private boolean isMoved;

    /** Reads the destinations of a service. */
    void read(GenlClient ipvs, KnownService service) {
        family = service.key().family();
        before = service.order();
        known = service.state().destinations();
        ipvs.dump(IpvsUapi.IPVS_CMD_GET_DEST, service.request(), DestinationDecoder.NAME, this);
    }

    @Override
    public void begin() {
        changed.clear();
        count = 0;
        expected = 0;
        inPlace = 0;
        isMoved = false;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // an unchanged state is the same object
    public void message(AttrReader attributes) {
        decoder.decode(attributes, family);
        DestinationState then = find();
        DestinationState now = decoder.state(then);
        if (now != then) {
            changed.add(now);
        }
        if (count == read.length) {
            read = Arrays.copyOf(read, 2 * count);
        }
        read[count++] = now;
    }

    /** The destination of the message as it was: at this place, or at the next if one was removed, or anywhere. */
    private @Nullable DestinationState find() {
        int end = Math.min(expected + 2, before.length);
        for (int i = expected; i < end; i++) {
            if (decoder.isAbout(before[i].config().key())) {
                expected = i + 1;
                inPlace++;
                return before[i];
            }
        }
        DestinationState elsewhere = known.isEmpty() ? null : known.get(decoder.key());
        isMoved |= elsewhere != null;
        return elsewhere;
    }

    /** Whether the last dump differs from the one before, its order included. */
    boolean isChanged() {
        return !changed.isEmpty() || isMoved || count != before.length;
    }

    /** The last dump, in its order. */
    DestinationState[] order() {
        return Arrays.copyOf(read, count);
    }

    /** The last dump, by key; the map before it if nothing changed. */
    PSortedMap<DestinationKey, DestinationState> destinations() {
        boolean allThere = !isMoved && inPlace == known.size() && inPlace == before.length;
        if (allThere && changed.size() * FEW <= count) {
            PSortedMap<DestinationKey, DestinationState> next = known;
            for (DestinationState state : changed) {
                next = next.plus(state.config().key(), state);
            }
            return next;
        }
        SortedMap<DestinationKey, DestinationState> all = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            all.put(read[i].config().key(), read[i]);
        }
        return changed.isEmpty() && all.size() == known.size() ? known : TreePMap.fromSortedMap(all);
    }
}
