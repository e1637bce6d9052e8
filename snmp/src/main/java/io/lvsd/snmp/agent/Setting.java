package io.lvsd.snmp.agent;

import io.lvsd.snmp.SnmpSource;
import io.lvsd.snmp.agent.AccessControl.Rights;
import io.lvsd.snmp.mib.MibTree;
import io.lvsd.snmp.mib.Node.Weight;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.snmp4j.PDU;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.VariableBinding;

/**
 * A SET of weights: everything is validated before anything is changed (RFC 3416, section 4.2.5).
 *
 * @param status error status, or noError
 * @param index of the variable that the error concerns, from 1
 */
record Setting(PDU request, List<Change> changes, int status, int index, String user, SnmpSource source) {
    private static final Duration TIMEOUT = Duration.ofSeconds(4);

    private record Change(Weight weight, int value) {}

    static Setting of(PDU request, Rights rights, MibTree tree, SnmpSource source) {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < request.size(); i++) {
            VariableBinding binding = request.get(i);
            int status = rights.write() ? status(binding, tree) : PDU.noAccess;
            if (status != PDU.noError) {
                return new Setting(request, List.of(), status, i + 1, rights.name(), source);
            }
            changes.add(new Change(
                    tree.weight(binding.getOid()).orElseThrow(),
                    binding.getVariable().toInt()));
        }
        return new Setting(request, changes, PDU.noError, 0, rights.name(), source);
    }

    private static int status(VariableBinding binding, MibTree tree) {
        Optional<Weight> weight = tree.weight(binding.getOid());
        if (weight.isEmpty()) {
            return PDU.notWritable;
        }
        if (!(binding.getVariable() instanceof Integer32 value)) {
            return PDU.wrongType;
        }
        return value.getValue() < 0 ? PDU.wrongValue : PDU.noError;
    }

    /** Carries it out, and fills the response. Waits until the weights are in effect. */
    void answer(PDU response, boolean isV1) {
        int failed = carryOut();
        // What was changed before the one that failed stays changed.
        int error = failed == 0 ? status : failed == 1 ? PDU.commitFailed : PDU.undoFailed;
        response.setErrorStatus(isV1 && error != PDU.noError ? PDU.noSuchName : error);
        response.setErrorIndex(error == PDU.undoFailed ? 0 : Math.max(index, failed));
        response.addAll(request.getVariableBindings());
    }

    /** The number of the first change that failed; 0 if all succeeded. */
    private int carryOut() {
        for (int i = 0; i < changes.size(); i++) {
            Change change = changes.get(i);
            Weight weight = change.weight();
            try {
                boolean done = source.setWeight(
                                weight.virtualServer(), weight.realServer(), change.value(), "snmp " + user)
                        .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
                if (!done) {
                    return i + 1;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return i + 1;
            } catch (ExecutionException | TimeoutException e) {
                return i + 1;
            }
        }
        return 0;
    }
}
