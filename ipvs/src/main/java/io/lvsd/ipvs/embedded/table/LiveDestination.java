package io.lvsd.ipvs.embedded.table;

import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.IpvsDestination;

/**
 * A destination with its connections. Guarded by the lock of its service, the counters apart. Counts as the kernel does
 * ({@code ip_vs_bind_dest}, {@code ip_vs_unbind_dest}): a connection is inactive until it is established and again after it
 * was closed, as long as the kernel would keep it.
 */
public final class LiveDestination {
    /** The kernel keeps a closed connection for its TIME_WAIT, 120 s, and one that was reset for 10 s. */
    public static final int CLOSED_SECONDS = 120;

    public static final int RESET_SECONDS = 10;
    private static final int RING = 128;

    private final Counters counters = new Counters();
    private final int[] expiresAt = new int[RING];
    private IpvsDestination config;
    private int active;
    private int unestablished;
    private int recentlyClosed;
    private int persistent;
    private boolean overloaded;
    private long hashWeight;
    /** Read without the lock, for each datagram. */
    private volatile boolean present = true;

    public LiveDestination(IpvsDestination config) {
        this.config = config;
        this.hashWeight = config.weight();
    }

    /** Whether it is in the table; a removed one keeps its connections. */
    public boolean isPresent() {
        return present;
    }

    public void present(boolean now) {
        present = now;
    }

    public Counters counters() {
        return counters;
    }

    public DestinationKey key() {
        return config.key();
    }

    IpvsDestination config() {
        return config;
    }

    /** {@code __ip_vs_update_dest}: a higher threshold, or none, ends the overload. */
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

    /** The last weight above 0: mh keeps its table while a destination has weight 0. */
    public long hashWeight() {
        return hashWeight;
    }

    public long active() {
        return active;
    }

    public long inactive() {
        return (long) unestablished + recentlyClosed;
    }

    long connections() {
        return active + inactive();
    }

    /** Whether the scheduler may choose it. */
    public boolean takesConnections() {
        return config.weight() > 0 && !overloaded;
    }

    /** Whether it has open connections, so that it must be kept after its removal. */
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

    /** One of its sides has closed: for the kernel it is no longer established. */
    public void closing() {
        active--;
        unestablished++;
    }

    /** The end of a connection that was never established, or of a session of datagrams. */
    public void gaveUp() {
        unestablished--;
        updateOverload();
    }

    /**
     * The end of a connection that was closing.
     *
     * @param seconds how long it is counted, less than {@link #RING}
     * @param second the current time, in whole seconds of a monotonic clock
     */
    public void closed(int seconds, long second) {
        unestablished--;
        recentlyClosed++;
        expiresAt[(int) ((second + seconds) % RING)]++;
    }

    public void persistent(int change) {
        persistent += change;
    }

    public void noneIsPersistent() {
        persistent = 0;
    }

    /** Called once a second: drops the closed connections that the kernel would have dropped. */
    public void second(long second) {
        int slot = (int) (second % RING);
        if (expiresAt[slot] > 0) {
            recentlyClosed -= expiresAt[slot];
            expiresAt[slot] = 0;
            updateOverload();
        }
    }

    private void updateOverload() {
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
