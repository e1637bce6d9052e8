package io.lvsd.snmp.agentx;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.snmp4j.smi.Counter32;
import org.snmp4j.smi.Counter64;
import org.snmp4j.smi.Gauge32;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.IpAddress;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.Opaque;
import org.snmp4j.smi.SMIConstants;
import org.snmp4j.smi.TimeTicks;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/**
 * Reads the payload of a PDU, RFC 2741, section 5, in the byte order of the buffer. Each length is compared with what is left
 * before anything is allocated.
 */
final class PduReader {
    private static final int[] INTERNET = {1, 3, 6, 1};

    private final ByteBuffer in;

    PduReader(ByteBuffer in) {
        this.in = in;
    }

    /** An identifier, with the field {@code include}. */
    private record Name(OID oid, boolean include) {}

    private void need(int length, String what) throws AgentxMalformedException {
        if (in.remaining() < length) {
            throw new AgentxMalformedException(
                    what + " at " + in.position() + ": " + length + " bytes expected, " + in.remaining() + " left");
        }
    }

    boolean hasMore() {
        return in.hasRemaining();
    }

    /** @throws AgentxMalformedException unless everything was read */
    void end() throws AgentxMalformedException {
        if (in.hasRemaining()) {
            throw new AgentxMalformedException(in.remaining() + " bytes after the end");
        }
    }

    int u8() throws AgentxMalformedException {
        need(1, "octet");
        return in.get() & 0xff;
    }

    int u16() throws AgentxMalformedException {
        need(2, "number");
        return in.getShort() & 0xffff;
    }

    long u32() throws AgentxMalformedException {
        need(4, "number");
        return in.getInt() & 0xffff_ffffL;
    }

    void skip(int length) throws AgentxMalformedException {
        need(length, "reserved");
        in.position(in.position() + length);
    }

    private Name name() throws AgentxMalformedException {
        int count = u8();
        int prefix = u8();
        boolean include = u8() != 0;
        skip(1);
        int implicit = prefix == 0 ? 0 : INTERNET.length + 1;
        if (count + implicit > AgentxCodec.MAX_PARTS) {
            throw new AgentxMalformedException("object identifier of " + (count + implicit) + " parts");
        }
        need(4 * count, "object identifier");
        int[] parts = new int[implicit + count];
        if (implicit > 0) {
            System.arraycopy(INTERNET, 0, parts, 0, INTERNET.length);
            parts[INTERNET.length] = prefix;
        }
        for (int i = implicit; i < parts.length; i++) {
            parts[i] = in.getInt();
        }
        return new Name(new OID(parts), include);
    }

    OID oid() throws AgentxMalformedException {
        return name().oid();
    }

    byte[] octets() throws AgentxMalformedException {
        long length = u32();
        if (length > in.remaining()) {
            throw new AgentxMalformedException("octet string of " + length + " bytes, " + in.remaining() + " left");
        }
        byte[] octets = new byte[(int) length];
        in.get(octets);
        skip(AgentxCodec.padding(octets.length));
        return octets;
    }

    List<SearchRange> ranges() throws AgentxMalformedException {
        List<SearchRange> ranges = new ArrayList<>();
        while (hasMore()) {
            Name start = name();
            ranges.add(new SearchRange(start.oid(), start.include(), oid()));
        }
        return ranges;
    }

    List<VariableBinding> bindings() throws AgentxMalformedException {
        List<VariableBinding> bindings = new ArrayList<>();
        while (hasMore()) {
            int type = u16();
            skip(2);
            OID oid = oid();
            bindings.add(new VariableBinding(oid, value(type)));
        }
        return bindings;
    }

    private Variable value(int type) throws AgentxMalformedException {
        return switch (type) {
            case SMIConstants.SYNTAX_INTEGER -> new Integer32((int) u32());
            case SMIConstants.SYNTAX_OCTET_STRING -> new OctetString(octets());
            case SMIConstants.SYNTAX_NULL -> Null.instance;
            case SMIConstants.SYNTAX_OBJECT_IDENTIFIER -> oid();
            case SMIConstants.SYNTAX_IPADDRESS -> ipAddress();
            case SMIConstants.SYNTAX_COUNTER32 -> new Counter32(u32());
            case SMIConstants.SYNTAX_GAUGE32 -> new Gauge32(u32());
            case SMIConstants.SYNTAX_TIMETICKS -> new TimeTicks(u32());
            case SMIConstants.SYNTAX_OPAQUE -> new Opaque(octets());
            case SMIConstants.SYNTAX_COUNTER64 -> counter64();
            case SMIConstants.EXCEPTION_NO_SUCH_OBJECT -> Null.noSuchObject;
            case SMIConstants.EXCEPTION_NO_SUCH_INSTANCE -> Null.noSuchInstance;
            case SMIConstants.EXCEPTION_END_OF_MIB_VIEW -> Null.endOfMibView;
            default -> throw new AgentxMalformedException("unknown type " + type);
        };
    }

    private IpAddress ipAddress() throws AgentxMalformedException {
        byte[] octets = octets();
        if (octets.length != 4) {
            throw new AgentxMalformedException("IpAddress of " + octets.length + " bytes");
        }
        return new IpAddress(octets);
    }

    private Counter64 counter64() throws AgentxMalformedException {
        need(8, "Counter64");
        return new Counter64(in.getLong());
    }
}
