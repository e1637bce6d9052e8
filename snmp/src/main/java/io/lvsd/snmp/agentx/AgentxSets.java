package io.lvsd.snmp.agentx;

import io.lvsd.snmp.agentx.AgentxPdu.Header;
import io.lvsd.snmp.agentx.AgentxPdu.Response;
import io.lvsd.snmp.agentx.AgentxPdu.TestSet;
import io.lvsd.snmp.mib.MibTree;
import io.lvsd.snmp.mib.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/**
 * Transactions that set weights, RFC 2741, section 7.2.4: TestSet validates and stores what CommitSet then sets, UndoSet restores
 * it, CleanupSet ends the transaction. No input or output; used by one thread.
 */
final class AgentxSets {
    /** Transactions that have not ended, at most; the oldest one is removed for a further one. */
    static final int MAX_TRANSACTIONS = 16;

    /** Weights of a transaction, at most; for more the response is tooBig. */
    static final int MAX_BINDINGS = 256;

    private final boolean write;
    private final Map<Long, Transaction> transactions = new LinkedHashMap<>();

    /** @param write whether weights can be set */
    AgentxSets(boolean write) {
        this.write = write;
    }

    /**
     * One weight of a transaction.
     *
     * @param index of the binding, from 1 on
     * @param former weight at the time of the TestSet
     */
    record Change(int index, Node.Weight server, long former, long weight) {}

    private static final class Transaction {
        private final List<Change> changes;
        /** Changes that are, or may be, in effect. */
        private final List<Change> changed = new ArrayList<>();

        private boolean stopped;

        Transaction(List<Change> changes) {
            this.changes = List.copyOf(changes);
        }
    }

    /** Validates a TestSet, and stores it if it can be set. The response has the first binding that cannot be set. */
    Response test(TestSet request, MibTree tree) {
        if (request.context().isPresent()) {
            return Response.of(request, AgentxError.UNSUPPORTED_CONTEXT, 0);
        }
        if (request.bindings().size() > MAX_BINDINGS) {
            return Response.of(request, AgentxError.TOO_BIG, 0);
        }
        List<Change> changes = new ArrayList<>();
        for (VariableBinding binding : request.bindings()) {
            int index = changes.size() + 1;
            Optional<Node.Weight> server = write ? tree.weight(binding.getOid()) : Optional.empty();
            AgentxError error = server.isEmpty() ? AgentxError.NOT_WRITABLE : unfit(binding.getVariable());
            if (server.isEmpty() || error != AgentxError.NO_ERROR) {
                return Response.of(request, error, index);
            }
            long former = former(tree.get(binding.getOid()));
            changes.add(new Change(
                    index, server.get(), former, binding.getVariable().toLong()));
        }
        begin(request.header(), changes);
        return Response.of(request, List.of());
    }

    private static AgentxError unfit(Variable value) {
        if (!(value instanceof Integer32 weight)) {
            return AgentxError.WRONG_TYPE;
        }
        return weight.getValue() < 0 ? AgentxError.WRONG_VALUE : AgentxError.NO_ERROR;
    }

    private static long former(Variable value) {
        return value.isException() ? 0 : value.toLong();
    }

    private void begin(Header header, List<Change> changes) {
        transactions.remove(header.transaction());
        if (transactions.size() == MAX_TRANSACTIONS) {
            transactions.remove(transactions.keySet().iterator().next());
        }
        transactions.put(header.transaction(), new Transaction(changes));
    }

    /** What a CommitSet sets, in order; empty if there was no TestSet. */
    Optional<List<Change>> changes(Header header) {
        return Optional.ofNullable(transactions.get(header.transaction())).map(t -> t.changes);
    }

    /**
     * A change is about to be made: from now on, UndoSet restores the former weight.
     *
     * @return false if it must not be made, as the transaction was stopped or has ended
     */
    boolean begin(Header header, Change change) {
        Transaction transaction = transactions.get(header.transaction());
        if (transaction == null || transaction.stopped) {
            return false;
        }
        transaction.changed.add(change);
        return true;
    }

    /** A change was refused: it is not in effect. */
    void refused(Header header, Change change) {
        Transaction transaction = transactions.get(header.transaction());
        if (transaction != null) {
            transaction.changed.remove(change);
        }
    }

    /** No further change of a transaction begins: CommitSet has failed. */
    void stop(Header header) {
        Transaction transaction = transactions.get(header.transaction());
        if (transaction != null) {
            transaction.stopped = true;
        }
    }

    /** Changes that restore the weights before the CommitSet, the last one first. No further change begins. */
    List<Change> undo(Header header) {
        stop(header);
        Transaction transaction = transactions.get(header.transaction());
        List<Change> changed = transaction == null ? List.of() : transaction.changed;
        return changed.reversed().stream()
                .map(c -> new Change(c.index(), c.server(), c.weight(), c.former()))
                .toList();
    }

    /** Ends a transaction. */
    void end(Header header) {
        transactions.remove(header.transaction());
    }

    /** Ends all transactions. */
    void clear() {
        transactions.clear();
    }
}
