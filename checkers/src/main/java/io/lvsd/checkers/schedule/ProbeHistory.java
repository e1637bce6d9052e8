package io.lvsd.checkers.schedule;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbePhases;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The last probes of each check, and when the next one is planned. One thread writes; any thread reads. Takes about
 * 900 bytes for each check.
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

    /** The entries of one check, in arrays, as most of them differ in numbers only. */
    private static final class Ring {
        private static final int NUMBERS = 6;

        // Guarded by this object, except for next.
        private final long[] numbers = new long[LENGTH * NUMBERS];
        private final @Nullable ProbeResult[] results = new ProbeResult[LENGTH];
        private int count;
        private int head;
        private volatile OptionalLong next = OptionalLong.empty();

        synchronized void add(ProbeReport report, long endedAt) {
            ProbePhases phases = report.phases();
            int at = head * NUMBERS;
            numbers[at] = endedAt;
            numbers[at + 1] = report.duration().toNanos();
            numbers[at + 2] = phases.connect();
            numbers[at + 3] = phases.tls();
            numbers[at + 4] = phases.firstByte();
            numbers[at + 5] = phases.status();
            results[head] = report.result();
            head = (head + 1) % LENGTH;
            count = Math.min(count + 1, LENGTH);
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
            int at = index * NUMBERS;
            long duration = numbers[at + 1];
            ProbeResult result = results[index];
            if (result == null) {
                throw new AssertionError("an entry has a result");
            }
            return new Entry(numbers[at], Duration.ofNanos(duration), phases(at, duration), result);
        }

        /** The last phase is the rest of the duration. */
        private ProbePhases phases(int at, long duration) {
            long connect = numbers[at + 2];
            long tls = numbers[at + 3];
            long firstByte = numbers[at + 4];
            long rest = firstByte == ProbePhases.NONE
                    ? ProbePhases.NONE
                    : duration - connect - Math.max(0, tls) - firstByte;
            return new ProbePhases(connect, tls, firstByte, rest, (int) numbers[at + 5]);
        }
    }
}
