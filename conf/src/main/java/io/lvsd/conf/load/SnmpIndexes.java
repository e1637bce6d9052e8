package io.lvsd.conf.load;

import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/** The row numbers that servers of one table have in LVS-MIB and KEEPALIVED-MIB. */
final class SnmpIndexes {
    private final String what;
    private final Problems problems;
    private final Map<Integer, First> seen = new HashMap<>();

    private record First(Object id, Origin origin) {}

    /** @param what the servers, for messages */
    SnmpIndexes(String what, Problems problems) {
        this.what = what;
        this.problems = problems;
    }

    /** Whether a server's number is not that of an earlier one, which is reported. */
    boolean isOwn(OptionalInt index, Object id, Origin origin) {
        First first = index.isPresent() ? seen.putIfAbsent(index.getAsInt(), new First(id, origin)) : null;
        if (first == null) {
            return true;
        }
        problems.error(
                origin,
                "duplicate snmp_index " + index.getAsInt() + ", ignored: it is that of " + what + " " + first.id(),
                "the first one is at " + first.origin());
        return false;
    }
}
