package io.lvsd.snmp.agentx;

import io.lvsd.snmp.SnmpSource;
import io.lvsd.snmp.SnmpSource.Undo;
import io.lvsd.snmp.agentx.AgentxPdu.CommitSet;
import io.lvsd.snmp.agentx.AgentxPdu.Header;
import io.lvsd.snmp.agentx.AgentxPdu.Response;
import io.lvsd.snmp.agentx.AgentxPdu.UndoSet;
import io.lvsd.snmp.agentx.AgentxSets.Change;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** Carries out what {@link AgentxSets} has stored, one change after the other. Used by the event loop. */
final class WeightChanges {
    private static final String USER = "snmp agentx";

    private final AgentxSets sets;
    private final SnmpSource source;
    private final Executor loop;

    WeightChanges(AgentxSets sets, SnmpSource source, Executor loop) {
        this.sets = sets;
        this.source = source;
        this.loop = loop;
    }

    /** Sets the weights of a transaction up to the first one that is refused, which the response has. */
    CompletableFuture<Response> commit(CommitSet request) {
        Optional<List<Change>> changes = sets.changes(request.header());
        if (changes.isEmpty()) {
            return CompletableFuture.completedFuture(Response.of(request, AgentxError.COMMIT_FAILED, 0));
        }
        return commit(request.header(), changes.get().iterator())
                .thenApply(index -> index == 0
                        ? Response.of(request, List.of())
                        : Response.of(request, AgentxError.COMMIT_FAILED, index));
    }

    /** The index of the change that failed; 0 if none did. */
    private CompletableFuture<Integer> commit(Header header, Iterator<Change> rest) {
        if (!rest.hasNext()) {
            return CompletableFuture.completedFuture(0);
        }
        Change change = rest.next();
        if (!sets.mayBegin(header)) {
            return CompletableFuture.completedFuture(change.index());
        }
        CompletableFuture<Optional<Undo>> begun = source.setWeight(
                change.server().virtualServer(), change.server().realServer(), change.weight(), USER);
        sets.begun(header, begun);
        return onLoop(
                begun,
                undo -> undo.isPresent() ? commit(header, rest) : CompletableFuture.completedFuture(change.index()));
    }

    /**
     * Restores the weights of a transaction, and waits for changes that are not in effect yet. One that cannot be restored does not
     * prevent the others.
     */
    CompletableFuture<Response> undo(UndoSet request) {
        return undo(sets.undo(request.header()).iterator(), true).thenApply(done -> {
            sets.end(request.header());
            return done ? Response.of(request, List.of()) : Response.of(request, AgentxError.UNDO_FAILED, 0);
        });
    }

    private CompletableFuture<Boolean> undo(Iterator<CompletableFuture<Optional<Undo>>> rest, boolean done) {
        return rest.hasNext()
                ? onLoop(Undo.of(rest.next()), restored -> undo(rest, done && restored))
                : CompletableFuture.completedFuture(done);
    }

    /** Continues on the event loop; at once if there is nothing to wait for. */
    private <T, R> CompletableFuture<R> onLoop(CompletableFuture<T> future, Function<T, CompletableFuture<R>> next) {
        return future.isDone() ? future.thenCompose(next) : future.thenComposeAsync(next, loop);
    }
}
