package io.lvsd.snmp.agentx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.snmp.SnmpSource.Undo;
import io.lvsd.snmp.agentx.AgentxPdu.Header;
import io.lvsd.snmp.agentx.AgentxPdu.Response;
import io.lvsd.snmp.agentx.AgentxPdu.TestSet;
import io.lvsd.snmp.agentx.AgentxSets.Change;
import io.lvsd.snmp.mib.MibTree;
import io.lvsd.snmp.mib.SampleTree;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.snmp4j.smi.Gauge32;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/** Transactions that set weights, RFC 2741, section 7.2.4. */
final class AgentxSetsTest {
    private static final MibTree TREE = SampleTree.of(1, 3, row -> 10 * row);
    private static final OID WEIGHT = SampleTree.instance(7, 1);

    private final AgentxSets sets = new AgentxSets(true);

    private static Header header(long transaction) {
        return new Header(1, transaction, 5);
    }

    private static TestSet request(long transaction, VariableBinding... bindings) {
        return new TestSet(header(transaction), Optional.empty(), List.of(bindings));
    }

    private static VariableBinding weight(int row, int weight) {
        return new VariableBinding(SampleTree.instance(7, row), new Integer32(weight));
    }

    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of("the least weight", true, WEIGHT, new Integer32(0), AgentxError.NO_ERROR),
                Arguments.of("the greatest weight", true, WEIGHT, new Integer32(2147483647), AgentxError.NO_ERROR),
                Arguments.of("a negative weight", true, WEIGHT, new Integer32(-1), AgentxError.WRONG_VALUE),
                Arguments.of("an unsigned number", true, WEIGHT, new Gauge32(1), AgentxError.WRONG_TYPE),
                Arguments.of("a text", true, WEIGHT, new OctetString("1"), AgentxError.WRONG_TYPE),
                Arguments.of(
                        "a row that does not exist",
                        true,
                        SampleTree.instance(7, 9),
                        new Integer32(1),
                        AgentxError.NOT_WRITABLE),
                Arguments.of(
                        "another column",
                        true,
                        SampleTree.instance(1, 1),
                        new OctetString("x"),
                        AgentxError.NOT_WRITABLE),
                Arguments.of("a scalar", true, SampleTree.NUMBER, new Integer32(1), AgentxError.NOT_WRITABLE),
                Arguments.of("writing is disabled", false, WEIGHT, new Integer32(1), AgentxError.NOT_WRITABLE),
                Arguments.of(
                        "writing is disabled, wrong type", false, WEIGHT, new Gauge32(1), AgentxError.NOT_WRITABLE));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("values")
    void testSetValidates(String name, boolean write, OID oid, Variable value, AgentxError expected) {
        AgentxSets tested = new AgentxSets(write);
        Response response = tested.test(request(1, new VariableBinding(oid, value)), TREE);
        assertEquals(expected.code(), response.error(), name);
        assertEquals(expected == AgentxError.NO_ERROR ? 0 : 1, response.index());
        assertEquals(expected == AgentxError.NO_ERROR, tested.changes(header(1)).isPresent());
    }

    @Test
    void theFirstBindingThatCannotBeSetIsReported() {
        Response response = sets.test(request(1, weight(1, 5), weight(2, -5), weight(9, 5)), TREE);
        assertEquals(AgentxError.WRONG_VALUE.code(), response.error());
        assertEquals(2, response.index());
        assertEquals(Optional.empty(), sets.changes(header(1)));
    }

    @Test
    void aContextIsNotSupported() {
        TestSet request = new TestSet(header(1), Optional.of(new OctetString("x")), List.of(weight(1, 5)));
        assertTrue(sets.test(request, TREE).isError(AgentxError.UNSUPPORTED_CONTEXT));
    }

    @Test
    void tooManyBindingsAreTooBig() {
        VariableBinding[] many =
                Collections.nCopies(AgentxSets.MAX_BINDINGS + 1, weight(1, 5)).toArray(VariableBinding[]::new);
        assertTrue(sets.test(request(1, many), TREE).isError(AgentxError.TOO_BIG));
    }

    @Test
    void aTransactionHasSeveralWeights() {
        sets.test(request(1, weight(1, 5), weight(3, 6)), TREE);
        assertEquals(
                List.of(new Change(1, SampleTree.server(1), 5), new Change(2, SampleTree.server(3), 6)),
                sets.changes(header(1)).orElseThrow());
    }

    @Test
    void undoConcernsWhatHasBegunInReverseOrder() {
        sets.test(request(1, weight(1, 5), weight(2, 6), weight(3, 7)), TREE);
        CompletableFuture<Optional<Undo>> first = new CompletableFuture<>();
        CompletableFuture<Optional<Undo>> second = new CompletableFuture<>();
        assertTrue(sets.mayBegin(header(1)));
        sets.begun(header(1), first);
        sets.begun(header(1), second);
        assertEquals(List.of(second, first), sets.undo(header(1)));
    }

    /** CommitSet was late: its master has already been answered. */
    @Test
    void noChangeBeginsAfterATransactionWasStopped() {
        sets.test(request(1, weight(1, 5), weight(2, 6)), TREE);
        sets.begun(header(1), new CompletableFuture<>());
        assertEquals(1, sets.undo(header(1)).size());
        assertFalse(sets.mayBegin(header(1)));
        sets.end(header(1));
        assertFalse(sets.mayBegin(header(1)));
        assertEquals(List.of(), sets.undo(header(1)));
    }

    @Test
    void transactionsThatDoNotEndAreLimited() {
        for (int i = 0; i <= AgentxSets.MAX_TRANSACTIONS; i++) {
            sets.test(request(i, weight(1, i)), TREE);
        }
        assertEquals(Optional.empty(), sets.changes(header(0)));
        assertTrue(sets.changes(header(1)).isPresent());
        assertTrue(sets.changes(header(AgentxSets.MAX_TRANSACTIONS)).isPresent());
    }
}
