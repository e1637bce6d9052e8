package io.lvsd.snmp.agentx;

import io.lvsd.snmp.SnmpSource.Undo;
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
import java.util.concurrent.CompletableFuture;
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
     */
    record Change(int index, Node.Weight server, long weight) {}

    private static final class Transaction {
        private final List<Change> changes;
        /** Changes that have begun, in order. */
        private final List<CompletableFuture<Optional<Undo>>> begun = new ArrayList<>();

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
            changes.add(new Change(index, server.get(), binding.getVariable().toLong()));
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

    /** Whether changes of a transaction may begin: it was not stopped, and has not ended. */
    boolean mayBegin(Header header) {
        Transaction transaction = transactions.get(header.transaction());
        return transaction != null && !transaction.stopped;
    }

    /**
     * A change has begun: from now on, UndoSet undoes it.
     *
     * @param change completes when it is in effect, or was refused
     */
    void begun(Header header, CompletableFuture<Optional<Undo>> change) {
        Transaction transaction = transactions.get(header.transaction());
        if (transaction != null) {
            transaction.begun.add(change);
        }
    }

    /** No further change of a transaction begins: CommitSet has failed. */
    void stop(Header header) {
        Transaction transaction = transactions.get(header.transaction());
        if (transaction != null) {
            transaction.stopped = true;
        }
    }

    /** The changes that have begun, the last one first. No further change begins. */
    List<CompletableFuture<Optional<Undo>>> undo(Header header) {
        stop(header);
        Transaction transaction = transactions.get(header.transaction());
        return transaction == null ? List.of() : transaction.begun.reversed();
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
