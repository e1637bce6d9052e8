package io.lvsd.core.plan;

/** keepalived's quorum with hysteresis. */
public final class Quorum {
    private Quorum() {}

    /**
     * Whether the quorum is up: it is gained at quorum + hysteresis, lost below quorum - hysteresis or at 0, and unchanged in
     * between.
     *
     * @param live weight of all live real servers
     * @param quorum 1 or more
     * @param hysteresis less than {@code quorum}
     */
    public static boolean next(boolean up, long live, long quorum, long hysteresis) {
        if (up) {
            return live > 0 && live >= quorum - hysteresis;
        }
        return live >= quorum + hysteresis;
    }
}
