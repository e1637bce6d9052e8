package io.lvsd.snmp.agent;

import io.lvsd.snmp.SnmpSource;
import io.lvsd.snmp.SnmpSource.Undo;
import io.lvsd.snmp.agent.AccessControl.Rights;
import io.lvsd.snmp.mib.MibTree;
import io.lvsd.snmp.mib.Node.Weight;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
            boolean allowed = rights.write() && rights.isVisible(binding.getOid());
            int status = allowed ? status(binding, tree) : PDU.noAccess;
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

    /** Carries it out, and fills the response. Waits until the weights are in effect. If one fails, those before it are restored. */
    void answer(PDU response, boolean isV1) {
        List<Undo> done = new ArrayList<>();
        boolean complete = changes.stream().allMatch(change -> carryOut(change, done));
        int error = complete ? status : undo(done) ? PDU.commitFailed : PDU.undoFailed;
        response.setErrorStatus(isV1 && error != PDU.noError ? PDU.noSuchName : error);
        response.setErrorIndex(complete ? index : error == PDU.undoFailed ? 0 : done.size() + 1);
        response.addAll(request.getVariableBindings());
    }

    /** Whether a change is in effect. One that comes into effect later is restored then. */
    private boolean carryOut(Change change, List<Undo> done) {
        Weight weight = change.weight();
        CompletableFuture<Optional<Undo>> begun =
                source.setWeight(weight.virtualServer(), weight.realServer(), change.value(), "snmp " + user);
        Optional<Undo> undo = result(begun, Optional.empty());
        undo.ifPresent(done::add);
        if (!begun.isDone()) {
            var _ = Undo.of(begun);
        }
        return undo.isPresent();
    }

    private static boolean undo(List<Undo> done) {
        boolean complete = true;
        for (Undo undo : done.reversed()) {
            complete &= result(undo.undo(), false);
        }
        return complete;
    }

    private static <T> T result(CompletableFuture<T> future, T failed) {
        try {
            return future.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // As if it was refused.
        }
        return failed;
    }
}
