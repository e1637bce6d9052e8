package io.lvsd.snmp.agentx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.snmp.Walks;
import io.lvsd.snmp.agentx.AgentxPdu.Get;
import io.lvsd.snmp.agentx.AgentxPdu.GetBulk;
import io.lvsd.snmp.agentx.AgentxPdu.GetNext;
import io.lvsd.snmp.agentx.AgentxPdu.Header;
import io.lvsd.snmp.agentx.AgentxPdu.Query;
import io.lvsd.snmp.agentx.AgentxPdu.Response;
import io.lvsd.snmp.mib.MibTree;
import io.lvsd.snmp.mib.SampleTree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.IpAddress;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/** Responses to what a master requests, RFC 2741, section 7.2.3. */
final class AgentxRequestsTest {
    private static final OID NO_OID = new OID(new int[0]);
    private static final Optional<OctetString> NONE = Optional.empty();
    private static final OID END = SampleTree.FIRST.nextPeer();

    private final AgentxRequests requests = new AgentxRequests(new Walks());
    private int transaction;

    private Header header() {
        transaction++;
        return new Header(7, transaction, transaction);
    }

    private static SearchRange from(OID start) {
        return new SearchRange(start, false, END);
    }

    private Response respond(Query query, MibTree tree) {
        Response response = requests.respond(query, tree, 0);
        assertEquals(query.header(), response.header());
        return response;
    }

    private Response next(MibTree tree, SearchRange... ranges) {
        return respond(new GetNext(header(), NONE, List.of(ranges)), tree);
    }

    private Response bulk(MibTree tree, int nonRepeaters, int repetitions, SearchRange... ranges) {
        return respond(new GetBulk(header(), NONE, nonRepeaters, repetitions, List.of(ranges)), tree);
    }

    private static void assertBindings(Response response, Object... oidsAndValues) {
        List<Object> found = new ArrayList<>();
        response.bindings().forEach(b -> Collections.addAll(found, b.getOid(), b.getVariable()));
        assertEquals(0, response.error());
        assertEquals(Arrays.asList(oidsAndValues), found);
    }

    @Test
    void getHasTheValueOfEachInstance() {
        OID absentRow = SampleTree.instance(1, 9);
        OID absentColumn = SampleTree.instance(6, 2);
        OID absentObject = new OID("1.3.6.1.4.1.99999.1.3.0");
        List<SearchRange> ranges = List.of(
                new SearchRange(SampleTree.NUMBER, false, NO_OID),
                new SearchRange(absentRow, false, NO_OID),
                new SearchRange(absentColumn, false, NO_OID),
                new SearchRange(absentObject, false, NO_OID));
        assertBindings(
                respond(new Get(header(), NONE, ranges), SampleTree.of(4, 3)),
                SampleTree.NUMBER,
                new Integer32(4),
                absentRow,
                Null.noSuchInstance,
                absentColumn,
                Null.noSuchInstance,
                absentObject,
                Null.noSuchObject);
    }

    @Test
    void getNextHasTheFirstInstanceOfEachRange() {
        MibTree tree = SampleTree.of(4, 2);
        assertBindings(
                next(
                        tree,
                        from(SampleTree.FIRST),
                        from(SampleTree.NUMBER),
                        new SearchRange(SampleTree.NUMBER, true, END),
                        from(SampleTree.instance(7, 2))),
                SampleTree.NUMBER,
                new Integer32(4),
                SampleTree.instance(1, 1),
                new OctetString("row 1"),
                SampleTree.NUMBER,
                new Integer32(4),
                SampleTree.instance(7, 2),
                Null.endOfMibView);
    }

    @Test
    void theEndOfARangeIsNotInIt() {
        MibTree tree = SampleTree.of(4, 2);
        SearchRange none = new SearchRange(SampleTree.FIRST, true, SampleTree.NUMBER);
        SearchRange withoutEnd = new SearchRange(SampleTree.instance(7, 2), false, NO_OID);
        SearchRange everything = new SearchRange(NO_OID, true, NO_OID);
        assertBindings(
                next(tree, none, withoutEnd, everything),
                SampleTree.FIRST,
                Null.endOfMibView,
                SampleTree.NUMBER_AGAIN,
                new Integer32(4),
                SampleTree.NUMBER,
                new Integer32(4));
    }

    @Test
    void getBulkRepeatsTheRangesAfterTheFirstOnes() {
        assertBindings(
                bulk(
                        SampleTree.of(4, 2),
                        1,
                        2,
                        from(SampleTree.FIRST),
                        from(SampleTree.instance(1, 0)),
                        from(SampleTree.instance(6, 0))),
                SampleTree.NUMBER,
                new Integer32(4),
                SampleTree.instance(1, 1),
                new OctetString("row 1"),
                SampleTree.instance(6, 1),
                new IpAddress("10.0.0.1"),
                SampleTree.instance(1, 2),
                new OctetString("row 2"),
                SampleTree.instance(7, 1),
                new Integer32(1));
    }

    @Test
    void getBulkEndsWithTheFirstRepetitionThatFindsNothing() {
        SearchRange last = from(SampleTree.instance(7, 1));
        assertBindings(
                bulk(SampleTree.of(4, 2), 0, 60_000, last),
                SampleTree.instance(7, 2),
                new Integer32(1),
                SampleTree.instance(7, 2),
                Null.endOfMibView);
    }

    @Test
    void getBulkIsLimited() {
        MibTree tree = SampleTree.of(4, 5_000);
        SearchRange[] many = new SearchRange[100];
        Arrays.fill(many, from(SampleTree.FIRST));
        for (Response response : List.of(bulk(tree, 0, 60_000, from(SampleTree.FIRST)), bulk(tree, 0, 60_000, many))) {
            int bytes = response.bindings().stream().mapToInt(PduWriter::length).sum();
            assertTrue(bytes <= AgentxRequests.BULK_BYTES, () -> bytes + " bytes");
            assertTrue(bytes > AgentxRequests.BULK_BYTES / 2, () -> bytes + " bytes");
        }
        assertEquals(0, bulk(tree, 9, 0, from(SampleTree.FIRST)).error());
        assertEquals(0, bulk(tree, 0, 0, from(SampleTree.FIRST)).bindings().size());
    }

    @Test
    void whatDoesNotFitIsTooBig() {
        MibTree tree = SampleTree.of(4, 2);
        SearchRange[] tooMany = new SearchRange[AgentxRequests.MAX_RANGES + 1];
        Arrays.fill(tooMany, from(SampleTree.FIRST));
        Response response = next(tree, tooMany);
        assertTrue(response.isError(AgentxError.TOO_BIG));
        assertEquals(List.of(), response.bindings());

        int[] long128 = Arrays.copyOf(SampleTree.FIRST.getValue(), AgentxCodec.MAX_PARTS);
        SearchRange[] tooLong = new SearchRange[200];
        Arrays.fill(tooLong, new SearchRange(new OID(long128), false, NO_OID));
        assertTrue(respond(new Get(header(), NONE, List.of(tooLong)), tree).isError(AgentxError.TOO_BIG));
    }

    @Test
    void aContextIsNotSupported() {
        Query query = new Get(header(), Optional.of(new OctetString("other")), List.of(from(SampleTree.NUMBER)));
        assertTrue(respond(query, SampleTree.of(1, 1)).isError(AgentxError.UNSUPPORTED_CONTEXT));
    }

    /** Each request of a walk is sent when there is already a newer tree. */
    @Test
    void aWalkSeesOneTree() {
        List<Variable> numbers = new ArrayList<>();
        OID at = SampleTree.instance(2, 0);
        for (int number = 1; number <= 10; number++) {
            VariableBinding found =
                    next(SampleTree.of(number, 10), from(at)).bindings().getFirst();
            numbers.add(found.getVariable());
            at = found.getOid();
        }
        assertEquals(Collections.nCopies(10, numbers.getFirst()), numbers);
        assertEquals(1, numbers.getFirst().toInt());
    }

    @Test
    void aBulkWalkSeesOneTreeInEachColumn() {
        SearchRange[] columns = {from(SampleTree.instance(2, 0)), from(SampleTree.instance(3, 0))};
        for (int number = 1; number <= 5; number++) {
            List<VariableBinding> found =
                    bulk(SampleTree.of(number, 100), 0, 10, columns).bindings();
            assertEquals(20, found.size());
            assertTrue(found.stream().allMatch(b -> b.getVariable().toInt() == 1), found::toString);
            columns[0] = from(found.get(18).getOid());
            columns[1] = from(found.get(19).getOid());
        }
    }

    /** The master sends the manager less than it received, so that the walk continues in the middle. */
    @Test
    void aWalkThatContinuesInTheMiddleOfAResponseSeesOneTree() {
        bulk(SampleTree.of(1, 100), 0, 50, from(SampleTree.instance(2, 0)));
        Response second = bulk(SampleTree.of(2, 100), 0, 5, from(SampleTree.instance(2, 20)));
        assertEquals(1, second.bindings().getFirst().getVariable().toInt());
    }

    /** At the end of a subtree, the master requests the next one in the same transaction. */
    @Test
    void aWalkSeesOneTreeInAllSubtrees() {
        next(SampleTree.of(1, 1), from(SampleTree.instance(6, 1)));
        Header header = header();
        SearchRange last = from(SampleTree.instance(7, 1));
        Response end = respond(new GetNext(header, NONE, List.of(last)), SampleTree.of(2, 1));
        assertEquals(Null.endOfMibView, end.bindings().getFirst().getVariable());
        SearchRange second = new SearchRange(SampleTree.SECOND, true, SampleTree.SECOND.nextPeer());
        Response next = respond(new GetNext(header, NONE, List.of(second)), SampleTree.of(3, 1));
        assertEquals(1, next.bindings().getFirst().getVariable().toInt());
    }

    @Test
    void aNewWalkSeesThePresentTree() {
        SearchRange start = new SearchRange(SampleTree.FIRST, true, END);
        for (int number = 1; number < 4; number++) {
            assertEquals(number, first(next(SampleTree.of(number, 2), start)));
            assertEquals(number, first(bulk(SampleTree.of(number, 2), 0, 50, start)));
            assertFalse(bulk(SampleTree.of(number, 2), 0, 0, start).isError(AgentxError.TOO_BIG));
            next(SampleTree.of(number, 2), new SearchRange(SampleTree.FIRST, true, SampleTree.FIRST.successor()));
        }
    }

    private static int first(Response response) {
        return response.bindings().getFirst().getVariable().toInt();
    }
}
