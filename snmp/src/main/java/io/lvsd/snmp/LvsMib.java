package io.lvsd.snmp;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.snmp4j.PDU;
import org.snmp4j.agent.DefaultMOScope;
import org.snmp4j.agent.MOScope;
import org.snmp4j.agent.mo.GenericManagedObject;
import org.snmp4j.agent.request.RequestStatus;
import org.snmp4j.agent.request.SubRequest;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.Variable;

/** The subtree of LVS-MIB, read only. One sorted map serves a whole request. Used by one thread. */
final class LvsMib implements GenericManagedObject {
    private static final OID END = LvsTables.BASE.nextPeer();

    private NavigableMap<OID, Variable> instances = new TreeMap<>();

    /** The instances for the next requests. */
    void use(NavigableMap<OID, Variable> current) {
        instances = current;
    }

    @Override
    public MOScope getScope() {
        return new DefaultMOScope(LvsTables.BASE, true, END, false);
    }

    @Override
    public @Nullable OID find(MOScope range) {
        Map.Entry<OID, Variable> entry = first(range);
        return entry == null ? null : entry.getKey();
    }

    private Map.@Nullable Entry<OID, Variable> first(MOScope range) {
        OID lower = range.getLowerBound();
        if (lower == null) {
            return instances.firstEntry();
        }
        return range.isLowerIncluded() ? instances.ceilingEntry(lower) : instances.higherEntry(lower);
    }

    @Override
    public void get(SubRequest<?> request) {
        OID oid = request.getVariableBinding().getOid();
        Variable value = instances.get(oid);
        request.getVariableBinding().setVariable(value != null ? value : absent(oid));
        request.completed();
    }

    /** No such instance of a known scalar or column, else no such object. */
    private Variable absent(OID oid) {
        int columnLength = LvsTables.BASE.size()
                + (oid.size() > LvsTables.BASE.size() && oid.get(LvsTables.BASE.size()) > 8 ? 3 : 1);
        if (oid.size() <= columnLength) {
            return Null.noSuchObject;
        }
        OID column = oid.subOID(0, columnLength);
        OID next = instances.higherKey(column);
        return next != null && next.startsWith(column) ? Null.noSuchInstance : Null.noSuchObject;
    }

    @Override
    @SuppressWarnings("deprecation") // the interface offers no other way to answer a GETNEXT
    public boolean next(SubRequest<?> request) {
        Map.Entry<OID, Variable> entry = first(request.getScope());
        if (entry == null) {
            return false;
        }
        request.getVariableBinding().setOid(new OID(entry.getKey()));
        request.getVariableBinding().setVariable(entry.getValue());
        request.completed();
        return true;
    }

    @Override
    public void prepare(SubRequest<?> request) {
        RequestStatus status = request.getStatus();
        status.setErrorStatus(PDU.notWritable);
    }

    @Override
    public void commit(SubRequest<?> request) {
        request.getStatus().setErrorStatus(PDU.commitFailed);
    }

    @Override
    public void undo(SubRequest<?> request) {
        request.completed();
    }

    @Override
    public void cleanup(SubRequest<?> request) {
        request.completed();
    }
}
