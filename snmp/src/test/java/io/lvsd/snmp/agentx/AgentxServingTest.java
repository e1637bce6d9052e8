package io.lvsd.snmp.agentx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.model.SnmpConfig;
import io.lvsd.snmp.SnmpObserver.Delivery;
import io.lvsd.snmp.agentx.AgentxPdu.CleanupSet;
import io.lvsd.snmp.agentx.AgentxPdu.CommitSet;
import io.lvsd.snmp.agentx.AgentxPdu.Get;
import io.lvsd.snmp.agentx.AgentxPdu.Header;
import io.lvsd.snmp.agentx.AgentxPdu.Notify;
import io.lvsd.snmp.agentx.AgentxPdu.Ping;
import io.lvsd.snmp.agentx.AgentxPdu.Response;
import io.lvsd.snmp.agentx.AgentxPdu.TestSet;
import io.lvsd.snmp.agentx.AgentxPdu.UndoSet;
import io.lvsd.snmp.mib.MibTree;
import io.lvsd.snmp.mib.SampleTree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.snmp4j.mp.SnmpConstants;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.VariableBinding;

/** Requests and notifications of an open session. */
@Timeout(120)
final class AgentxServingTest {
    private static final OID NO_OID = new OID(new int[0]);
    private static final OID TRAP = new OID("1.3.6.1.4.1.99999.0.1");

    private final FakeSource source = new FakeSource();
    private final FakeObserver observer = new FakeObserver();

    @SuppressWarnings("NullAway.Init")
    private FakeMaster master;

    @SuppressWarnings("NullAway.Init")
    private AgentxSession session;

    @SuppressWarnings("NullAway.Init")
    private FakeMaster.Peer peer;

    @BeforeEach
    void open() throws Exception {
        master = FakeMaster.listenOnLoopback();
        open(AgentxSessionTest.PATIENT);
    }

    private void open(AgentxTimings timings) throws Exception {
        session = AgentxSession.start(
                new SnmpConfig.Agentx(master.socket(), true),
                true,
                List.of(SampleTree.FIRST),
                source,
                observer,
                "lvsd test",
                timings);
        peer = master.acceptSession(1);
    }

    /** Another session, whose requests have a deadline of some milliseconds. */
    private void reopenWithDeadline() throws Exception {
        session.close();
        AgentxTimings t = AgentxSessionTest.PATIENT;
        open(new AgentxTimings(
                t.response(),
                t.ping(),
                t.firstRetry(),
                t.maxRetry(),
                t.maxRegistration(),
                t.unwritable(),
                Duration.ofMillis(50)));
    }

    @AfterEach
    void close() throws Exception {
        session.close();
        master.close();
    }

    private Get get() {
        return new Get(peer.header(1), Optional.empty(), List.of(new SearchRange(SampleTree.NUMBER, false, NO_OID)));
    }

    private Response response(AgentxPdu request) throws Exception {
        Response response = peer.read(Response.class);
        assertEquals(request.header(), response.header());
        return response;
    }

    private void assertResponse(AgentxPdu request, AgentxError error) throws Exception {
        peer.write(request);
        assertEquals(
                AgentxError.text(error.code()),
                AgentxError.text(response(request).error()));
    }

    @Test
    void requestsAreServedInOrderWhileTheTreeIsRead() throws Exception {
        CompletableFuture<Optional<MibTree>> slow = new CompletableFuture<>();
        source.trees = () -> slow;
        Get first = get();
        Ping second = new Ping(peer.header(2), Optional.empty());
        Get third = get();
        peer.write(first);
        peer.write(second);
        peer.write(third);
        // the session still sends: it does not wait for the tree
        session.notify(TRAP, List.of());
        Notify notify = peer.read(Notify.class);
        assertFalse(peer.hasReceived());
        slow.complete(Optional.of(SampleTree.of(8, 1)));
        assertEquals(8, response(first).bindings().getFirst().getVariable().toInt());
        assertEquals(0, response(second).error());
        assertEquals(8, response(third).bindings().getFirst().getVariable().toInt());
        peer.respond(notify, AgentxError.NO_ERROR);
        observer.await(Delivery.SENT, 1);
    }

    @Test
    void manyRequestsWaitWithoutLoss() throws Exception {
        CompletableFuture<Optional<MibTree>> slow = new CompletableFuture<>();
        source.trees = () -> slow;
        List<Get> all = Stream.generate(this::get).limit(1_000).toList();
        for (Get request : all) {
            peer.write(request);
        }
        slow.complete(Optional.of(SampleTree.of(8, 1)));
        for (Get request : all) {
            assertEquals(0, response(request).error());
        }
    }

    @Test
    void withoutATreeTheResponseIsAnError() throws Exception {
        source.trees = () -> CompletableFuture.completedFuture(Optional.empty());
        assertResponse(get(), AgentxError.GEN_ERR);
        source.trees = () -> CompletableFuture.failedFuture(new IllegalStateException("test"));
        assertResponse(get(), AgentxError.GEN_ERR);
        source.trees = () -> {
            throw new IllegalStateException("test");
        };
        assertResponse(get(), AgentxError.GEN_ERR);
        source.trees = new FakeSource().trees;
        assertResponse(get(), AgentxError.NO_ERROR);
    }

    @Test
    void aTreeThatIsNotReadInTimeIsAnError() throws Exception {
        CompletableFuture<Optional<MibTree>> never = new CompletableFuture<>();
        source.trees = () -> never;
        reopenWithDeadline();
        assertResponse(get(), AgentxError.GEN_ERR);
        source.trees = new FakeSource().trees;
        assertResponse(get(), AgentxError.NO_ERROR);
        never.complete(Optional.of(SampleTree.of(1, 1)));
        assertResponse(get(), AgentxError.NO_ERROR);
    }

    @Test
    void requestsOfAnotherSessionAndUnexpectedPdusAreRefused() throws Exception {
        Get get = get();
        Header other = new Header(FakeMaster.Peer.SESSION + 1, 1, 1);
        assertResponse(new Get(other, Optional.empty(), get.ranges()), AgentxError.NOT_OPEN);
        Optional<OctetString> context = Optional.of(new OctetString("x"));
        assertResponse(new Get(peer.header(1), context, get.ranges()), AgentxError.UNSUPPORTED_CONTEXT);
        assertResponse(
                new AgentxPdu.Register(peer.header(1), Optional.empty(), 0, 127, TRAP), AgentxError.PROCESSING_ERROR);
        assertResponse(get, AgentxError.NO_ERROR);
    }

    private TestSet test(long transaction, int... rowsAndWeights) {
        List<VariableBinding> bindings = new ArrayList<>();
        for (int i = 0; i < rowsAndWeights.length; i += 2) {
            bindings.add(new VariableBinding(
                    SampleTree.instance(7, rowsAndWeights[i]), new Integer32(rowsAndWeights[i + 1])));
        }
        return new TestSet(peer.header(transaction), Optional.empty(), bindings);
    }

    private static FakeSource.Weight weight(int row, long weight) {
        return new FakeSource.Weight(SampleTree.server(row), weight, "snmp agentx");
    }

    @Test
    void severalWeightsAreSetInOneTransaction() throws Exception {
        assertResponse(test(5, 1, 100, 3, 0), AgentxError.NO_ERROR);
        assertEquals(List.of(), source.weights);
        assertResponse(new CommitSet(peer.header(5)), AgentxError.NO_ERROR);
        assertEquals(List.of(weight(1, 100), weight(3, 0)), source.weights);
        peer.write(new CleanupSet(peer.header(5)));
        // a CleanupSet has no response: the next one is that of the Get
        assertResponse(get(), AgentxError.NO_ERROR);
        assertResponse(new CommitSet(peer.header(5)), AgentxError.COMMIT_FAILED);
    }

    @Test
    void aCommitWaitsForTheWeight() throws Exception {
        CompletableFuture<Boolean> setting = new CompletableFuture<>();
        source.setting = _ -> setting;
        assertResponse(test(5, 1, 100, 2, 200), AgentxError.NO_ERROR);
        CommitSet commit = new CommitSet(peer.header(5));
        peer.write(commit);
        Get get = get();
        peer.write(get);
        session.notify(TRAP, List.of());
        peer.respond(peer.read(Notify.class), AgentxError.NO_ERROR);
        assertFalse(peer.hasReceived());
        setting.complete(true);
        assertEquals(0, response(commit).error());
        assertEquals(0, response(get).error());
        assertEquals(List.of(weight(1, 100), weight(2, 200)), source.weights);
    }

    @Test
    void undoRestoresTheWeightsBeforeTheOneThatWasRefused() throws Exception {
        source.setting = w -> CompletableFuture.completedFuture(w.weight() != 300);
        assertResponse(test(5, 1, 100, 2, 200, 3, 300), AgentxError.NO_ERROR);
        CommitSet commit = new CommitSet(peer.header(5));
        peer.write(commit);
        Response failed = response(commit);
        assertTrue(failed.isError(AgentxError.COMMIT_FAILED));
        assertEquals(3, failed.index());
        assertResponse(new UndoSet(peer.header(5)), AgentxError.NO_ERROR);
        assertEquals(List.of(weight(2, 200), weight(1, 100)), source.undone);
    }

    @Test
    void anUndoThatIsRefusedIsReported() throws Exception {
        assertResponse(test(5, 1, 100), AgentxError.NO_ERROR);
        assertResponse(new CommitSet(peer.header(5)), AgentxError.NO_ERROR);
        source.undoes = false;
        assertResponse(new UndoSet(peer.header(5)), AgentxError.UNDO_FAILED);
    }

    /** The weight is set later: UndoSet waits for it and restores it, and the weights after it are not set any more. */
    @Test
    void aCommitThatIsNotCompletedInTimeFails() throws Exception {
        CompletableFuture<Boolean> late = new CompletableFuture<>();
        source.setting = w -> w.weight() == 100 ? late : CompletableFuture.completedFuture(true);
        reopenWithDeadline();
        assertResponse(test(5, 1, 100, 2, 200), AgentxError.NO_ERROR);
        assertResponse(new CommitSet(peer.header(5)), AgentxError.COMMIT_FAILED);
        UndoSet undo = new UndoSet(peer.header(5));
        peer.write(undo);
        late.complete(true);
        assertEquals(0, response(undo).error());
        assertEquals(List.of(weight(1, 100)), source.weights);
        assertEquals(List.of(weight(1, 100)), source.undone);
    }

    @Test
    void aWeightThatFailsIsNotSet() throws Exception {
        source.setting = _ -> {
            throw new IllegalStateException("test");
        };
        assertResponse(test(5, 1, 100), AgentxError.NO_ERROR);
        assertResponse(new CommitSet(peer.header(5)), AgentxError.COMMIT_FAILED);
    }

    @Test
    void aNotificationBeginsWithItsIdentity() throws Exception {
        VariableBinding binding = new VariableBinding(SampleTree.NUMBER, new Integer32(1));
        session.notify(TRAP, List.of(binding));
        Notify notify = peer.read(Notify.class);
        assertEquals(List.of(new VariableBinding(SnmpConstants.snmpTrapOID, TRAP), binding), notify.bindings());
        peer.respond(notify, AgentxError.NO_ERROR);
        observer.await(Delivery.SENT, 1);
        session.notify(TRAP, List.of());
        peer.respond(peer.read(Notify.class), AgentxError.PROCESSING_ERROR);
        observer.await(Delivery.FAILED, 1);
    }

    @Test
    void aNotificationWithoutASessionFails() throws Exception {
        master.close();
        peer.awaitEnd();
        session.notify(TRAP, List.of());
        observer.await(Delivery.FAILED, 1);
    }

    @Test
    void aNotificationThatIsTooLongFails() throws Exception {
        session.notify(TRAP, List.of(new VariableBinding(TRAP, new OctetString(new byte[70_000]))));
        observer.await(Delivery.FAILED, 1);
        assertResponse(get(), AgentxError.NO_ERROR);
    }

    @Test
    void notificationsThatAreNotAcknowledgedAreLimited() throws Exception {
        for (int i = 0; i < AgentxSession.MAX_NOTIFICATIONS + 10; i++) {
            session.notify(TRAP, List.of());
        }
        observer.await(Delivery.DROPPED, 10);
        for (int i = 0; i < AgentxSession.MAX_NOTIFICATIONS - 1; i++) {
            peer.respond(peer.read(Notify.class), AgentxError.NO_ERROR);
        }
        observer.await(Delivery.SENT, AgentxSession.MAX_NOTIFICATIONS - 1);
        peer.read(Notify.class);
        peer.close();
        observer.await(Delivery.FAILED, 1);
    }

    @Test
    void theEventLoopIsNeverBlockedBySlowWeights() throws Exception {
        source.setting = _ -> new CompletableFuture<Boolean>().completeOnTimeout(true, 50, TimeUnit.MILLISECONDS);
        assertResponse(test(5, 1, 1, 2, 2, 3, 3), AgentxError.NO_ERROR);
        assertResponse(new CommitSet(peer.header(5)), AgentxError.NO_ERROR);
        assertEquals(3, source.weights.size());
    }
}
