package io.lvsd.snmp.agent;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/** A limit of requests per second for each source address; a burst of one second is allowed. Loopback has none. Thread-safe. */
final class SourceLimits {
    /** Sources that are remembered; the one that was quiet for the longest time is forgotten first. */
    static final int MAX_SOURCES = 4_096;

    private static final long SECOND = 1_000_000_000L;

    private final long perSecond;
    // guarded by this
    private final Map<InetAddress, Long> times = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Long> eldest) {
            return size() > MAX_SOURCES;
        }
    };

    /** @param perSecond 0 is no limit */
    SourceLimits(int perSecond) {
        this.perSecond = perSecond;
    }

    /**
     * Counts a request.
     *
     * @param now monotonic nanoseconds
     * @return whether it is within the limit
     */
    synchronized boolean accepts(InetAddress source, long now) {
        if (perSecond == 0 || source.isLoopbackAddress()) {
            return true;
        }
        // The time at which requests at the allowed rate would have ended: at most a second ahead.
        Long known = times.get(source);
        long busyUntil = known == null || known - now < 0 ? now : known;
        if (busyUntil - now > SECOND - SECOND / perSecond) {
            return false;
        }
        times.put(source, busyUntil + SECOND / perSecond);
        return true;
    }
}
