package io.lvsd.checkers.schedule;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbePhases;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The last probes of each check, and when the next one is planned. One thread writes; any thread reads. Takes about
 * 150 bytes for a check, and 450 after twenty probes that only connect and have the same result; up to 800 otherwise. Durations are
 * exact to a microsecond.
 */
public final class ProbeHistory {
    /** Probes of a check that are kept. */
    public static final int LENGTH = 20;

    private final Map<CheckId, Ring> rings = new ConcurrentHashMap<>();

    /**
     * One probe.
     *
     * @param endedAt monotonic nanoseconds
     */
    public record Entry(long endedAt, Duration duration, ProbePhases phases, ProbeResult result) {}

    /** A probe has ended. */
    public void finished(CheckId check, ProbeReport report, long endedAt) {
        ring(check).add(report, endedAt);
    }

    /**
     * The next probe of a check is planned.
     *
     * @param at monotonic nanoseconds
     */
    public void planned(CheckId check, long at) {
        ring(check).next = at;
    }

    /** In most cases it exists, and is found without a lock. */
    private Ring ring(CheckId check) {
        Ring known = rings.get(check);
        return known != null ? known : rings.computeIfAbsent(check, _ -> new Ring());
    }

    /** The check is suspended: no probe is planned. */
    public void suspended(CheckId check) {
        Ring ring = rings.get(check);
        if (ring != null) {
            ring.next = Ring.NEVER;
        }
    }

    /** The check is gone. */
    public void forget(CheckId check) {
        rings.remove(check);
    }

    /** The last probes of a check, the latest one first, 20 at most; none for an unknown check. */
    public List<Entry> of(CheckId check) {
        Ring ring = rings.get(check);
        return ring == null ? List.of() : ring.entries();
    }

    /** The last probe of a check. */
    public Optional<Entry> last(CheckId check) {
        Ring ring = rings.get(check);
        return ring == null ? Optional.empty() : ring.last();
    }

    /**
     * When the next probe of a check is due, monotonic nanoseconds. In the past while a probe is in progress; empty for a
     * passive or suspended check.
     */
    public OptionalLong next(CheckId check) {
        Ring ring = rings.get(check);
        long next = ring == null ? Ring.NEVER : ring.next;
        return next == Ring.NEVER ? OptionalLong.empty() : OptionalLong.of(next);
    }

    /**
     * The entries of one check, in arrays that grow with the first probes, as most entries differ in numbers only. What most checks do
     * not need has an array only if an entry needs it.
     */
    private static final class Ring {
        /** No probe is planned. */
        static final long NEVER = Long.MIN_VALUE;

        private static final int FIRST_LENGTH = 2;
        private static final long[] NO_ENDS = {};
        private static final int[] NO_NUMBERS = {};
        private static final ProbeResult[] NO_RESULTS = {};

        // Numbers of each entry, and of each entry in the array of details.
        private static final int DURATION = 0;
        private static final int CONNECT = 1;
        private static final int TIMES = 2;
        private static final int TLS = 0;
        private static final int FIRST_BYTE = 1;
        private static final int STATUS = 2;
        private static final int DETAILS = 3;
        private static final int[] NO_DETAILS = {-1, -1, 0};
        private static final long NANOS_PER_MICRO = 1_000;

        // Guarded by this object, except for next.
        private long[] ends = NO_ENDS;
        /** Microseconds. */
        private int[] times = NO_NUMBERS;
        /** Microseconds, and the status; empty if no entry has any. */
        private int[] details = NO_NUMBERS;
        /** Empty if all results are the last one. */
        private @Nullable ProbeResult[] results = NO_RESULTS;

        private @Nullable ProbeResult last;
        private byte count;
        private byte head;
        private volatile long next = NEVER;

        synchronized void add(ProbeReport report, long endedAt) {
            if (count == ends.length && count < LENGTH) {
                grow(Math.min(LENGTH, Math.max(FIRST_LENGTH, count * 3)));
            }
            ProbePhases phases = report.phases();
            ends[head] = endedAt;
            times[head * TIMES + DURATION] = micros(report.duration().toNanos());
            times[head * TIMES + CONNECT] = micros(phases.connect());
            addDetails(phases);
            addResult(report.result());
            head = (byte) ((head + 1) % LENGTH);
            count = (byte) Math.min(count + 1, LENGTH);
        }

        private void addDetails(ProbePhases phases) {
            boolean isPlain = phases.tls() == ProbePhases.NONE
                    && phases.firstByte() == ProbePhases.NONE
                    && phases.status() == NO_DETAILS[STATUS];
            if (details.length == 0) {
                if (isPlain) {
                    return;
                }
                details = new int[ends.length * DETAILS];
                for (int i = 0; i < details.length; i++) {
                    details[i] = NO_DETAILS[i % DETAILS];
                }
            }
            details[head * DETAILS + TLS] = micros(phases.tls());
            details[head * DETAILS + FIRST_BYTE] = micros(phases.firstByte());
            details[head * DETAILS + STATUS] = phases.status();
        }

        private void addResult(ProbeResult result) {
            if (results.length == 0 && count > 0 && !result.equals(last)) {
                results = new ProbeResult[ends.length];
                Arrays.fill(results, last);
            }
            last = result;
            if (results.length > 0) {
                results[head] = result;
            }
        }

        /** Before the first entry is overwritten, the entries are in order from 0. */
        private void grow(int length) {
            ends = Arrays.copyOf(ends, length);
            times = Arrays.copyOf(times, length * TIMES);
            if (details.length > 0) {
                details = Arrays.copyOf(details, length * DETAILS);
            }
            if (results.length > 0) {
                results = Arrays.copyOf(results, length);
            }
        }

        private static int micros(long nanos) {
            return nanos == ProbePhases.NONE ? -1 : Math.clamp(nanos / NANOS_PER_MICRO, 0, Integer.MAX_VALUE);
        }

        private static long nanos(int micros) {
            return micros < 0 ? ProbePhases.NONE : micros * NANOS_PER_MICRO;
        }

        synchronized List<Entry> entries() {
            List<Entry> all = new ArrayList<>(count);
            for (int i = 1; i <= count; i++) {
                all.add(entry((head - i + LENGTH) % LENGTH));
            }
            return all;
        }

        synchronized Optional<Entry> last() {
            return count == 0 ? Optional.empty() : Optional.of(entry((head - 1 + LENGTH) % LENGTH));
        }

        private Entry entry(int index) {
            long duration = nanos(times[index * TIMES + DURATION]);
            ProbeResult result = results.length == 0 ? last : results[index];
            if (result == null) {
                throw new AssertionError("an entry has a result");
            }
            return new Entry(ends[index], Duration.ofNanos(duration), phases(index, duration), result);
        }

        private int detail(int index, int which) {
            return details.length == 0 ? NO_DETAILS[which] : details[index * DETAILS + which];
        }

        /** The last phase is the rest of the duration. */
        private ProbePhases phases(int index, long duration) {
            long connect = nanos(times[index * TIMES + CONNECT]);
            long tls = nanos(detail(index, TLS));
            long firstByte = nanos(detail(index, FIRST_BYTE));
            long rest = firstByte == ProbePhases.NONE
                    ? ProbePhases.NONE
                    : Math.max(0, duration - connect - Math.max(0, tls) - firstByte);
            return new ProbePhases(connect, tls, firstByte, rest, detail(index, STATUS));
        }
    }
}
