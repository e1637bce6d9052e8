package io.lvsd.checkers.transport;

import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The deadlines of the attempts of one loop, with one timer for all. Used by the thread of the loop. */
final class Deadlines {
    private static final long MIN_DELAY = TimeUnit.MILLISECONDS.toNanos(5);

    private final IoEventLoop io;
    private final Map<Long, Chain> chains = new HashMap<>();
    private @Nullable Future<?> timer;
    private long timerAt;
    /** When deadlines were checked last. */
    private long lastCheck = System.nanoTime();

    Deadlines(IoEventLoop io) {
        this.io = io;
    }

    /** Attempts with the same limit, by expiry: the first one is the next to expire. */
    static final class Chain {
        private @Nullable Attempt first;
        private @Nullable Attempt last;

        /** In most cases at the end: only the limit of a whole probe puts one before others. */
        private void add(Attempt attempt) {
            Attempt before = last;
            while (before != null && before.expiry() - attempt.expiry() > 0) {
                before = before.earlier;
            }
            Attempt after = before == null ? first : before.later;
            attempt.earlier = before;
            attempt.later = after;
            if (before == null) {
                first = attempt;
            } else {
                before.later = attempt;
            }
            if (after == null) {
                last = attempt;
            } else {
                after.earlier = attempt;
            }
        }

        private void remove(Attempt attempt) {
            if (attempt.earlier == null) {
                first = attempt.later;
            } else {
                attempt.earlier.later = attempt.later;
            }
            if (attempt.later == null) {
                last = attempt.earlier;
            } else {
                attempt.later.earlier = attempt.earlier;
            }
            attempt.earlier = null;
            attempt.later = null;
        }
    }

    /** The deadline of a new attempt starts. */
    void start(Attempt attempt) {
        Chain chain = chains.computeIfAbsent(attempt.limit(), _ -> new Chain());
        attempt.chain = chain;
        chain.add(attempt);
    }

    /** The deadline of an attempt has changed. */
    void restart(Attempt attempt) {
        Chain chain = attempt.chain;
        if (chain != null) {
            chain.remove(attempt);
            chain.add(attempt);
        }
    }

    /** An attempt has no deadline any more. */
    void stop(Attempt attempt) {
        Chain chain = attempt.chain;
        if (chain != null) {
            chain.remove(attempt);
        }
        attempt.chain = null;
    }

    /** Sets the timer, unless it fires before that. */
    void watch(long expiry) {
        if (timer != null && timerAt - expiry <= 0) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
        }
        timerAt = expiry;
        timer = io.schedule(this::expire, Math.max(0, expiry - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    /**
     * Ends the attempts whose deadline had passed at the previous call already. The loop has read its sockets since then, so
     * bytes that arrived in time while this thread did not run were seen before an attempt times out.
     */
    private void expire() {
        timer = null;
        long now = System.nanoTime();
        long before = lastCheck;
        lastCheck = now;
        long next = Long.MAX_VALUE;
        for (Chain chain : List.copyOf(chains.values())) {
            while (chain.first != null && chain.first.expiry() - before <= 0) {
                chain.first.expire(now);
            }
            if (chain.first != null) {
                next = Math.min(next, Math.max(chain.first.expiry() - now, MIN_DELAY));
            }
        }
        chains.values().removeIf(chain -> chain.first == null);
        if (next != Long.MAX_VALUE) {
            watch(now + next);
        }
    }
}
