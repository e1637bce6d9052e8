package io.lvsd.core.plan;

import java.time.Duration;

/**
 * A healthy destination that is being removed: at weight 0 until it is idle or its grace is over.
 *
 * @param since monotonic nanoseconds
 * @param deadline monotonic nanoseconds
 * @param over whether it may be deleted now
 */
public record Draining(long since, long deadline, boolean over) {
    /**
     * Connections that were being established when the weight became 0 are counted within this time: a handshake whose first
     * packet is lost takes a second and a round trip.
     */
    private static final long SETTLE = Duration.ofSeconds(3).toNanos();

    /** With another grace from the same beginning. */
    public Draining within(Duration grace) {
        long end = since + grace.toNanos();
        return end == deadline ? this : new Draining(since, end, over);
    }

    /**
     * Evaluates it again with a new reading of the destination.
     *
     * @param readAt when the reading began, in monotonic nanoseconds; a count from before the weight was 0 is not used
     */
    public Draining evaluated(boolean weightIsZero, long activeConnections, long readAt, long now) {
        boolean idle = weightIsZero && activeConnections == 0 && readAt - since >= SETTLE;
        return over || idle || now - deadline >= 0 ? new Draining(since, deadline, true) : this;
    }
}
