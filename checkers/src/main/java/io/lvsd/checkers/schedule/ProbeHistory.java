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
 * 200 bytes for a check, and 800 after twenty probes. Durations are exact to a microsecond.
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
        rings.computeIfAbsent(check, _ -> new Ring()).add(report, endedAt);
    }

    /**
     * The next probe of a check is planned.
     *
     * @param at monotonic nanoseconds
     */
    public void planned(CheckId check, long at) {
        rings.computeIfAbsent(check, _ -> new Ring()).next = OptionalLong.of(at);
    }

    /** The check is suspended: no probe is planned. */
    public void suspended(CheckId check) {
        Ring ring = rings.get(check);
        if (ring != null) {
            ring.next = OptionalLong.empty();
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
        return ring == null ? OptionalLong.empty() : ring.next;
    }

    /** The entries of one check, in arrays that grow with the first probes, as most entries differ in numbers only. */
    private static final class Ring {
        private static final int FIRST_LENGTH = 2;
        private static final int DURATION = 0;
        private static final int CONNECT = 1;
        private static final int TLS = 2;
        private static final int FIRST_BYTE = 3;
        private static final int STATUS = 4;
        private static final int NUMBERS = 5;
        private static final long NANOS_PER_MICRO = 1_000;

        // Guarded by this object, except for next.
        private long[] ends = new long[0];
        /** Microseconds, and the status. */
        private int[] numbers = new int[0];

        private @Nullable ProbeResult[] results = new ProbeResult[0];
        private int count;
        private int head;
        private volatile OptionalLong next = OptionalLong.empty();

        synchronized void add(ProbeReport report, long endedAt) {
            if (count == ends.length && count < LENGTH) {
                grow(Math.min(LENGTH, Math.max(FIRST_LENGTH, count * 3)));
            }
            ProbePhases phases = report.phases();
            int at = head * NUMBERS;
            ends[head] = endedAt;
            numbers[at + DURATION] = micros(report.duration().toNanos());
            numbers[at + CONNECT] = micros(phases.connect());
            numbers[at + TLS] = micros(phases.tls());
            numbers[at + FIRST_BYTE] = micros(phases.firstByte());
            numbers[at + STATUS] = phases.status();
            results[head] = report.result();
            head = (head + 1) % LENGTH;
            count = Math.min(count + 1, LENGTH);
        }

        /** Before the first entry is overwritten, the entries are in order from 0. */
        private void grow(int length) {
            ends = Arrays.copyOf(ends, length);
            numbers = Arrays.copyOf(numbers, length * NUMBERS);
            results = Arrays.copyOf(results, length);
        }

        private static int micros(long nanos) {
            return nanos == ProbePhases.NONE ? -1 : Math.clamp(nanos / NANOS_PER_MICRO, 0, Integer.MAX_VALUE);
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
            long duration = nanos(index, DURATION);
            ProbeResult result = results[index];
            if (result == null) {
                throw new AssertionError("an entry has a result");
            }
            return new Entry(ends[index], Duration.ofNanos(duration), phases(index, duration), result);
        }

        private long nanos(int index, int which) {
            int micros = numbers[index * NUMBERS + which];
            return micros < 0 ? ProbePhases.NONE : micros * NANOS_PER_MICRO;
        }

        /** The last phase is the rest of the duration. */
        private ProbePhases phases(int index, long duration) {
            long connect = nanos(index, CONNECT);
            long tls = nanos(index, TLS);
            long firstByte = nanos(index, FIRST_BYTE);
            long rest = firstByte == ProbePhases.NONE
                    ? ProbePhases.NONE
                    : Math.max(0, duration - connect - Math.max(0, tls) - firstByte);
            return new ProbePhases(connect, tls, firstByte, rest, numbers[index * NUMBERS + STATUS]);
        }
    }
}
