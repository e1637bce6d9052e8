package io.lvsd.snmp.mib;

import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VsId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/** A scalar, or a table: the instances whose identifiers begin with {@link #base()}. Immutable, thread-safe. */
public sealed interface Node permits Scalar, OptionalScalar, Table, LazyTable {
    /** The object of a scalar, or the entry of a table. */
    OID base();

    /** The value of an instance; {@code noSuchObject} or {@code noSuchInstance} if it does not exist. */
    Variable get(OID oid);

    /**
     * The first instance after an identifier; null if there is none in this node.
     *
     * @param including whether the instance of that identifier itself counts
     * @param narrow whether instances of Counter64 are skipped, as SNMPv1 has no such type
     */
    @Nullable
    VariableBinding next(OID oid, boolean including, boolean narrow);

    /** The real server whose weight an instance is. */
    Optional<Weight> weight(OID oid);

    /** The weight of a real server, which a request may set. */
    record Weight(VsId virtualServer, RsId realServer) {}
}
