package io.lvsd.core.engine;

import io.lvsd.core.plan.TableDifference;
import io.lvsd.core.plan.TableDifference.SorryAlias;
import io.lvsd.core.plan.TableDifference.Subject;
import io.lvsd.core.plan.WantedService;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * The comparison of the wanted table with one that another program maintains, in shadow mode.
 *
 * @param differing present differences of each service; one without any has no entry
 * @param closed past differences, the oldest first, {@link #MAX_CLOSED} at most
 * @param compared services as they were wanted at the last comparison, which shows whose change opened or closed a difference
 */
public record ShadowTable(
        PMap<ServiceKey, PMap<Subject, Open>> differing,
        PVector<Closed> closed,
        PMap<ServiceKey, WantedService> compared) {
    static final int MAX_CLOSED = 20_000;
    static final ShadowTable EMPTY = new ShadowTable(HashTreePMap.empty(), TreePVector.empty(), HashTreePMap.empty());

    /** Whose change it was. */
    public enum Side {
        /** It was there at the first comparison. */
        START,
        LVSD,
        /** The program that maintains the table. */
        OTHER
    }

    /** What the first side did. */
    public enum Direction {
        /** It took a destination, or a service, out of service. */
        OUT,
        /** It put it into service. */
        IN,
        /** It changed a weight or another setting. */
        CHANGE
    }

    /**
     * A present difference.
     *
     * @param first whose change opened it
     * @param since monotonic nanoseconds
     */
    public record Open(TableDifference difference, Side first, long since) {
        /** What the first side did; of a difference at the start, as if the other program had done it. */
        public Direction direction() {
            return switch (difference.kind()) {
                case MISSING -> first == Side.LVSD ? Direction.IN : Direction.OUT;
                case EXTRA -> first == Side.LVSD ? Direction.OUT : Direction.IN;
                case WEIGHT, SETTINGS -> Direction.CHANGE;
            };
        }
    }

    /**
     * A past difference.
     *
     * @param last whose change closed it: if it is not that of the first side, one side followed the other
     * @param at monotonic nanoseconds
     */
    public record Closed(Open opened, Side last, long at) {
        /** Whether the second side made the change of the first one. */
        public boolean isFollowed() {
            return last != opened.first();
        }
    }

    /** What a comparison found, for the log. */
    interface Report {
        void opened(Open open);

        void closed(Closed closed);
    }

    /** Compares one service; {@code wanted} is null if the configuration no longer has it. */
    ShadowTable compare(
            ServiceKey key,
            @Nullable WantedService wanted,
            @Nullable ServiceState actual,
            Optional<SorryAlias> sorry,
            long now,
            Report report) {
        WantedService before = compared.get(key);
        Side side = before == null ? Side.START : before.equals(wanted) ? Side.OTHER : Side.LVSD;
        Map<Subject, TableDifference> found =
                wanted == null ? Map.of() : TableDifference.of(key, wanted, actual, sorry);
        PMap<Subject, Open> present = differing.getOrDefault(key, HashTreePMap.empty());
        PMap<Subject, Open> nextOpen = present;
        PVector<Closed> nextClosed = closed;
        for (Open known : present.values()) {
            Subject subject = known.difference().subject();
            TableDifference is = found.get(subject);
            if (is == null || is.kind() != known.difference().kind()) {
                Closed end = new Closed(known, wanted == null ? Side.LVSD : side, now);
                nextOpen = nextOpen.minus(subject);
                nextClosed = nextClosed.size() < MAX_CLOSED
                        ? nextClosed.plus(end)
                        : nextClosed.minus(0).plus(end);
                report.closed(end);
            }
        }
        for (TableDifference difference : found.values()) {
            Open known = nextOpen.get(difference.subject());
            Open next = known == null
                    ? new Open(difference, side, now)
                    : new Open(difference, known.first(), known.since());
            if (known == null) {
                report.opened(next);
            }
            nextOpen = nextOpen.plus(difference.subject(), next);
        }
        return new ShadowTable(
                nextOpen.isEmpty() ? differing.minus(key) : differing.plus(key, nextOpen),
                nextClosed,
                wanted == null ? compared.minus(key) : compared.plus(key, wanted));
    }

    /** All present differences. */
    public List<Open> open() {
        return differing.values().stream()
                .flatMap(service -> service.values().stream())
                .toList();
    }
}
