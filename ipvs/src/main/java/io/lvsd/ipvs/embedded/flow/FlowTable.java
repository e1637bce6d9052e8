package io.lvsd.ipvs.embedded.flow;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All flows of one kind in the order of their last traffic. Over a limit, the longest idle one has to go. Thread-safe. */
public final class FlowTable {
    private final int total;
    private final int perSource;

    // guarded by this
    private final LinkedHashSet<Flow> open = new LinkedHashSet<>();
    private final LinkedHashSet<Flow> closing = new LinkedHashSet<>();
    private final Map<InetAddress, LinkedHashSet<Flow>> bySource = new HashMap<>();
    private long evicted;
    private long expired;

    /**
     * @param total how many there may be, 1 or more
     * @param perSource how many one address may have, 1 or more
     */
    public FlowTable(int total, int perSource) {
        this.total = total;
        this.perSource = perSource;
    }

    /** Takes a new flow in, and ends another if it is one too many. */
    public void add(Flow flow) {
        tooMany(flow).ifPresent(Flow::end);
    }

    private synchronized Optional<Flow> tooMany(Flow flow) {
        LinkedHashSet<Flow> ofSource = bySource.computeIfAbsent(flow.source(), _ -> new LinkedHashSet<>(4));
        Optional<Flow> victim = Optional.empty();
        if (ofSource.size() >= perSource) {
            victim = Optional.of(ofSource.getFirst());
        } else if (open.size() + closing.size() >= total) {
            victim = longestIdle();
        }
        victim.ifPresent(v -> {
            drop(v);
            evicted++;
        });
        bySource.computeIfAbsent(flow.source(), _ -> new LinkedHashSet<>(4)).add(flow);
        open.add(flow);
        return victim;
    }

    private Optional<Flow> longestIdle() {
        if (open.isEmpty() || closing.isEmpty()) {
            return Optional.of((open.isEmpty() ? closing : open).getFirst());
        }
        boolean closingIsOlder =
                closing.getFirst().lastSecond() <= open.getFirst().lastSecond();
        return Optional.of((closingIsOlder ? closing : open).getFirst());
    }

    /** A flow has had traffic in another second than before. */
    public synchronized void touch(Flow flow) {
        LinkedHashSet<Flow> list = closing.contains(flow) ? closing : open;
        LinkedHashSet<Flow> ofSource = bySource.get(flow.source());
        if (list.contains(flow) && ofSource != null) {
            list.addLast(flow);
            ofSource.addLast(flow);
        }
    }

    /** One of its sides has closed: another timeout applies. */
    public synchronized void closing(Flow flow) {
        if (open.remove(flow)) {
            closing.add(flow);
        }
    }

    public synchronized void remove(Flow flow) {
        drop(flow);
    }

    private void drop(Flow flow) {
        if (open.remove(flow) || closing.remove(flow)) {
            LinkedHashSet<Flow> ofSource = bySource.get(flow.source());
            if (ofSource != null && ofSource.remove(flow) && ofSource.isEmpty()) {
                bySource.remove(flow.source());
            }
        }
    }

    /** Ends the flows that have been idle for longer than their timeout, in seconds. */
    public void expire(long second, long timeout, long closingTimeout) {
        idle(second, timeout, closingTimeout).forEach(Flow::end);
    }

    private synchronized List<Flow> idle(long second, long timeout, long closingTimeout) {
        List<Flow> idle = new ArrayList<>();
        while (!open.isEmpty() && second - open.getFirst().lastSecond() > timeout) {
            idle.add(open.getFirst());
            drop(open.getFirst());
        }
        while (!closing.isEmpty() && second - closing.getFirst().lastSecond() > closingTimeout) {
            idle.add(closing.getFirst());
            drop(closing.getFirst());
        }
        expired += idle.size();
        return idle;
    }

    /** Ends the longest idle flow, to have its descriptors; false if there is none. */
    public boolean evictOne() {
        Optional<Flow> victim;
        synchronized (this) {
            victim = open.isEmpty() && closing.isEmpty() ? Optional.empty() : longestIdle();
            victim.ifPresent(v -> {
                drop(v);
                evicted++;
            });
        }
        victim.ifPresent(Flow::end);
        return victim.isPresent();
    }

    /** Ends all. */
    public void close() {
        List<Flow> all;
        synchronized (this) {
            all = new ArrayList<>(open);
            all.addAll(closing);
        }
        all.forEach(Flow::end);
    }

    public synchronized int size() {
        return open.size() + closing.size();
    }

    /** How many had to go because of a limit. */
    public synchronized long evicted() {
        return evicted;
    }

    /** How many were idle for too long. */
    public synchronized long expired() {
        return expired;
    }
}
