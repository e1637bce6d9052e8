package io.lvsd.snmp.mib;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/**
 * Every instance of one moment, in lexicographic order. Immutable, thread-safe. A lookup costs the logarithm of the number of rows.
 */
public final class MibTree {
    private final List<Node> nodes;
    /** The bases of the nodes, as unsigned numbers, in the same order. */
    private final int[][] bases;

    MibTree(List<Node> nodes) {
        List<Node> sorted = new ArrayList<>(nodes);
        sorted.sort(Comparator.comparing(Node::base));
        this.nodes = sorted;
        this.bases = sorted.stream().map(node -> node.base().getValue()).toArray(int[][]::new);
    }

    /** The value of an instance; {@link Null#noSuchObject} or {@link Null#noSuchInstance} if it does not exist. */
    public Variable get(OID oid) {
        int index = last(oid);
        Node node = index < 0 ? null : nodes.get(index);
        return node != null && oid.startsWith(node.base()) ? node.get(oid) : Null.noSuchObject;
    }

    /**
     * The first instance after an identifier; null at the end.
     *
     * @param including whether an instance of that identifier itself counts
     * @param narrow whether instances of Counter64 are skipped, as SNMPv1 has no such type
     */
    public @Nullable VariableBinding next(OID oid, boolean including, boolean narrow) {
        for (int i = Math.max(0, last(oid)); i < nodes.size(); i++) {
            VariableBinding found = nodes.get(i).next(oid, including, narrow);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** The real server whose weight an instance is: the only object that can be set. */
    public Optional<Node.Weight> weight(OID oid) {
        int index = last(oid);
        return index < 0 ? Optional.empty() : nodes.get(index).weight(oid);
    }

    /** The index of the last node whose base is not after an identifier; -1 if there is none. */
    private int last(OID oid) {
        int[] parts = oid.getValue();
        int low = 0;
        int high = bases.length;
        while (low < high) {
            int middle = low + high >>> 1;
            if (Arrays.compareUnsigned(bases[middle], parts) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }
}
