package io.lvsd.snmp.mib;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/** A table whose rows are collected when the first request needs them. Thread-safe. */
final class LazyTable implements Node {
    private final OID entry;
    private final Supplier<Table<?>> maker;
    private @Nullable Table<?> made;

    LazyTable(OID entry, Supplier<Table<?>> maker) {
        this.entry = entry;
        this.maker = maker;
    }

    private synchronized Table<?> table() {
        Table<?> table = made;
        if (table == null) {
            table = maker.get();
            made = table;
        }
        return table;
    }

    @Override
    public OID base() {
        return entry;
    }

    @Override
    public Variable get(OID oid) {
        return table().get(oid);
    }

    @Override
    public @Nullable VariableBinding next(OID oid, boolean including, boolean narrow) {
        return !oid.startsWith(entry) && oid.compareTo(entry) > 0 ? null : table().next(oid, including, narrow);
    }

    @Override
    public Optional<Weight> weight(OID oid) {
        return table().weight(oid);
    }
}
