package io.lvsd.snmp.agent;

import io.lvsd.snmp.mib.SystemMib;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.snmp4j.event.CounterEvent;
import org.snmp4j.event.CounterListener;
import org.snmp4j.smi.Counter32;
import org.snmp4j.smi.OID;

/** What SNMP4J counts: the group snmp, and the reasons for reports of SNMPv3. Thread-safe. */
public final class Counters implements CounterListener, SystemMib.Counters {
    private static final long MAX_32 = 0xffff_ffffL;

    /** By the instance: the object and 0. */
    private final Map<OID, AtomicLong> values = new ConcurrentHashMap<>();

    @Override
    public void incrementCounter(CounterEvent event) {
        long value = counter(event.getOid()).addAndGet(event.getIncrement());
        event.setCurrentValue(new Counter32(value & MAX_32));
    }

    private AtomicLong counter(OID instance) {
        return values.computeIfAbsent(instance, _ -> new AtomicLong());
    }

    /** Adds one, and returns the value. */
    long increment(OID instance) {
        return counter(instance).incrementAndGet();
    }

    @Override
    public long of(OID object) {
        AtomicLong value = values.get(new OID(object.getValue(), 0));
        return value == null ? 0 : value.get();
    }
}
