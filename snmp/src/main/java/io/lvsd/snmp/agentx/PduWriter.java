package io.lvsd.snmp.agentx;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.snmp4j.smi.IpAddress;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.SMIConstants;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/** Writes a PDU, RFC 2741, section 5, in network byte order. */
final class PduWriter {
    /** Number of parts of 1.3.6.1.x, which an encoded identifier has as one octet. */
    private static final int PREFIX = 5;

    private static final OID INTERNET = new OID(new int[] {1, 3, 6, 1});
    private static final int MAX_PREFIX = 255;

    private ByteBuffer out = ByteBuffer.allocate(512);

    private ByteBuffer room(int length) {
        if (out.remaining() < length) {
            out = ByteBuffer.allocate(2 * (out.position() + length)).put(out.flip());
        }
        return out;
    }

    void u8(int value) {
        room(1).put((byte) value);
    }

    void u16(int value) {
        room(2).putShort((short) value);
    }

    void u32(long value) {
        room(4).putInt((int) value);
    }

    void oid(OID oid, boolean include) {
        int implicit = hasPrefix(oid) ? PREFIX : 0;
        u8(oid.size() - implicit);
        u8(implicit == 0 ? 0 : oid.get(PREFIX - 1));
        u8(include ? 1 : 0);
        u8(0);
        for (int i = implicit; i < oid.size(); i++) {
            u32(oid.get(i));
        }
    }

    private static boolean hasPrefix(OID oid) {
        return oid.size() >= PREFIX
                && oid.startsWith(INTERNET)
                && oid.get(PREFIX - 1) > 0
                && oid.get(PREFIX - 1) <= MAX_PREFIX;
    }

    private static int length(OID oid) {
        return 4 + 4 * (oid.size() - (hasPrefix(oid) ? PREFIX : 0));
    }

    void octets(byte[] octets) {
        u32(octets.length);
        room(octets.length).put(octets);
        for (int i = AgentxCodec.padding(octets.length); i > 0; i--) {
            u8(0);
        }
    }

    void context(Optional<OctetString> context) {
        context.ifPresent(c -> octets(c.getValue()));
    }

    void ranges(List<SearchRange> ranges) {
        for (SearchRange range : ranges) {
            oid(range.start(), range.include());
            oid(range.end(), false);
        }
    }

    void bindings(List<VariableBinding> bindings) {
        for (VariableBinding binding : bindings) {
            u16(binding.getSyntax());
            u16(0);
            oid(binding.getOid(), false);
            value(binding.getVariable());
        }
    }

    private void value(Variable value) {
        switch (value.getSyntax()) {
            case SMIConstants.SYNTAX_INTEGER -> u32(value.toInt());
            case SMIConstants.SYNTAX_OCTET_STRING, SMIConstants.SYNTAX_OPAQUE ->
                octets(((OctetString) value).getValue());
            case SMIConstants.SYNTAX_OBJECT_IDENTIFIER -> oid((OID) value, false);
            case SMIConstants.SYNTAX_IPADDRESS -> octets(((IpAddress) value).toByteArray());
            case SMIConstants.SYNTAX_COUNTER32, SMIConstants.SYNTAX_GAUGE32, SMIConstants.SYNTAX_TIMETICKS ->
                u32(value.toLong());
            case SMIConstants.SYNTAX_COUNTER64 -> room(8).putLong(value.toLong());
            default -> {} // Null and the exceptions have no value
        }
    }

    /** The number of bytes of an encoded binding. */
    static int length(VariableBinding binding) {
        Variable value = binding.getVariable();
        int length = switch (value.getSyntax()) {
            case SMIConstants.SYNTAX_INTEGER,
                    SMIConstants.SYNTAX_COUNTER32,
                    SMIConstants.SYNTAX_GAUGE32,
                    SMIConstants.SYNTAX_TIMETICKS -> 4;
            case SMIConstants.SYNTAX_OCTET_STRING, SMIConstants.SYNTAX_OPAQUE -> padded(((OctetString) value).length());
            case SMIConstants.SYNTAX_OBJECT_IDENTIFIER -> length((OID) value);
            case SMIConstants.SYNTAX_IPADDRESS, SMIConstants.SYNTAX_COUNTER64 -> 8;
            default -> 0;
        };
        return 4 + length(binding.getOid()) + length;
    }

    private static int padded(int length) {
        return 4 + length + AgentxCodec.padding(length);
    }

    /** What was written, with the length of the payload in the header. */
    byte[] toBytes() {
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        ByteBuffer.wrap(bytes).putInt(AgentxCodec.HEADER - 4, bytes.length - AgentxCodec.HEADER);
        return bytes;
    }
}
