package io.lvsd.snmp.mib;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.snmp4j.smi.OID;

/** Everything that is served. */
public final class Mibs {
    private Mibs() {}

    /**
     * The instances of one view.
     *
     * @param system of the stand-alone agent; none for a subagent, whose master serves it
     */
    public static MibTree tree(SnmpView view, SystemMib system) {
        List<Node> nodes = new ArrayList<>(system.nodes());
        nodes.addAll(LvsMib.nodes(view));
        nodes.addAll(KeepalivedMib.nodes(once(view.servers())));
        return new MibTree(nodes);
    }

    /** What a subagent registers. */
    public static List<OID> subtrees() {
        return List.of(LvsMib.BASE, KeepalivedMib.GLOBAL, KeepalivedMib.CHECK);
    }

    /** Calls the supplier once. */
    private static <T> Supplier<T> once(Supplier<T> supplier) {
        return new Supplier<>() {
            private @Nullable T value;

            @Override
            public synchronized T get() {
                T known = value;
                if (known == null) {
                    known = supplier.get();
                    value = known;
                }
                return known;
            }
        };
    }
}
