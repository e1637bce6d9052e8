package io.lvsd.core.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits the requests, and the wrong tokens, of each client address and of all together. IPv6 addresses of one network of 64
 * bits count as one. Knows a limited number of addresses, the ones that were used last. Used by one thread.
 */
final class RateLimits {
    private static final int MAX_ADDRESSES = 4_096;
    /** Wrong tokens of one address: five, and then one in 12 s. */
    private static final int FAILURES = 5;

    private static final double FAILURES_PER_SECOND = 1 / 12.0;
    /** Wrong tokens of all addresses. */
    private static final int ALL_FAILURES = 50;

    private static final double ALL_FAILURES_PER_SECOND = 1;
    /** All addresses together may send so many times the requests of one. */
    private static final int ALL = 8;

    /** Owners of tokens that are remembered for each address. */
    private static final int MAX_OWNERS = 16;

    private final double requestsPerSecond;
    private final LongSupplier clock;
    private final Bucket requests;
    private final Bucket failures;
    private final Map<Long, Peer> peers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.@Nullable Entry<Long, Peer> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    /**
     * @param requestsPerSecond of one address; a burst may have three times as many
     * @param clock monotonic, in nanoseconds
     */
    RateLimits(double requestsPerSecond, LongSupplier clock) {
        this.requestsPerSecond = requestsPerSecond;
        this.clock = clock;
        this.requests = new Bucket(3 * ALL * requestsPerSecond, ALL * requestsPerSecond, clock.getAsLong());
        this.failures = new Bucket(ALL_FAILURES, ALL_FAILURES_PER_SECOND, clock.getAsLong());
    }

    /** A token bucket. */
    private static final class Bucket {
        private final double capacity;
        private final double perSecond;
        private double left;
        private long at;

        Bucket(double capacity, double perSecond, long now) {
            this.capacity = capacity;
            this.perSecond = perSecond;
            this.left = capacity;
            this.at = now;
        }

        boolean isEmpty(long now) {
            left = Math.min(capacity, left + (now - at) * perSecond / TimeUnit.SECONDS.toNanos(1));
            at = now;
            return left < 1;
        }

        void take() {
            left--;
        }

        /** Seconds until it is not empty, rounded up. */
        long secondsLeft(long now) {
            return isEmpty(now) ? Math.max(1, (long) Math.ceil((1 - left) / perSecond)) : 0;
        }
    }

    private final class Peer {
        private final Bucket ofRequests = new Bucket(3 * requestsPerSecond, requestsPerSecond, clock.getAsLong());
        private final Bucket ofFailures = new Bucket(FAILURES, FAILURES_PER_SECOND, clock.getAsLong());
        /** Of correct tokens. */
        private final Set<String> owners = new LinkedHashSet<>();
    }

    private Peer peer(InetAddress address) {
        return peers.computeIfAbsent(network(address), _ -> new Peer());
    }

    private static long network(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet6Address
                ? bytes.getLong()
                : 0xffff_0000_0000L << 16 | bytes.getInt() & 0xffff_ffffL;
    }

    /**
     * Counts a request.
     *
     * @return seconds until another one is accepted; 0 if this one is
     */
    long request(InetAddress address) {
        long now = clock.getAsLong();
        Peer peer = peer(address);
        long wait = Math.max(peer.ofRequests.secondsLeft(now), requests.secondsLeft(now));
        if (wait == 0) {
            peer.ofRequests.take();
            requests.take();
        }
        return wait;
    }

    /**
     * Whether tokens of an address are accepted. An address that has presented a correct token is not affected by the wrong
     * ones of others.
     *
     * @return seconds until the next one is; 0 if it is now
     */
    long attempt(InetAddress address) {
        long now = clock.getAsLong();
        Peer peer = peer(address);
        long wait = peer.ofFailures.secondsLeft(now);
        return !peer.owners.isEmpty() ? wait : Math.max(wait, failures.secondsLeft(now));
    }

    /** An address presented a wrong token. */
    void failed(InetAddress address) {
        Peer peer = peer(address);
        peer.ofFailures.take();
        failures.take();
    }

    /** An address presented the correct token of an owner. */
    void succeeded(InetAddress address, String owner) {
        Set<String> owners = peer(address).owners;
        if (owners.size() < MAX_OWNERS) {
            owners.add(owner);
        }
    }

    /** Whether an address has presented a correct token of this owner before. */
    boolean hasSucceeded(InetAddress address, String owner) {
        return peer(address).owners.contains(owner);
    }
}
