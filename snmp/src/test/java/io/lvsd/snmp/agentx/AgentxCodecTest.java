package io.lvsd.snmp.agentx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
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

/** The bytes of each PDU, as RFC 2741 has them; written from its text, not from the codec. */
final class AgentxCodecTest {
    private static final Header HEADER = new Header(1, 2, 3);
    private static final OID NO_OID = new OID(new int[0]);
    /** The part of a header after version, type and flags, without the length. */
    private static final String IDS = "00 00000001 00000002 00000003";

    private static final long SEED = Long.getLong("seed", System.nanoTime());

    static Stream<Arguments> bytes() {
        Optional<OctetString> none = Optional.empty();
        Optional<OctetString> context = Optional.of(new OctetString("ctx"));
        OID sysDescr = new OID("1.3.6.1.2.1.1.1");
        return Stream.of(
                // 6.2.1: timeout, id, description "lvsd"
                Arguments.of(
                        new Open(HEADER, 5, NO_OID, new OctetString("lvsd")),
                        "01 01 10" + IDS + "00000010" + "05 000000" + "00 00 00 00" + "00000004 6c767364"),
                // 6.2.2: reasonShutdown
                Arguments.of(new Close(HEADER, 5), "01 02 10" + IDS + "00000004" + "05 000000"),
                // 6.2.3: timeout, priority, range_subid; the subtree with prefix 2 and three sub-identifiers
                Arguments.of(
                        new Register(HEADER, none, 0, 127, sysDescr),
                        "01 03 10" + IDS + "00000014" + "00 7f 00 00" + "03 02 00 00" + "00000001 00000001 00000001"),
                // 6.2.3 with a context, padded to 4 bytes
                Arguments.of(
                        new Register(HEADER, context, 0, 127, sysDescr),
                        "01 03 18" + IDS + "0000001c" + "00000003 63747800" + "00 7f 00 00" + "03 02 00 00"
                                + "00000001 00000001 00000001"),
                // 6.2.4
                Arguments.of(
                        new Unregister(HEADER, none, 127, sysDescr),
                        "01 04 10" + IDS + "00000014" + "00 7f 00 00" + "03 02 00 00" + "00000001 00000001 00000001"),
                // 6.2.5: an enterprise, prefix 4; the end of the range is a null identifier
                Arguments.of(
                        new Get(HEADER, none, List.of(new SearchRange(new OID("1.3.6.1.4.1.8072.1.0"), false, NO_OID))),
                        "01 05 10" + IDS + "00000018" + "04 04 00 00" + "00000001 00001f88 00000001 00000000"
                                + "00 00 00 00"),
                // 6.2.6: include
                Arguments.of(
                        new GetNext(HEADER, none, List.of(new SearchRange(sysDescr, true, new OID("1.3.6.1.2.1.1.2")))),
                        "01 06 10" + IDS + "00000020" + "03 02 01 00" + "00000001 00000001 00000001" + "03 02 00 00"
                                + "00000001 00000001 00000002"),
                // 6.2.7
                Arguments.of(
                        new GetBulk(HEADER, none, 1, 10, List.of(new SearchRange(new OID("1.3.6.1.4"), false, NO_OID))),
                        "01 07 10" + IDS + "0000000c" + "0001 000a" + "00 04 00 00" + "00 00 00 00"),
                // 6.2.8: type 2, a name that is not below internet
                Arguments.of(
                        new TestSet(HEADER, none, List.of(new VariableBinding(new OID("1.2.3"), new Integer32(-2)))),
                        "01 08 10" + IDS + "00000018" + "0002 0000" + "03 00 00 00" + "00000001 00000002 00000003"
                                + "fffffffe"),
                // 6.2.9
                Arguments.of(new CommitSet(HEADER), "01 09 10" + IDS + "00000000"),
                Arguments.of(new UndoSet(HEADER), "01 0a 10" + IDS + "00000000"),
                Arguments.of(new CleanupSet(HEADER), "01 0b 10" + IDS + "00000000"),
                // 6.2.10: snmpTrapOID.0
                Arguments.of(
                        new Notify(
                                HEADER,
                                none,
                                List.of(new VariableBinding(
                                        new OID("1.3.6.1.6.3.1.1.4.1.0"), new OID("1.3.6.1.4.1.5")))),
                        "01 0c 10" + IDS + "0000002c" + "0006 0000" + "06 06 00 00"
                                + "00000003 00000001 00000001 00000004 00000001 00000000"
                                + "02 04 00 00 00000001 00000005"),
                // 6.2.11
                Arguments.of(new Ping(HEADER, none), "01 0d 10" + IDS + "00000000"),
                // 6.2.16: sysUpTime, error, index; one value of each type of 5.4
                Arguments.of(
                        new Response(HEADER, 256, 262, 1, List.of()),
                        "01 12 10" + IDS + "00000008" + "00000100 0106 0001"),
                Arguments.of(
                        new Response(HEADER, 0, 0, 0, values()),
                        "01 12 10" + IDS + "000000bc" + "00000000 0000 0000"
                                + "0004 0000 01 00 00 00 00000001 00000005 68656c6c 6f000000"
                                + "0005 0000 01 00 00 00 00000001"
                                + "0040 0000 01 00 00 00 00000001 00000004 0a000001"
                                + "0041 0000 01 00 00 00 00000001 ffffffff"
                                + "0042 0000 01 00 00 00 00000001 00000007"
                                + "0043 0000 01 00 00 00 00000001 00000008"
                                + "0044 0000 01 00 00 00 00000001 00000001 9f000000"
                                + "0046 0000 01 00 00 00 00000001 01020304 05060708"
                                + "0080 0000 01 00 00 00 00000001"
                                + "0081 0000 01 00 00 00 00000001"
                                + "0082 0000 01 00 00 00 00000001"));
    }

    private static List<VariableBinding> values() {
        return Stream.<Variable>of(
                        new OctetString("hello"),
                        Null.instance,
                        new IpAddress(new byte[] {10, 0, 0, 1}),
                        new Counter32(0xffff_ffffL),
                        new Gauge32(7),
                        new TimeTicks(8),
                        new Opaque(new byte[] {(byte) 0x9f}),
                        new Counter64(0x0102030405060708L),
                        Null.noSuchObject,
                        Null.noSuchInstance,
                        Null.endOfMibView)
                .map(v -> new VariableBinding(new OID("1"), v))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("bytes")
    void aPduHasTheBytesOfTheRfc(AgentxPdu pdu, String hex) throws AgentxMalformedException {
        assertEquals(hex.replace(" ", ""), HexFormat.of().formatHex(AgentxCodec.encode(pdu)));
        assertEquals(pdu, decode(parse(hex)));
    }

    /** RFC 2741, section 6.1: without NETWORK_BYTE_ORDER the least significant byte is the first. */
    static Stream<Arguments> littleEndian() {
        return Stream.of(
                Arguments.of(
                        new Response(new Header(1, 2, 3), 256, 262, 1, List.of()),
                        "01 12 00 00 01000000 02000000 03000000 08000000 00010000 0601 0100"),
                Arguments.of(
                        new GetBulk(
                                HEADER,
                                Optional.of(new OctetString("ctx")),
                                1,
                                10,
                                List.of(new SearchRange(
                                        new OID("1.3.6.1.4.1.8072"), true, new OID("1.3.6.1.4.1.8073")))),
                        "01 07 08 00 01000000 02000000 03000000 24000000 03000000 63747800 0100 0a00"
                                + "02 04 01 00 01000000 881f0000 02 04 00 00 01000000 891f0000"),
                Arguments.of(
                        new TestSet(
                                HEADER,
                                Optional.empty(),
                                List.of(
                                        new VariableBinding(new OID("1"), new Integer32(-2)),
                                        new VariableBinding(new OID("1"), new Counter64(0x0102030405060708L)),
                                        new VariableBinding(new OID("1"), new OctetString("a")))),
                        "01 08 00 00 01000000 02000000 03000000 38000000" + "0200 0000 01 00 00 00 01000000 feffffff"
                                + "4600 0000 01 00 00 00 01000000 08070605 04030201"
                                + "0400 0000 01 00 00 00 01000000 01000000 61000000"));
    }

    @ParameterizedTest
    @MethodSource("littleEndian")
    void bothByteOrdersAreRead(AgentxPdu pdu, String hex) throws AgentxMalformedException {
        assertEquals(pdu, decode(parse(hex)));
    }

    @ParameterizedTest
    @CsvSource({
        // a version, a length, a type, and payloads
        "02 0d 10 00 00000001 00000002 00000003 00000000",
        "01 0d 10 00 00000001 00000002 00000003 00000003 000000",
        "01 00 10 00 00000001 00000002 00000003 00000000",
        "01 0e 10 00 00000001 00000002 00000003 00000000",
        "01 13 10 00 00000001 00000002 00000003 00000000",
        "01 0d 10 00 00000001 00000002 00000003 00000004 00000000",
        "01 02 10 00 00000001 00000002 00000003 00000000",
        "01 12 10 00 00000001 00000002 00000003 00000004 00000000",
        // a context that is longer than the payload, or whose padding is missing
        "01 0d 18 00 00000001 00000002 00000003 00000004 00000001",
        "01 0d 18 00 00000001 00000002 00000003 00000004 ffffffff",
        // a range without an end, an identifier that is cut, one of 129 parts
        "01 05 10 00 00000001 00000002 00000003 00000004 00040000",
        "01 05 10 00 00000001 00000002 00000003 00000008 00040000 01000000",
        "01 05 10 00 00000001 00000002 00000003 00000004 7c040000",
        // an unknown type, an IpAddress of 5 bytes, a Counter64 that is cut
        "01 08 10 00 00000001 00000002 00000003 0000000c 00030000 01000000 00000001",
        "01 08 10 00 00000001 00000002 00000003 00000018 00400000 01000000 00000001 00000005 01020304 05000000",
        "01 08 10 00 00000001 00000002 00000003 00000010 00460000 01000000 00000001 00000000"
    })
    void malformedPdusAreRejected(String hex) {
        assertThrows(AgentxMalformedException.class, () -> decode(parse(hex)));
    }

    @Test
    void anIdentifierHasUpTo128Parts() throws AgentxMalformedException {
        OID longest = new OID(new int[AgentxCodec.MAX_PARTS]);
        AgentxPdu pdu = new Get(HEADER, Optional.empty(), List.of(new SearchRange(longest, false, NO_OID)));
        assertEquals(pdu, decode(AgentxCodec.encode(pdu)));
    }

    @Test
    void randomPdusAreUnchangedByARoundTrip() throws AgentxMalformedException {
        System.out.println("AgentxCodecTest seed=" + SEED);
        Random random = new Random(SEED);
        for (int i = 0; i < 5_000; i++) {
            AgentxPdu pdu = RandomPdus.pdu(random);
            byte[] bytes = AgentxCodec.encode(pdu);
            assertEquals(0, bytes.length % 4);
            assertEquals(pdu, decode(bytes), () -> "seed " + SEED);
        }
    }

    @Test
    void theLengthOfABindingIsThatOfItsBytes() {
        Random random = new Random(SEED);
        for (int i = 0; i < 2_000; i++) {
            VariableBinding binding = RandomPdus.binding(random);
            byte[] bytes = AgentxCodec.encode(new Notify(HEADER, Optional.empty(), List.of(binding)));
            assertEquals(bytes.length - AgentxCodec.HEADER, PduWriter.length(binding), () -> "seed " + SEED);
        }
    }

    /** Whatever the bytes are, they are a PDU or rejected as malformed. */
    @Test
    void mutatedAndRandomBytesOnlyThrowTheCheckedException() {
        System.out.println("AgentxCodecTest seed=" + SEED);
        Random random = new Random(SEED);
        int rejected = 0;
        int accepted = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = random.nextInt(4) == 0 ? random(random) : mutated(random);
            try {
                assertTrue(parts(decode(bytes)) <= AgentxCodec.MAX_PAYLOAD);
                accepted++;
            } catch (AgentxMalformedException e) {
                rejected++;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + SEED + ": " + HexFormat.of().formatHex(bytes), e);
            }
        }
        assertTrue(rejected > 5_000 && accepted > 1_000, rejected + " rejected, " + accepted + " accepted");
    }

    private static int parts(AgentxPdu pdu) {
        return pdu instanceof AgentxPdu.Query query ? query.ranges().size() : 0;
    }

    private static byte[] random(Random random) {
        byte[] bytes = new byte[AgentxCodec.HEADER + 4 * random.nextInt(20)];
        random.nextBytes(bytes);
        bytes[0] = 1;
        bytes[1] = (byte) random.nextInt(20);
        length(bytes);
        return bytes;
    }

    private static byte[] mutated(Random random) {
        byte[] bytes = AgentxCodec.encode(RandomPdus.pdu(random));
        for (int i = random.nextInt(4); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        if (random.nextInt(3) == 0) {
            bytes = Arrays.copyOf(bytes, AgentxCodec.HEADER + random.nextInt(bytes.length));
        }
        if (random.nextBoolean()) {
            length(bytes);
        }
        return bytes;
    }

    private static void length(byte[] bytes) {
        boolean big = (bytes[2] & 16) != 0;
        int length = bytes.length - AgentxCodec.HEADER;
        ByteBuffer.wrap(bytes).putInt(16, big ? length : Integer.reverseBytes(length));
    }

    private static byte[] parse(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    static AgentxPdu decode(byte[] bytes) throws AgentxMalformedException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        AgentxCodec.Received header = AgentxCodec.header(buffer);
        return AgentxCodec.decode(header, buffer.position(AgentxCodec.HEADER));
    }
}
