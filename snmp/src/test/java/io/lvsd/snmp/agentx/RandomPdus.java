package io.lvsd.snmp.agentx;

import io.lvsd.snmp.agentx.AgentxPdu.CleanupSet;
import io.lvsd.snmp.agentx.AgentxPdu.Close;
import io.lvsd.snmp.agentx.AgentxPdu.CommitSet;
import io.lvsd.snmp.agentx.AgentxPdu.Get;
import io.lvsd.snmp.agentx.AgentxPdu.GetBulk;
import io.lvsd.snmp.agentx.AgentxPdu.GetNext;
import io.lvsd.snmp.agentx.AgentxPdu.Header;
import io.lvsd.snmp.agentx.AgentxPdu.Notify;
import io.lvsd.snmp.agentx.AgentxPdu.Open;
import io.lvsd.snmp.agentx.AgentxPdu.Ping;
import io.lvsd.snmp.agentx.AgentxPdu.Register;
import io.lvsd.snmp.agentx.AgentxPdu.Response;
import io.lvsd.snmp.agentx.AgentxPdu.TestSet;
import io.lvsd.snmp.agentx.AgentxPdu.UndoSet;
import io.lvsd.snmp.agentx.AgentxPdu.Unregister;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.snmp4j.smi.Counter32;
import org.snmp4j.smi.Counter64;
import org.snmp4j.smi.Gauge32;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.IpAddress;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.Opaque;
import org.snmp4j.smi.TimeTicks;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/** Random PDUs of all types. */
final class RandomPdus {
    private static final int[] INTERNET = {1, 3, 6, 1};

    private RandomPdus() {}

    static AgentxPdu pdu(Random random) {
        Header header = new Header(u32(random), u32(random), u32(random));
        return switch (random.nextInt(14)) {
            case 0 -> new Open(header, random.nextInt(256), oid(random), new OctetString(octets(random)));
            case 1 -> new Close(header, random.nextInt(256));
            case 2 -> new Register(header, context(random), random.nextInt(256), random.nextInt(256), oid(random));
            case 3 -> new Unregister(header, context(random), random.nextInt(256), oid(random));
            case 4 -> new Get(header, context(random), ranges(random));
            case 5 -> new GetNext(header, context(random), ranges(random));
            case 6 ->
                new GetBulk(header, context(random), random.nextInt(0x10000), random.nextInt(0x10000), ranges(random));
            case 7 -> new TestSet(header, context(random), bindings(random));
            case 8 -> new CommitSet(header);
            case 9 -> new UndoSet(header);
            case 10 -> new CleanupSet(header);
            case 11 -> new Notify(header, context(random), bindings(random));
            case 12 -> new Ping(header, context(random));
            default ->
                new Response(header, u32(random), random.nextInt(0x10000), random.nextInt(0x10000), bindings(random));
        };
    }

    private static long u32(Random random) {
        return random.nextInt() & 0xffff_ffffL;
    }

    private static byte[] octets(Random random) {
        byte[] octets = new byte[random.nextInt(20)];
        random.nextBytes(octets);
        return octets;
    }

    private static Optional<OctetString> context(Random random) {
        return random.nextInt(4) == 0 ? Optional.of(new OctetString(octets(random))) : Optional.empty();
    }

    static OID oid(Random random) {
        int[] parts = new int[random.nextInt(12)];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = i < INTERNET.length && random.nextInt(10) > 0 ? INTERNET[i] : random.nextInt(-3, 300);
        }
        return new OID(parts);
    }

    private static <T> List<T> some(Random random, Supplier<T> one) {
        List<T> list = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            list.add(one.get());
        }
        return list;
    }

    static List<SearchRange> ranges(Random random) {
        return some(random, () -> new SearchRange(oid(random), random.nextBoolean(), oid(random)));
    }

    private static List<VariableBinding> bindings(Random random) {
        return some(random, () -> binding(random));
    }

    static VariableBinding binding(Random random) {
        Variable value = switch (random.nextInt(13)) {
            case 0 -> new Integer32(random.nextInt());
            case 1 -> new OctetString(octets(random));
            case 2 -> Null.instance;
            case 3 -> oid(random);
            case 4 -> new IpAddress(new byte[] {(byte) random.nextInt(), 0, 0, (byte) random.nextInt()});
            case 5 -> new Counter32(u32(random));
            case 6 -> new Gauge32(u32(random));
            case 7 -> new TimeTicks(u32(random));
            case 8 -> new Opaque(octets(random));
            case 9 -> new Counter64(random.nextLong());
            case 10 -> Null.noSuchObject;
            case 11 -> Null.noSuchInstance;
            default -> Null.endOfMibView;
        };
        return new VariableBinding(oid(random), value);
    }
}
