package io.lvsd.ipvs.embedded.table;

import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.IpvsDestination;

/**
 * A destination with its connections. Guarded by the lock of its service, the counters apart. Counts as the kernel does
 * ({@code ip_vs_bind_dest}, {@code ip_vs_unbind_dest}): a connection is inactive until it is established and again after it
 * was closed, for as long as the kernel would remember it.
 */
public final class LiveDestination {
    /** The kernel remembers a closed connection for its TIME_WAIT, 120 s, and one that was reset for 10 s. */
    public static final int CLOSED_SECONDS = 120;

    public static final int RESET_SECONDS = 10;
    private static final int RING = 128;

    public final Counters counters = new Counters();
    private final int[] forgottenAt = new int[RING];
    private IpvsDestination config;
    private int active;
    private int unestablished;
    private int remembered;
    private int persistent;
    private boolean overloaded;
    private long hashWeight;
    /** Read without the lock, for each datagram. */
    private volatile boolean present = true;

    public LiveDestination(IpvsDestination config) {
        this.config = config;
        this.hashWeight = config.weight();
    }

    /** Whether it is in the table; one that has left goes on with the connections that it has. */
    public boolean isPresent() {
        return present;
    }

    public void present(boolean now) {
        present = now;
    }

    public DestinationKey key() {
        return config.key();
    }

    IpvsDestination config() {
        return config;
    }

    /** {@code __ip_vs_update_dest}: a threshold that rose, or went, lifts the overload. */
    public void configure(IpvsDestination next) {
        if (next.upperThreshold() == 0 || next.upperThreshold() > config.upperThreshold()) {
            overloaded = false;
        }
        if (next.weight() != 0) {
            hashWeight = next.weight();
        }
        config = next;
    }

    public long weight() {
        return config.weight();
    }

    /** The last weight above 0: mh keeps its table when a destination pauses. */
    public long hashWeight() {
        return hashWeight;
    }

    public long active() {
        return active;
    }

    public long inactive() {
        return (long) unestablished + remembered;
    }

    long connections() {
        return active + inactive();
    }

    /** Whether the scheduler may choose it. */
    public boolean takesConnections() {
        return config.weight() > 0 && !overloaded;
    }

    /** Whether a connection is under way, so that it must be remembered after its removal. */
    public boolean inUse() {
        return active > 0 || unestablished > 0;
    }

    public void opening() {
        unestablished++;
        counters.connection();
        if (config.upperThreshold() != 0 && connections() >= config.upperThreshold()) {
            overloaded = true;
        }
    }

    public void established() {
        unestablished--;
        active++;
    }

    /** One of its sides has closed: to the kernel that is no longer established. */
    public void closing() {
        active--;
        unestablished++;
    }

    /** A connection that never was established, or a session of datagrams, which never is, is over. */
    public void gaveUp() {
        unestablished--;
        judgeLoad();
    }

    /**
     * A connection that was closing is over.
     *
     * @param seconds how long it is remembered, less than two minutes and a bit
     * @param second the present, in whole seconds of a monotonic clock
     */
    public void closed(int seconds, long second) {
        unestablished--;
        remembered++;
        forgottenAt[(int) ((second + seconds) % RING)]++;
    }

    public void persistent(int change) {
        persistent += change;
    }

    public void noneIsPersistent() {
        persistent = 0;
    }

    /** Once for each second: what the kernel would have forgotten by then. */
    public void second(long second) {
        int slot = (int) (second % RING);
        if (forgottenAt[slot] > 0) {
            remembered -= forgottenAt[slot];
            forgottenAt[slot] = 0;
            judgeLoad();
        }
    }

    private void judgeLoad() {
        long upper = config.upperThreshold();
        long lower = config.lowerThreshold();
        if (lower != 0) {
            overloaded &= connections() >= lower;
        } else if (upper != 0) {
            overloaded &= connections() * 4 >= upper * 3;
        } else {
            overloaded = false;
        }
    }

    public DestinationState state() {
        return new DestinationState(config, active, inactive(), persistent, counters.stats());
    }

    @Override
    public String toString() {
        return config.key().toString();
    }
}
