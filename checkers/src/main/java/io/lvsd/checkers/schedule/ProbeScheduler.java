package io.lvsd.checkers.schedule;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeKey;
import io.lvsd.checkers.probe.ProbeResult;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The times of the next probes. A check has one entry at most: planning it again moves it, so it never has more than one
 * probe at a time as long as it is planned again only after its result. Checks with the same key are moved together, so that
 * they share one probe. Times are monotonic nanoseconds. Used by one thread.
 */
public final class ProbeScheduler {
    /** First probes of one host follow each other by this. */
    private static final long FIRST_GAP = Duration.ofMillis(20).toNanos();
    /** First probes of all hosts follow each other by this. */
    private static final long START_GAP = Duration.ofNanos(200_000).toNanos();
    /** Probes are due at whole ticks, so that several start at once and few wake-ups serve them. */
    private static final long TICK = Duration.ofMillis(40).toNanos();
    /** A tick is no longer than this part of a delay: often probed checks start in small groups, which delay each other less. */
    private static final long FINEST = 100;
    /** Probes of one tick, in proportion to its length. Those beyond that move to the next ticks. */
    private static final long GROUP = 32;
    /** A probe may move by so many ticks. Without that, probes that were once delayed together would start together ever since. */
    private static final int MOVES = 1;

    private static final long OVERDUE = Duration.ofSeconds(2).toNanos();
    private static final long OVERDUE_SHARE = 10;

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** The next probe of a check. */
    private static final class Due implements Comparable<Due> {
        private final CheckId check;
        private final ProbeKey key;
        private long at;
        private long order;
        private long delay;
        private Optional<ProbeResult> routine = Optional.empty();
        private boolean cancelled;
        /** Another entry with the same key, while the probe may be shared. */
        private @Nullable Due sibling;

        Due(CheckId check, ProbeKey key) {
            this.check = check;
            this.key = key;
        }

        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(at - other.at, 0);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    /**
     * A probe that is due.
     *
     * @param checks that share it, one or more
     * @param lateness since it was due, in nanoseconds
     * @param routine the result that changes none of these checks; empty if each result may change one
     */
    public record Run(ProbeKey key, List<CheckId> checks, long lateness, Optional<ProbeResult> routine) {}

    private final PriorityQueue<Due> queue = new PriorityQueue<>();
    private final Map<CheckId, Due> planned = new HashMap<>();
    /** Entries that may share a probe, by key: the latest one, which leads to its siblings. */
    private final Map<ProbeKey, Due> sharing = new HashMap<>();

    /** When the next first probe of a host may start; empty after the last one has started. */
    private Map<InetAddress, Long> nextFirst = new HashMap<>();
    /** The latest of them. */
    private long lastFirst = Long.MIN_VALUE;

    private long nextStart = Long.MIN_VALUE;
    private long order;
    /** How many probes were planned for a tick. */
    private final Map<Long, Integer> groups = new HashMap<>();

    /**
     * Plans the next probe of a check.
     *
     * @param since when the delay began
     * @param delay may become shorter, by half at most, to share the probe of another check
     * @param routine the result that will not change the check, if any
     * @return when it is due
     */
    public long plan(CheckId check, ProbeKey key, long since, Duration delay, Optional<ProbeResult> routine) {
        long nanos = delay.toNanos();
        long tick = Math.clamp(nanos / FINEST, 1, TICK);
        long wanted = withRoom(Math.ceilDiv(since + nanos, tick) * tick, tick);
        long at = put(check, key, wanted, since + nanos / 2, nanos, routine);
        groups.merge(at, 1, Integer::sum);
        return at;
    }

    /** The first of some ticks that has room for another probe; if none has, the one with the fewest. */
    private long withRoom(long first, long tick) {
        long best = first;
        int fewest = Integer.MAX_VALUE;
        for (int i = 0; i <= MOVES; i++) {
            long at = first + i * tick;
            int group = groups.getOrDefault(at, 0);
            if (group * TICK < GROUP * tick) {
                return at;
            }
            best = group < fewest ? at : best;
            fewest = Math.min(group, fewest);
        }
        return best;
    }

    /**
     * Plans a first probe: at once, but no more than 50 a second for one host, and 5,000 in all.
     *
     * @return when it is due
     */
    public long planFirst(CheckId check, ProbeKey key, Optional<InetAddress> host, long now, Duration warmup) {
        boolean rested = nextStart == Long.MIN_VALUE || nextStart - now < 0;
        if (rested) {
            nextFirst.values().removeIf(next -> next - now <= 0);
        }
        long start = rested ? now : nextStart;
        long at = start;
        if (host.isPresent()) {
            Long ofHost = nextFirst.get(host.get());
            at = ofHost == null || ofHost - at < 0 ? at : ofHost;
            long next = at + FIRST_GAP;
            lastFirst = nextFirst.isEmpty() || next - lastFirst > 0 ? next : lastFirst;
            nextFirst.put(host.get(), next);
        }
        nextStart = start + START_GAP;
        return put(check, key, at + warmup.toNanos(), at, SECOND, Optional.empty());
    }

    private long put(CheckId check, ProbeKey key, long at, long earliest, long delay, Optional<ProbeResult> routine) {
        Due due = new Due(check, key);
        Due former = planned.put(check, due);
        if (former != null) {
            former.cancelled = true;
            unshare(former);
        }
        if (key.isShared()) {
            due.sibling = sharing.put(key, due);
        }
        due.at = meeting(due.sibling, at, earliest);
        due.delay = delay;
        due.routine = routine;
        due.order = order++;
        queue.add(due);
        return due.at;
    }

    /** Removes and returns the head. Everything else at its time is removed with it. */
    private Due dequeue() {
        Due head = queue.remove();
        groups.remove(head.at);
        return head;
    }

    /**
     * The latest time up to {@code at} of an entry with the same key; {@code at} if there is none.
     *
     * @param first of the entries with that key
     */
    private static long meeting(@Nullable Due first, long at, long earliest) {
        long best = Long.MIN_VALUE;
        for (Due other = first; other != null; other = other.sibling) {
            if (other.at - at <= 0 && other.at - earliest >= 0 && (best == Long.MIN_VALUE || other.at - best > 0)) {
                best = other.at;
            }
        }
        return best == Long.MIN_VALUE ? at : best;
    }

    /** Makes a waiting check due now; has no effect on one that is being probed. */
    public void hurry(CheckId check, long now) {
        Due due = planned.get(check);
        if (due != null && due.at - now > 0) {
            long _ = put(check, due.key, now, now, due.delay, due.routine);
        }
    }

    /** Removes a check. */
    public void cancel(CheckId check) {
        Due due = planned.remove(check);
        if (due != null) {
            due.cancelled = true;
            unshare(due);
        }
    }

    /** Returns whether other entries have the key of this one. */
    private boolean unshare(Due due) {
        Due next = due.sibling;
        due.sibling = null;
        if (next == null && sharing.remove(due.key, due)) {
            return false;
        }
        Due before = sharing.get(due.key);
        if (before == due) {
            sharing.put(due.key, Objects.requireNonNull(next));
            return true;
        }
        while (before != null && before.sibling != due) {
            before = before.sibling;
        }
        if (before != null) {
            before.sibling = next;
        }
        return before != null;
    }

    /** Hosts whose next first probe may not start yet, or that were not forgotten since. */
    int hosts() {
        return nextFirst.size();
    }

    /** After a start, hosts need no memory any more. */
    private void forgetHosts(long now) {
        if (!nextFirst.isEmpty() && lastFirst - now <= 0) {
            nextFirst = new HashMap<>();
        }
    }

    /** Removes and returns what is due, in order of time; checks with the same key at the same time are one run. */
    public List<Run> due(long now) {
        forgetHosts(now);
        List<Run> due = new ArrayList<>();
        Map<ProbeKey, Integer> shared = new HashMap<>();
        for (Due head = queue.peek(); head != null && head.at - now <= 0; head = queue.peek()) {
            dequeue();
            if (head.cancelled) {
                continue;
            }
            planned.remove(head.check);
            boolean others = unshare(head);
            Integer place = shared.isEmpty() ? null : shared.get(head.key);
            if (place != null) {
                due.set(place, with(due.get(place), head));
                continue;
            }
            if (others) {
                shared.put(head.key, due.size());
            }
            due.add(new Run(head.key, List.of(head.check), now - head.at, head.routine));
        }
        return due;
    }

    /** A run that serves one more check. */
    private static Run with(Run run, Due other) {
        List<CheckId> checks = new ArrayList<>(run.checks());
        checks.add(other.check);
        Optional<ProbeResult> routine = run.routine().filter(r -> other.routine.equals(Optional.of(r)));
        return new Run(run.key(), checks, run.lateness(), routine);
    }

    /**
     * After a pause of this process: overdue probes are distributed over their intervals instead of starting at once.
     *
     * @param moved called with each of them and its new time
     */
    public void spread(long now, ObjLongConsumer<CheckId> moved) {
        List<Due> overdue = new ArrayList<>();
        for (Due head = queue.peek(); head != null && head.at - now <= 0; head = queue.peek()) {
            overdue.add(dequeue());
        }
        for (Due due : overdue) {
            due.at = now + share(due.key, Duration.ofNanos(due.delay)).toNanos();
            queue.add(due);
            if (!due.cancelled) {
                moved.accept(due.check, due.at);
            }
        }
    }

    /**
     * When the next probe will be overdue if it has not started: two seconds after it is due, or a tenth of its interval if
     * that is longer.
     */
    public OptionalLong overdueAt() {
        Due head = queue.peek();
        return head == null
                ? OptionalLong.empty()
                : OptionalLong.of(head.at + Math.max(OVERDUE, head.delay / OVERDUE_SHARE));
    }

    /** When the next probe is due. */
    public OptionalLong next() {
        Due head = queue.peek();
        return head == null ? OptionalLong.empty() : OptionalLong.of(head.at);
    }

    /** A share of an interval, constant for a check. The shares of many checks are distributed evenly. */
    public static Duration share(ProbeKey key, Duration period) {
        int mixed = (key.spec().toString().hashCode() + key.url()) * 0x9e37_79b9;
        double fraction = (mixed & 0x7fff_ffff) / (double) Integer.MAX_VALUE;
        return Duration.ofNanos((long) (period.toNanos() * fraction));
    }
}
