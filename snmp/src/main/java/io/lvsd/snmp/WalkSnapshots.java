package io.lvsd.snmp;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Supplier;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.Variable;

/**
 * Serves each walk from one snapshot: a request that continues from an instance of the last snapshot of its peer uses that
 * snapshot, any other request uses a new one. Used by one thread.
 */
final class WalkSnapshots {
    private static final long KEEP_NANOS = java.time.Duration.ofSeconds(10).toNanos();
    private static final int MAX_PEERS = 64;

    private record Pin(NavigableMap<OID, Variable> instances, long lastUsed) {}

    private final Map<Object, Pin> pins = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Pin> eldest) {
            return size() > MAX_PEERS;
        }
    };

    /** The snapshot for a GETNEXT or GETBULK of a peer from {@code oid} on. */
    NavigableMap<OID, Variable> walk(Object peer, OID oid, long now, Supplier<NavigableMap<OID, Variable>> fresh) {
        Pin pin = pins.get(peer);
        boolean goesOn = pin != null
                && now - pin.lastUsed() < KEEP_NANOS
                && pin.instances().containsKey(oid);
        NavigableMap<OID, Variable> instances = pin != null && goesOn ? pin.instances() : fresh.get();
        pins.put(peer, new Pin(instances, now));
        return instances;
    }
}
