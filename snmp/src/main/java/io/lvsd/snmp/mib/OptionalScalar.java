package io.lvsd.snmp.mib;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/**
 * A scalar object that may have no instance.
 *
 * @param value called for each request
 */
record OptionalScalar(OID base, Supplier<Optional<Variable>> value) implements Node {
    @Override
    public Variable get(OID oid) {
        return value.get().map(present -> Scalar.of(base, present).get(oid)).orElseGet(() -> Null.noSuchInstance);
    }

    @Override
    public @Nullable VariableBinding next(OID oid, boolean including, boolean narrow) {
        Optional<Variable> present = value.get();
        return present.isPresent() ? Scalar.of(base, present.get()).next(oid, including, narrow) : null;
    }

    @Override
    public Optional<Weight> weight(OID oid) {
        return Optional.empty();
    }
}
