package io.lvsd.snmp.agent;

import io.lvsd.snmp.mib.LvsMib;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.snmp4j.PDU;
import org.snmp4j.asn1.BEROutputStream;
import org.snmp4j.mp.SnmpConstants;
import org.snmp4j.smi.Counter64;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.IpAddress;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/** Requests, mutated requests and garbage from a random number generator. */
final class FuzzPackets {
    private static final int MAX = 9_000;
    private static final int SEQUENCE = 0x30;
    /** Lengths at the limits of their forms. */
    private static final byte[] LENGTHS = {0, 0x7f, (byte) 0x80, (byte) 0x81, (byte) 0x82, (byte) 0x84, (byte) 0xff};

    private static final int[] TYPES = {
        PDU.GET, PDU.GETNEXT, PDU.GETBULK, PDU.SET, PDU.GETBULK, PDU.RESPONSE, PDU.TRAP, PDU.INFORM, PDU.REPORT
    };
    private static final int[] NUMBERS = {
        0, 1, 2, 10, 50, 127, 128, 255, 65_536, Integer.MAX_VALUE, -1, Integer.MIN_VALUE
    };
    private static final List<String> COMMUNITIES =
            List.of("public", "public", "public", "public", "public", "public", "private", "", "public\0");
    private static final List<OID> PLACES = List.of(
            new OID("1.3.6.1.2.1.1"),
            new OID("1.3.6.1.2.1.11"),
            new OID("1.3.6.1.6.3.10.2.1"),
            LvsMib.BASE,
            new OID(LvsMib.BASE.toDottedString() + ".17.1"),
            new OID(LvsMib.BASE.toDottedString() + ".18.1"),
            new OID("1.3.6.1.4.1.9586.100.5.3"),
            new OID("1.3.6.1.4.1.9586.100.5.3.3.1"),
            new OID("1.3.6.1.4.1.9586.100.5.3.4.1.7"),
            new OID("0.0"),
            new OID("2.39.5"));

    private final Random random;
    private final List<byte[]> recorded;

    /** @param recorded messages of SNMPv3, which cannot be made here; may be replaced meanwhile */
    FuzzPackets(Random random, List<byte[]> recorded) {
        this.random = random;
        this.recorded = recorded;
    }

    byte[] next() {
        int kind = random.nextInt(100);
        if (kind < 35) {
            return request();
        }
        if (kind < 65) {
            return mutated(request());
        }
        if (kind < 88 && !recorded.isEmpty()) {
            byte[] message = recorded.get(random.nextInt(recorded.size()));
            // Some are replayed as they were.
            return random.nextInt(5) == 0 ? message.clone() : mutated(message);
        }
        if (kind < 94) {
            return nested();
        }
        byte[] garbage = new byte[random.nextInt(random.nextInt(50) == 0 ? MAX : 300)];
        random.nextBytes(garbage);
        if (garbage.length > 0 && random.nextBoolean()) {
            garbage[0] = SEQUENCE;
        }
        return garbage;
    }

    /** A valid request of v1 or v2c, if its contents are. */
    byte[] request() {
        int version = random.nextInt(3) == 0 ? SnmpConstants.version1 : SnmpConstants.version2c;
        // Also what SNMPv1 does not have: GETBULK and Counter64.
        PDU pdu = new PDU();
        pdu.setType(TYPES[random.nextInt(TYPES.length)]);
        pdu.setRequestID(new Integer32(random.nextInt()));
        int count = random.nextInt(60) == 0 ? random.nextInt(400) : random.nextInt(6);
        for (int i = 0; i < count; i++) {
            pdu.add(new VariableBinding(oid(), pdu.getType() == PDU.SET ? value() : Null.instance));
        }
        if (pdu.getType() == PDU.GETBULK) {
            pdu.setNonRepeaters(number());
            pdu.setMaxRepetitions(number());
        }
        return message(version, COMMUNITIES.get(random.nextInt(COMMUNITIES.size())), pdu);
    }

    /** A message of v1 or v2c. */
    static byte[] message(int version, String community, PDU pdu) {
        byte[] head = bytes(new Integer32(version));
        byte[] name = bytes(new OctetString(community.getBytes(StandardCharsets.UTF_8)));
        BEROutputStream body = new BEROutputStream(java.nio.ByteBuffer.allocate(pdu.getBERLength()));
        try {
            pdu.encodeBER(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] content = body.getBuffer().array();
        int length = head.length + name.length + content.length;
        java.nio.ByteBuffer out = java.nio.ByteBuffer.allocate(length + 4);
        out.put((byte) SEQUENCE).put((byte) 0x82).putShort((short) length);
        out.put(head).put(name).put(content);
        return out.array();
    }

    /** The code of a value. */
    static byte[] bytes(Variable value) {
        BEROutputStream out = new BEROutputStream(java.nio.ByteBuffer.allocate(value.getBERLength()));
        try {
            value.encodeBER(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.getBuffer().array();
    }

    private int number() {
        return NUMBERS[random.nextInt(NUMBERS.length)];
    }

    private OID oid() {
        OID place = PLACES.get(random.nextInt(PLACES.size()));
        int more = random.nextInt(30) == 0 ? random.nextInt(200) : random.nextInt(4);
        int[] parts = Arrays.copyOf(place.getValue(), place.size() + more);
        for (int i = place.size(); i < parts.length; i++) {
            parts[i] = random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(30);
        }
        return new OID(parts);
    }

    private Variable value() {
        return switch (random.nextInt(5)) {
            case 0 -> new Integer32(number());
            case 1 -> new OctetString(new byte[random.nextInt(300)]);
            case 2 -> new Counter64(random.nextLong());
            case 3 -> oid();
            default -> new IpAddress(new byte[4]);
        };
    }

    private byte[] mutated(byte[] message) {
        byte[] bytes = message;
        for (int i = 1 + random.nextInt(3); i > 0 && bytes.length > 0; i--) {
            int at = random.nextInt(random.nextBoolean() ? bytes.length : Math.min(40, bytes.length));
            int end = Math.min(bytes.length, at + 1 + random.nextInt(20));
            bytes = switch (random.nextInt(7)) {
                case 0 -> replaced(bytes, at, at + 1, (byte) random.nextInt());
                case 1 -> replaced(bytes, at, at + 1, (byte) (bytes[at] ^ 1 << random.nextInt(8)));
                case 2 -> replaced(bytes, at, at + 1, LENGTHS[random.nextInt(LENGTHS.length)]);
                case 3 -> replaced(bytes, at, at + 1);
                case 4 -> replaced(bytes, at, at, (byte) random.nextInt());
                case 5 -> Arrays.copyOf(bytes, at);
                default -> replaced(bytes, at, at, Arrays.copyOfRange(bytes, at, end));
            };
        }
        return bytes;
    }

    /** The same with other bytes instead of a part. */
    private static byte[] replaced(byte[] bytes, int from, int to, byte... others) {
        byte[] changed = new byte[bytes.length - (to - from) + others.length];
        System.arraycopy(bytes, 0, changed, 0, from);
        System.arraycopy(others, 0, changed, from, others.length);
        System.arraycopy(bytes, to, changed, from + others.length, bytes.length - to);
        return changed;
    }

    /** Sequences in sequences, or a valid beginning with one. */
    private byte[] nested() {
        byte[] head = random.nextBoolean() ? new byte[0] : request();
        byte[] nested = Arrays.copyOf(head, head.length + random.nextInt(random.nextInt(20) == 0 ? MAX : 200));
        byte length = (byte) new int[] {0x80, 0x7f, 0x30, 0x30}[random.nextInt(4)];
        for (int i = random.nextInt(head.length + 1); i < nested.length; i++) {
            nested[i] = i % 2 == 0 ? SEQUENCE : length;
        }
        return nested;
    }
}
