package io.lvsd.core.plan;

/**
 * A destination that leaves while healthy: at weight 0 until it is idle or its grace is over.
 *
 * @param since monotonic nanoseconds
 * @param deadline monotonic nanoseconds
 * @param over whether it may be deleted now
 */
public record Draining(long since, long deadline, boolean over) {
    /**
     * Connections that were just being made when the weight became 0 have this long to be counted: a handshake whose first
     * packet is lost takes a second and a round trip.
     */
    private static final long SETTLE = java.time.Duration.ofSeconds(3).toNanos();

    /** With another deadline: so long after it began. */
    public Draining within(java.time.Duration grace) {
        long end = since + grace.toNanos();
        return end == deadline ? this : new Draining(since, end, over);
    }

    /**
     * Evaluates it again, given what the kernel said about the destination.
     *
     * @param readAt when it said so: a count from before the weight was 0 proves nothing
     */
    public Draining evaluated(boolean weightIsZero, long activeConnections, long readAt, long now) {
        boolean idle = weightIsZero && activeConnections == 0 && readAt - since >= SETTLE;
        return over || idle || now - deadline >= 0 ? new Draining(since, deadline, true) : this;
    }
}
