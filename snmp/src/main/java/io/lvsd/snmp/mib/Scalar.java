package io.lvsd.snmp.mib;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/**
 * A scalar object, whose only instance is {@code base.0}.
 *
 * @param value computed for each request
 */
record Scalar(OID base, Supplier<Variable> value) implements Node {
    /** A scalar that does not change. */
    static Scalar of(OID base, Variable value) {
        return new Scalar(base, () -> value);
    }

    private OID instance() {
        return new OID(base.getValue(), 0);
    }

    @Override
    public Variable get(OID oid) {
        if (oid.equals(instance())) {
            return value.get();
        }
        return oid.size() > base.size() ? Null.noSuchInstance : Null.noSuchObject;
    }

    @Override
    public @Nullable VariableBinding next(OID oid, boolean including, boolean narrow) {
        OID instance = instance();
        int order = instance.compareTo(oid);
        return order > 0 || including && order == 0 ? new VariableBinding(instance, value.get()) : null;
    }

    @Override
    public Optional<Weight> weight(OID oid) {
        return Optional.empty();
    }
}
