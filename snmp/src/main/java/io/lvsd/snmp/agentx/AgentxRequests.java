package io.lvsd.snmp.agentx;

import io.lvsd.snmp.Walks;
import io.lvsd.snmp.agentx.AgentxPdu.Get;
import io.lvsd.snmp.agentx.AgentxPdu.GetBulk;
import io.lvsd.snmp.agentx.AgentxPdu.GetNext;
import io.lvsd.snmp.agentx.AgentxPdu.Header;
import io.lvsd.snmp.agentx.AgentxPdu.Query;
import io.lvsd.snmp.agentx.AgentxPdu.Response;
import io.lvsd.snmp.mib.MibTree;
import java.util.ArrayList;
import java.util.List;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.VariableBinding;

/**
 * Responses to Get, GetNext and GetBulk, RFC 2741, section 7.2.3, from trees. A walk is served from one tree as {@link Walks} has
 * it; the master does not state which of its clients a request is from, so that two clients at the same instance of a walk share
 * the tree of the later one. No input or output, no clock; used by one thread.
 */
final class AgentxRequests {
    /** Ranges of a request, at most; for more the response is tooBig. */
    static final int MAX_RANGES = 1_024;
    /** Repetitions of a GetBulk, at most. */
    static final int MAX_REPETITIONS = 1_000;
    /** Bytes of bindings after which the response to a GetBulk ends. */
    static final int BULK_BYTES = 32 * 1024;

    private static final int RESPONSE_FIELDS = 8;
    private static final OID NO_OID = new OID(new int[0]);

    private final Walks walks;

    AgentxRequests(Walks walks) {
        this.walks = walks;
    }

    /** The requests of one SNMP request, which may be for several subtrees. */
    private record Transaction(long session, long transaction) {
        static Transaction of(Header header) {
            return new Transaction(header.session(), header.transaction());
        }
    }

    /** Bindings, and the number of bytes that they have when encoded. */
    private static final class Bindings {
        private final List<VariableBinding> list = new ArrayList<>();
        private int bytes;

        void add(VariableBinding binding) {
            list.add(binding);
            bytes += PduWriter.length(binding);
        }

        boolean fit() {
            return bytes <= AgentxCodec.MAX_PAYLOAD - RESPONSE_FIELDS;
        }
    }

    /**
     * The response to a request.
     *
     * @param current the present tree
     * @param now monotonic nanoseconds
     */
    Response respond(Query request, MibTree current, long now) {
        if (request.context().isPresent()) {
            return Response.of(request, AgentxError.UNSUPPORTED_CONTEXT, 0);
        }
        if (request.ranges().size() > MAX_RANGES) {
            return Response.of(request, AgentxError.TOO_BIG, 0);
        }
        Bindings bindings = switch (request) {
            case Get get -> get(get, current);
            case GetNext next -> next(next, tree(next, current, now), now);
            case GetBulk bulk -> bulk(bulk, tree(bulk, current, now), now);
        };
        return bindings.fit() ? Response.of(request, bindings.list) : Response.of(request, AgentxError.TOO_BIG, 0);
    }

    private static Bindings get(Get request, MibTree tree) {
        Bindings bindings = new Bindings();
        for (SearchRange range : request.ranges()) {
            bindings.add(new VariableBinding(range.start(), tree.get(range.start())));
        }
        return bindings;
    }

    private Bindings next(GetNext request, MibTree tree, long now) {
        Bindings bindings = new Bindings();
        for (SearchRange range : request.ranges()) {
            VariableBinding found = next(range, tree);
            bindings.add(found);
            ended(request, found, tree, now);
        }
        return bindings;
    }

    private Bindings bulk(GetBulk request, MibTree tree, long now) {
        Bindings bindings = new Bindings();
        int single = Math.min(request.nonRepeaters(), request.ranges().size());
        for (SearchRange range : request.ranges().subList(0, single)) {
            VariableBinding found = next(range, tree);
            bindings.add(found);
            ended(request, found, tree, now);
        }
        List<SearchRange> repeated =
                request.ranges().subList(single, request.ranges().size());
        List<SearchRange> ranges = new ArrayList<>(repeated);
        int repetitions = ranges.isEmpty() ? 0 : Math.min(request.maxRepetitions(), MAX_REPETITIONS);
        for (int i = 0; i < repetitions && repeat(request, ranges, bindings, tree, now); i++) {}
        ranges.removeAll(repeated); // of those nothing was found
        ranges.forEach(range -> walks.ended(client(request), range.start(), tree, now));
        return bindings;
    }

    /**
     * Adds one instance of each range, and moves the ranges after them.
     *
     * @return whether a further repetition may find instances, and has room
     */
    private boolean repeat(GetBulk request, List<SearchRange> ranges, Bindings bindings, MibTree tree, long now) {
        boolean more = false;
        for (int i = 0; i < ranges.size(); i++) {
            VariableBinding found = next(ranges.get(i), tree);
            if (!bindings.list.isEmpty() && bindings.bytes + PduWriter.length(found) > BULK_BYTES) {
                return false;
            }
            bindings.add(found);
            if (i == 0 || found.isException()) {
                ended(request, found, tree, now);
            }
            if (!found.isException()) {
                more = true;
                ranges.set(
                        i, new SearchRange(found.getOid(), false, ranges.get(i).end()));
            }
        }
        return more;
    }

    private static VariableBinding next(SearchRange range, MibTree tree) {
        VariableBinding found = tree.next(range.start(), range.include(), false);
        return found != null && range.contains(found.getOid())
                ? found
                : new VariableBinding(range.start(), Null.endOfMibView);
    }

    /** The tree of the walk that one of the ranges continues, else that of the same transaction, else the present one. */
    private MibTree tree(Query request, MibTree current, long now) {
        for (SearchRange range : request.ranges()) {
            MibTree tree = walks.tree(client(request), range.start(), current, now);
            if (!isSame(tree, current)) {
                return tree;
            }
        }
        return walks.tree(Transaction.of(request.header()), NO_OID, current, now);
    }

    @SuppressWarnings("ReferenceEquality") // a tree has no other identity
    private static boolean isSame(MibTree one, MibTree other) {
        return one == other;
    }

    /** At the end of a range the master continues with another one, in the same transaction. */
    private void ended(Query request, VariableBinding last, MibTree tree, long now) {
        if (last.isException()) {
            walks.ended(Transaction.of(request.header()), NO_OID, tree, now);
        } else {
            walks.ended(client(request), last.getOid(), tree, now);
        }
    }

    /** Whose walk it is. */
    private static Object client(Query request) {
        return request.header().session();
    }
}
