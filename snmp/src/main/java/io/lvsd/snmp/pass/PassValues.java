package io.lvsd.snmp.pass;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snmp4j.smi.Counter32;
import org.snmp4j.smi.Counter64;
import org.snmp4j.smi.Gauge32;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.IpAddress;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.Opaque;
import org.snmp4j.smi.TimeTicks;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/** Identifiers and values as {@code pass_persist} has them. Pure. */
final class PassValues {
    private static final Pattern OID_TEXT = Pattern.compile("\\.?[0-9]{1,10}(\\.[0-9]{1,10}){0,127}");
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");
    private static final long MAX_UNSIGNED = 0xffff_ffffL;

    private PassValues() {}

    /** {@code .1.3.6.1}, also without the first dot; empty if it is none. */
    static Optional<OID> oid(@Nullable String text) {
        if (text == null || !OID_TEXT.matcher(text).matches()) {
            return Optional.empty();
        }
        String[] words = (text.startsWith(".") ? text.substring(1) : text).split("\\.", -1);
        int[] parts = new int[words.length];
        for (int i = 0; i < parts.length; i++) {
            long part = Long.parseLong(words[i]);
            if (part > MAX_UNSIGNED) {
                return Optional.empty();
            }
            parts[i] = (int) part;
        }
        return Optional.of(new OID(parts));
    }

    /** Identifier, type and value, each on a line; empty if there is no value, or snmpd has no such type. */
    static Optional<String> text(VariableBinding binding) {
        return typeAndValue(binding.getVariable())
                .map(t -> "." + binding.getOid().toDottedString() + "\n" + t);
    }

    private static Optional<String> typeAndValue(Variable value) {
        return switch (value) {
            case Integer32 number -> Optional.of("integer\n" + number.getValue());
            case Counter32 number -> Optional.of("counter\n" + number.getValue());
            case TimeTicks ticks -> Optional.of("timeticks\n" + ticks.getValue());
            case Gauge32 number -> Optional.of("gauge\n" + number.getValue());
            case Counter64 number -> Optional.of("counter64\n" + Long.toUnsignedString(number.getValue()));
            case IpAddress address ->
                Optional.of("ipaddress\n" + address.getInetAddress().getHostAddress());
            case OID oid -> Optional.of("objectid\n." + oid.toDottedString());
            case Opaque _ -> Optional.empty();
            case OctetString octets -> Optional.of(octets(octets.getValue()));
            default -> Optional.empty();
        };
    }

    /** As text if each octet is a visible character of ASCII or a blank inside, as snmpd cuts the line. */
    private static String octets(byte[] octets) {
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        boolean visible = text.chars().allMatch(c -> c >= ' ' && c < 0x7f);
        return visible && text.equals(text.strip()) ? "string\n" + text : "octet\n" + HEX.formatHex(octets);
    }
}
