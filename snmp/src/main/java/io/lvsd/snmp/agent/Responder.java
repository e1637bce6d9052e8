package io.lvsd.snmp.agent;

import io.lvsd.snmp.agent.AccessControl.Rights;
import io.lvsd.snmp.mib.MibTree;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snmp4j.PDU;
import org.snmp4j.smi.Counter64;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/** Answers GET, GETNEXT and GETBULK from one tree (RFC 3416, for v1 RFC 1157 and RFC 3584). Pure; its work is limited by the size of the response. */
final class Responder {
    /** The type, length, request id, error status and index of a PDU, and the length of its list. */
    private static final int PDU_OVERHEAD = 28;

    private final MibTree tree;
    private final Rights rights;
    private final boolean v1;
    private final int limit;
    private boolean truncated;

    /**
     * @param v1 whether the request is one of SNMPv1, which has no Counter64 and other errors
     * @param maxSize maximum size of the response PDU, in bytes
     */
    Responder(MibTree tree, Rights rights, boolean v1, int maxSize) {
        this.tree = tree;
        this.rights = rights;
        this.v1 = v1;
        this.limit = maxSize - PDU_OVERHEAD;
    }

    /** Whether the response has fewer variables than it was asked for, because of its size. */
    boolean isTruncated() {
        return truncated;
    }

    /** Fills a response, whose list is empty. */
    void answer(PDU request, PDU response) {
        switch (request.getType()) {
            case PDU.GET -> each(request, response, (oid, index) -> get(oid, index, response));
            case PDU.GETNEXT -> each(request, response, (oid, index) -> next(oid, index, response));
            case PDU.GETBULK -> bulk(request, response);
            default -> throw new IllegalArgumentException("type " + request.getType());
        }
    }

    private interface Lookup {
        /** @return null after an error, which is in the response */
        @Nullable
        VariableBinding find(OID oid, int index);
    }

    private void each(PDU request, PDU response, Lookup lookup) {
        int size = 0;
        for (int i = 0; i < request.size(); i++) {
            VariableBinding found = lookup.find(request.get(i).getOid(), i + 1);
            size += found == null ? 0 : found.getBERLength();
            if (found != null && size > limit) {
                error(response, PDU.tooBig, 0);
                truncated = true;
                found = null;
            }
            if (found == null) {
                copy(request, response);
                return;
            }
            response.add(found);
        }
    }

    /** The variables of a response with an error: those of the request, or none if these would not fit. */
    private void copy(PDU request, PDU response) {
        response.setVariableBindings(List.of());
        int size = 0;
        for (VariableBinding binding : request.getVariableBindings()) {
            size += binding.getBERLength();
        }
        boolean fits = size <= limit && (v1 || response.getErrorStatus() != PDU.tooBig);
        if (fits) {
            response.addAll(request.getVariableBindings());
        }
    }

    private static void error(PDU response, int status, int index) {
        response.setErrorStatus(status);
        response.setErrorIndex(index);
    }

    private @Nullable VariableBinding get(OID oid, int index, PDU response) {
        Variable value = rights.isVisible(oid) ? tree.get(oid) : Null.noSuchObject;
        if (v1 && (value instanceof Null || value instanceof Counter64)) {
            error(response, PDU.noSuchName, index);
            return null;
        }
        return new VariableBinding(oid, value);
    }

    private @Nullable VariableBinding next(OID oid, int index, PDU response) {
        VariableBinding found = next(oid);
        if (found == null && v1) {
            error(response, PDU.noSuchName, index);
        }
        return found == null && !v1 ? new VariableBinding(oid, Null.endOfMibView) : found;
    }

    private @Nullable VariableBinding next(OID oid) {
        if (rights.views().isEmpty()) {
            return tree.next(oid, false, v1);
        }
        for (OID view : rights.views()) {
            boolean before = oid.compareTo(view) < 0;
            if (before || oid.startsWith(view)) {
                VariableBinding found = tree.next(before ? view : oid, before, v1);
                if (found != null && found.getOid().startsWith(view)) {
                    return found;
                }
            }
        }
        return null;
    }

    /** Rows are added until one does not fit, or until every column is at its end. */
    private void bulk(PDU request, PDU response) {
        int single = Math.clamp(request.getNonRepeaters(), 0, request.size());
        int size = 0;
        OID[] last = new OID[request.size() - single];
        for (int i = 0; i < request.size(); i++) {
            OID oid = request.get(i).getOid();
            if (i >= single) {
                last[i - single] = oid;
                continue;
            }
            size = add(response, oid, size);
            if (size < 0) {
                return;
            }
        }
        boolean more = last.length > 0;
        for (int row = 0; more && row < request.getMaxRepetitions(); row++) {
            more = false;
            for (int i = 0; i < last.length; i++) {
                size = add(response, last[i], size);
                if (size < 0) {
                    return;
                }
                VariableBinding added = response.get(response.size() - 1);
                last[i] = added.getOid();
                more |= !(added.getVariable() instanceof Null);
            }
        }
    }

    /** Adds the instance after {@code oid}, and returns the size of the list; -1 if it does not fit. */
    private int add(PDU response, OID oid, int size) {
        VariableBinding found = next(oid);
        VariableBinding binding = found == null ? new VariableBinding(oid, Null.endOfMibView) : found;
        int next = size + binding.getBERLength();
        if (next > limit) {
            truncated = true;
            return -1;
        }
        response.add(binding);
        return next;
    }
}
