package io.lvsd.checkers.schedule;

import io.lvsd.checkers.CheckId;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PriorityQueue;

/**
 * Remembers which probe is due when. A check is here once at most: planning it again moves it, so there is never more
 * than one probe of a check in flight as long as it is planned anew only after its outcome. Times are monotonic
 * nanoseconds. Used by one thread.
 */
public final class ProbeScheduler {
    /** First probes of one host follow each other by this. */
    private static final long FIRST_GAP = Duration.ofMillis(20).toNanos();

    private record Due(long at, long order, CheckId check) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(at - other.at, 0);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Due> queue = new PriorityQueue<>();
    private final Map<CheckId, Due> planned = new HashMap<>();
    private final Map<InetAddress, Long> nextFirst = new HashMap<>();
    private long order;

    /** Plans the next probe of a check. */
    public void plan(CheckId check, long at) {
        cancel(check);
        Due due = new Due(at, order++, check);
        planned.put(check, due);
        queue.add(due);
    }

    /** Plans a first probe: at once, but no more than 50 a second for one host. */
    public void planFirst(CheckId check, InetAddress host, long now, Duration warmup) {
        long earliest = nextFirst.getOrDefault(host, now);
        long at = earliest - now < 0 ? now : earliest;
        nextFirst.put(host, at + FIRST_GAP);
        plan(check, at + warmup.toNanos());
    }

    /** Forgets a check. */
    public void cancel(CheckId check) {
        Due due = planned.remove(check);
        if (due != null) {
            queue.remove(due);
        }
    }

    /** Takes out what is due, in order of time. */
    public List<CheckId> due(long now) {
        List<CheckId> due = new ArrayList<>();
        for (Due head = queue.peek(); head != null && head.at - now <= 0; head = queue.peek()) {
            queue.remove();
            planned.remove(head.check);
            due.add(head.check);
        }
        return due;
    }

    /** When the next probe is due. */
    public OptionalLong next() {
        Due head = queue.peek();
        return head == null ? OptionalLong.empty() : OptionalLong.of(head.at);
    }

    /** Half a period and a share of the other half that belongs to a check for ever: spreads probes that began together. */
    public static Duration phase(CheckId check, Duration period) {
        Duration half = period.dividedBy(2);
        return half.plus(share(check, half));
    }

    /** A share of a period that belongs to a check for ever. */
    public static Duration share(CheckId check, Duration period) {
        double fraction = (check.hashCode() & 0x7fff_ffff) / (double) Integer.MAX_VALUE;
        return Duration.ofNanos((long) (period.toNanos() * fraction));
    }
}
