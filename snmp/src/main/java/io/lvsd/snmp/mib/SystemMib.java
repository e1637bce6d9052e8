package io.lvsd.snmp.mib;

import static io.lvsd.snmp.mib.KeepalivedMib.below;
import static io.lvsd.snmp.mib.Values.integer;
import static io.lvsd.snmp.mib.Values.text;

import io.lvsd.conf.model.SnmpConfig.SystemGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.snmp4j.mp.SnmpConstants;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.TimeTicks;

/**
 * The groups {@code system} and {@code snmp} of SNMPv2-MIB (RFC 3418), and {@code snmpEngine} of SNMP-FRAMEWORK-MIB (RFC 3411),
 * which the agent itself serves. Thread-safe.
 */
public final class SystemMib {
    /** {@code sysUpTime.0}, with which a notification begins. */
    public static final OID UP_TIME = SnmpConstants.sysUpTime;
    /** {@code snmpTrapOID.0}. */
    public static final OID TRAP_OID = SnmpConstants.snmpTrapOID;

    /** Requests have at most so many bytes; {@code snmpEngineMaxMessageSize}. */
    public static final int MAX_REQUEST = 8_192;

    private static final OID SYSTEM = new OID("1.3.6.1.2.1.1");
    private static final OID SNMP = new OID("1.3.6.1.2.1.11");
    private static final OID ENGINE = new OID("1.3.6.1.6.3.10.2.1");
    /** Applications (64) and, as a director forwards packets, transport (8). */
    private static final int SERVICES = 72;
    /** Notifications about wrong communities are not sent: disabled(2). */
    private static final int DISABLED = 2;

    private static final long NANOS_PER_TICK = 10_000_000;
    private static final long TICKS = 1L << 32;
    /**
     * snmpInPkts, snmpInBadVersions, snmpInBadCommunityNames, snmpInBadCommunityUses, snmpInASNParseErrs, snmpSilentDrops,
     * snmpProxyDrops.
     */
    private static final int[] COUNTERS = {1, 3, 4, 5, 6, 31, 32};

    private final Identity identity;
    private final SystemGroup configured;
    private final Engine engine;
    private final Counters counters;
    private final long start;
    private final LongSupplier clock;

    /**
     * What the agent tells of itself.
     *
     * @param version of this program
     * @param host name of this host
     */
    public record Identity(String version, String host) {}

    /**
     * The engine of SNMPv3.
     *
     * @param id 5 to 32 bytes
     * @param boots how often it was started, 1 to 2147483647
     * @param start of the engine, in monotonic nanoseconds
     */
    public record Engine(OctetString id, int boots, long start) {
        /** An engine that starts now. */
        public Engine(OctetString id, int boots) {
            this(id, boots, System.nanoTime());
        }

        /** Seconds since its start: the engine time of messages, which must not decrease as long as {@code boots} is the same. */
        public int time() {
            return (int) Duration.ofNanos(System.nanoTime() - start).toSeconds();
        }
    }

    /** Values of counters. Thread-safe. */
    public interface Counters {
        /** @param object a scalar of the group snmp, without the instance */
        long of(OID object);
    }

    /**
     * Makes the groups.
     *
     * @param clock monotonic nanoseconds
     * @param start of {@code sysUpTime}, in the time of that clock
     */
    public SystemMib(
            Identity identity,
            SystemGroup configured,
            Engine engine,
            Counters counters,
            LongSupplier clock,
            long start) {
        this.identity = identity;
        this.configured = configured;
        this.engine = engine;
        this.counters = counters;
        this.clock = clock;
        this.start = start;
    }

    /** Time since the start, in hundredths of a second; wraps after 497 days. */
    public TimeTicks upTime() {
        return new TimeTicks((clock.getAsLong() - start) / NANOS_PER_TICK % TICKS);
    }

    List<Node> nodes() {
        List<Node> nodes = new ArrayList<>(List.of(
                Scalar.of(below(SYSTEM, 1), text("lvsd " + identity.version() + ", Linux Virtual Server director")),
                Scalar.of(below(SYSTEM, 2), LvsMib.BASE),
                new Scalar(below(SYSTEM, 3), this::upTime),
                Scalar.of(below(SYSTEM, 4), text(configured.contact())),
                Scalar.of(below(SYSTEM, 5), text(identity.host())),
                Scalar.of(below(SYSTEM, 6), text(configured.location())),
                Scalar.of(below(SYSTEM, 7), integer(SERVICES)),
                Scalar.of(below(SNMP, 30), integer(DISABLED)),
                Scalar.of(below(ENGINE, 1), engine.id()),
                Scalar.of(below(ENGINE, 2), integer(engine.boots())),
                new Scalar(below(ENGINE, 3), () -> integer(engine.time())),
                Scalar.of(below(ENGINE, 4), integer(MAX_REQUEST))));
        for (int counter : COUNTERS) {
            OID oid = below(SNMP, counter);
            nodes.add(new Scalar(oid, () -> Values.counter(counters.of(oid))));
        }
        return nodes;
    }
}
