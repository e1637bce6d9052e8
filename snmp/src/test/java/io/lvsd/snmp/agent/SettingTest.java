package io.lvsd.snmp.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VsId;
import io.lvsd.snmp.SnmpSource;
import io.lvsd.snmp.agent.AccessControl.Rights;
import io.lvsd.snmp.mib.MibTree;
import io.lvsd.snmp.mib.SampleTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.snmp4j.PDU;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/** SET requests (RFC 3416, section 4.2.5). */
final class SettingTest implements SnmpSource {
    private static final long REFUSED = 300;
    private static final MibTree TREE = SampleTree.of(1, 3);
    private static final Rights WRITER = new Rights("w", List.of(), true);

    private final List<String> done = new ArrayList<>();
    private boolean undoes = true;

    @Override
    public CompletableFuture<Optional<MibTree>> tree() {
        return CompletableFuture.completedFuture(Optional.of(TREE));
    }

    @Override
    public CompletableFuture<Optional<Undo>> setWeight(VsId virtualServer, RsId realServer, long weight, String user) {
        if (weight == REFUSED) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        done.add(realServer + " " + weight + " " + user);
        return CompletableFuture.completedFuture(Optional.of(() -> {
            done.add("undo " + realServer);
            return CompletableFuture.completedFuture(undoes);
        }));
    }

    private static VariableBinding weight(int row, int weight) {
        return new VariableBinding(SampleTree.instance(7, row), new Integer32(weight));
    }

    /** Error status and index. */
    private List<Integer> set(Rights rights, boolean isV1, VariableBinding... bindings) {
        PDU request = new PDU();
        request.setType(PDU.SET);
        request.addAll(List.of(bindings));
        PDU response = new PDU();
        Setting.of(request, rights, TREE, this).answer(response, isV1);
        assertEquals(request.getVariableBindings(), response.getVariableBindings());
        return List.of(response.getErrorStatus(), response.getErrorIndex());
    }

    @Test
    void allWeightsAreSet() {
        assertEquals(List.of(PDU.noError, 0), set(WRITER, false, weight(1, 5), weight(2, 6)));
        assertEquals(List.of("10.0.0.1:80 5 snmp w", "10.0.0.2:80 6 snmp w"), done);
    }

    @Test
    void ifOneIsRefusedThoseBeforeItAreRestored() {
        VariableBinding[] bindings = {weight(1, 5), weight(2, 6), weight(3, (int) REFUSED)};
        assertEquals(List.of(PDU.commitFailed, 3), set(WRITER, false, bindings));
        assertEquals(List.of("undo 10.0.0.2:80", "undo 10.0.0.1:80"), done.subList(2, 4));
        undoes = false;
        assertEquals(List.of(PDU.undoFailed, 0), set(WRITER, false, bindings));
        undoes = true;
        assertEquals(List.of(PDU.noSuchName, 3), set(WRITER, true, bindings));
    }

    @Test
    void nothingIsSetIfOneBindingIsInvalid() {
        for (Variable invalid : List.of(new Integer32(-1), new OctetString("1"))) {
            int status = invalid instanceof Integer32 ? PDU.wrongValue : PDU.wrongType;
            VariableBinding binding = new VariableBinding(SampleTree.instance(7, 2), invalid);
            assertEquals(List.of(status, 2), set(WRITER, false, weight(1, 5), binding));
        }
        assertEquals(List.of(PDU.notWritable, 1), set(WRITER, false, weight(9, 5)));
        assertEquals(List.of(), done);
    }

    @Test
    void aUserWritesWithinItsViewsOnly() {
        Rights elsewhere = new Rights("w", List.of(new OID("1.3.6.1.2.1")), true);
        assertEquals(List.of(PDU.noAccess, 1), set(elsewhere, false, weight(1, 5)));
        Rights below = new Rights("w", List.of(SampleTree.FIRST), true);
        assertEquals(List.of(PDU.noError, 0), set(below, false, weight(1, 5)));
        assertEquals(List.of(PDU.noAccess, 1), set(new Rights("r", List.of(), false), false, weight(1, 5)));
        assertEquals(1, done.size());
    }
}
