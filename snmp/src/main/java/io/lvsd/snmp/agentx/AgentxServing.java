package io.lvsd.snmp.agentx;

import io.lvsd.snmp.SnmpSource;
import io.lvsd.snmp.agentx.AgentxFrames.Frame;
import io.lvsd.snmp.agentx.AgentxPdu.CleanupSet;
import io.lvsd.snmp.agentx.AgentxPdu.Close;
import io.lvsd.snmp.agentx.AgentxPdu.CommitSet;
import io.lvsd.snmp.agentx.AgentxPdu.Notify;
import io.lvsd.snmp.agentx.AgentxPdu.Open;
import io.lvsd.snmp.agentx.AgentxPdu.Ping;
import io.lvsd.snmp.agentx.AgentxPdu.Query;
import io.lvsd.snmp.agentx.AgentxPdu.Register;
import io.lvsd.snmp.agentx.AgentxPdu.Response;
import io.lvsd.snmp.agentx.AgentxPdu.TestSet;
import io.lvsd.snmp.agentx.AgentxPdu.UndoSet;
import io.lvsd.snmp.agentx.AgentxPdu.Unregister;
import io.lvsd.snmp.mib.MibTree;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the requests of one connection strictly in order, and none while the master does not read. Used by the event loop of
 * the channel, which it never blocks.
 */
final class AgentxServing {
    private static final Logger LOG = LoggerFactory.getLogger(AgentxServing.class);
    /** Requests that wait; while there are more, the channel is not read. */
    private static final int MAX_WAITING = 64;

    private final Channel channel;
    private final long session;
    private final SnmpSource source;
    private final Duration limit;
    private final AgentxRequests requests;
    private final AgentxSets sets;
    private final WeightChanges weights;
    private final Queue<Frame> waiting = new ArrayDeque<>();

    private boolean busy;
    /** Number of the request that is processed; a completion with another number is too late. */
    private long serial;

    private @Nullable Future<?> deadline;

    /** @param limit within which a request is processed */
    AgentxServing(
            Channel channel,
            long session,
            SnmpSource source,
            Duration limit,
            AgentxRequests requests,
            AgentxSets sets) {
        this.channel = channel;
        this.session = session;
        this.source = source;
        this.limit = limit;
        this.requests = requests;
        this.sets = sets;
        this.weights = new WeightChanges(sets, source, channel.eventLoop());
    }

    /** Processes a request after those before it. */
    void add(Frame request) {
        waiting.add(request);
        proceed();
        if (waiting.size() >= MAX_WAITING) {
            channel.config().setAutoRead(false);
        }
    }

    /** Continues if the channel is writable. */
    void proceed() {
        while (!busy && channel.isWritable() && !waiting.isEmpty()) {
            begin(waiting.remove());
        }
        if (waiting.size() < MAX_WAITING / 2) {
            channel.config().setAutoRead(true);
        }
    }

    /** The connection has ended: what is being processed gets no response, and no further weight is set. */
    void end() {
        waiting.clear();
        sets.clear();
        serial++;
        busy = true;
        cancelDeadline();
    }

    private void begin(Frame request) {
        busy = true;
        long mine = ++serial;
        CompletableFuture<Response> response = process(request);
        if (response.isDone()) {
            finish(mine, request, response);
            return;
        }
        deadline = channel.eventLoop().schedule(() -> expire(mine, request), limit.toNanos(), TimeUnit.NANOSECONDS);
        var _ = response.whenCompleteAsync(
                (_, _) -> {
                    finish(mine, request, response);
                    proceed();
                },
                channel.eventLoop());
    }

    private CompletableFuture<Response> process(Frame request) {
        try {
            return switch (request) {
                case Frame.Whole whole -> process(whole.pdu());
                case Frame.TooLong tooLong ->
                    done(new Response(tooLong.header(), 0, AgentxError.TOO_BIG.code(), 0, List.of()));
                case Frame.Malformed _ -> new CompletableFuture<>();
            };
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Response> process(AgentxPdu pdu) {
        if (pdu.header().session() != session) {
            return done(Response.of(pdu, AgentxError.NOT_OPEN, 0));
        }
        return switch (pdu) {
            case Query query -> withTree(pdu, tree -> requests.respond(query, tree, System.nanoTime()));
            case TestSet test -> withTree(pdu, tree -> sets.test(test, tree));
            case CommitSet commit -> weights.commit(commit);
            case UndoSet undo -> weights.undo(undo);
            case CleanupSet cleanup -> {
                sets.end(cleanup.header());
                yield done(Response.of(pdu, List.of()));
            }
            case Ping _ -> done(Response.of(pdu, List.of()));
            case Open _, Close _, Register _, Unregister _, Notify _, Response _ ->
                done(Response.of(pdu, AgentxError.PROCESSING_ERROR, 0));
        };
    }

    private static CompletableFuture<Response> done(Response response) {
        return CompletableFuture.completedFuture(response);
    }

    /** Before the engine has started there is no tree: a retry of the client succeeds, so that the error is a passing one. */
    private CompletableFuture<Response> withTree(AgentxPdu pdu, Function<MibTree, Response> respond) {
        var tree = source.tree();
        Function<Optional<MibTree>, Response> next =
                t -> t.map(respond).orElseGet(() -> Response.of(pdu, AgentxError.GEN_ERR, 0));
        return tree.isDone() ? tree.thenApply(next) : tree.thenApplyAsync(next, channel.eventLoop());
    }

    private void expire(long mine, Frame request) {
        if (mine == serial && request instanceof Frame.Whole(AgentxPdu pdu)) {
            serial++;
            sets.stop(pdu.header());
            respond(pdu, failure(pdu));
            proceed();
        }
    }

    private void finish(long mine, Frame request, CompletableFuture<Response> response) {
        if (mine != serial) {
            return;
        }
        cancelDeadline();
        AgentxPdu pdu = request instanceof Frame.Whole whole ? whole.pdu() : null;
        if (response.isCompletedExceptionally() && pdu != null) {
            sets.stop(pdu.header());
            log(pdu, response.exceptionNow());
            respond(pdu, failure(pdu));
        } else {
            respond(pdu, response.join());
        }
    }

    private static void log(AgentxPdu pdu, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        LOG.atError()
                .addKeyValue("request", pdu.getClass().getSimpleName())
                .setCause(cause)
                .log("agentx_request.failed");
    }

    private static Response failure(AgentxPdu pdu) {
        return switch (pdu) {
            case CommitSet _ -> Response.of(pdu, AgentxError.COMMIT_FAILED, 0);
            case UndoSet _ -> Response.of(pdu, AgentxError.UNDO_FAILED, 0);
            default -> Response.of(pdu, AgentxError.GEN_ERR, 0);
        };
    }

    private void respond(@Nullable AgentxPdu request, Response response) {
        busy = false;
        if (!(request instanceof CleanupSet)) {
            AgentxChannels.write(channel, response);
        }
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }
}
