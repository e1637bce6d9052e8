package io.lvsd.ipvs.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.Addresses;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ForwardingMethod;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsInfo;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.IpvsStats;
import io.lvsd.ipvs.model.Protocol;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import io.lvsd.ipvs.netlink.AttrWriter;
import io.lvsd.ipvs.netlink.GenlClient.Request;
import io.lvsd.ipvs.netlink.GenlFamily;
import io.lvsd.ipvs.netlink.NetlinkException;
import io.lvsd.ipvs.netlink.NlMessage;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bytes as a real kernel took and sent them: Debian 6.1.0-56 (6.1.192-2), x86-64, family 32, port id 101. */
final class IpvsCodecTest {
    private static final GenlFamily FAMILY = new GenlFamily(32, 1);
    private static final InetAddress VIP = Addresses.of(AddressFamily.INET, new byte[] {10, 0, 0, 1});
    private static final ServiceKey KEY = new ServiceKey.AddressKey(Protocol.TCP, VIP, 80);
    private static final InetAddress REAL = Addresses.of(AddressFamily.INET, new byte[] {10, 0, 0, 11});

    private static String hex(int sequence, IpvsCommand command) {
        Request request = IpvsCodec.encode(command);
        AttrWriter attributes = new AttrWriter();
        request.attributes().accept(attributes);
        return HexFormat.of()
                .formatHex(FAMILY.request(request.command(), NlMessage.NLM_F_ACK, sequence, attributes.toByteArray())
                        .toByteArray());
    }

    private static byte[] attributes(String hex) {
        return GenlFamily.attributes(
                NlMessage.parse(HexFormat.of().parseHex(hex)).getFirst());
    }

    @Test
    void aPersistentServiceIsWrittenAsTheKernelTookIt() {
        IpvsService service = new IpvsService(KEY, "rr", IpvsService.PERSISTENT, 300, 0xffffffffL, "");
        assertEquals(
                "5c000000200005000600000000000000010100004800018006000100020000000600020006000000080003000a000001060004000050000007000600"
                    + "727200000c00070001000000ffffffff080008002c01000008000900ffffffff",
                hex(6, new IpvsCommand.NewService(service)));
    }

    @Test
    void aDestinationKeyIsWrittenAsTheKernelTookIt() {
        assertEquals(
                "54000000200005001000000000000000070100002400018006000100020000000600020006000000080003000a00000106000400005000001c000280"
                    + "06000b0002000000080001000a00000c060002001f900000",
                hex(
                        16,
                        new IpvsCommand.DelDest(
                                KEY,
                                new DestinationKey(
                                        Addresses.of(AddressFamily.INET, new byte[] {10, 0, 0, 12}), 8080))));
    }

    @Test
    void aDestinationIsWrittenAsTheKernelTookIt() {
        IpvsDestination destination = IpvsDestination.of(new DestinationKey(REAL, 8080), ForwardingMethod.MASQ, 100);
        assertEquals(
                "74000000200005000d00000000000000050100002400018006000100020000000600020006000000080003000a00000106000400005000003c000280"
                    + "06000b0002000000080001000a00000b060002001f9000000800030000000000080004006400000008000500000000000800060000000000",
                hex(13, new IpvsCommand.NewDest(KEY, destination)));
    }

    @Test
    void anIpv6FirewallMarkWithItsPrefixIsWrittenAsTheKernelTookIt() {
        IpvsService service = IpvsService.of(new ServiceKey.FwmarkKey(AddressFamily.INET6, 77), "rr");
        assertEquals(
                "4c0000002000050017000000000000000101000038000180060001000a000000080005004d00000007000600727200000c00070000000000ffffffff"
                    + "08000800000000000800090080000000",
                hex(23, new IpvsCommand.NewService(service)));
    }

    private static final String STATS32 = "5c000a0008000100000000000800020000000000080003000000"
            + "00000c00040000000000000000000c000500"
            + "00000000000000000800060000000000080007000000000008000800000000000800090000000000" + "08000a0000000000";

    @Test
    void aServiceReadsBackWithoutTheKernelsOwnFlag() {
        String reply =
                "40010000200002000800000065000000010100002c01010006000100020000000600020006000000140003000a0000010000000000000000"
                    + "00000000060004000050000007000600727200000c00070003000000ffffffff080008002c01000008000900ffffffff"
                        + STATS32
                        + "7c000c000c00010007000000000000000c00020000000000000000000c00030000000000000000000c00040009000000010000000c0005"
                        + "0000000000000000000c00060000000000000000000c00070000000000000000000c00080000000000000000000c000900000000"
                        + "00000000000c000a000000000000000000";
        ServiceState state = IpvsCodec.decodeService(attributes(reply));
        assertEquals(new IpvsService(KEY, "rr", IpvsService.PERSISTENT, 300, 0xffffffffL, ""), state.config());
        assertEquals(
                new IpvsStats(7, 0, 0, 0x1_0000_0009L, 0, 0, 0, 0, 0, 0),
                state.stats(),
                "64-bit counters where there are any");
    }

    @Test
    void aDestinationReadsBack() {
        String reply =
                "640100002000020013000000650000000501000050010200140001000a00000b000000000000000000000000060002001f900000080003"
                    + "0000000000080004006400000005000d000000000006000e000000000006000f0000000000080005000000000008000600000000000800"
                    + "0700000000000800080000000000080009000000000006000b00020000005c000a00080001000000000008000200000000000800030000"
                    + "0000000c00040000000000000000000c000500000000000000000008000600000000000800070000000000080008000000000008000900"
                    + "0000000008000a00000000007c000c000c00010000000000000000000c00020000000000000000000c00030000000000000000000c0004"
                    + "0000000000000000000c00050000000000000000000c00060000000000000000000c00070000000000000000000c000800000000000000"
                    + "00000c00090000000000000000000c000a000000000000000000";
        DestinationState state = IpvsCodec.decodeDestination(attributes(reply), AddressFamily.INET);
        assertEquals(IpvsDestination.of(new DestinationKey(REAL, 8080), ForwardingMethod.MASQ, 100), state.config());
        assertEquals(List.of(0L, 0L), List.of(state.active(), state.inactive()));
        assertEquals(IpvsStats.ZERO, state.stats());
    }

    @Test
    void countersOf32BitsServeWhereThereAreNoOthers() {
        byte[] reply = new AttrWriter()
                .nested(
                        2,
                        out -> out.bytes(1, REAL.getAddress())
                                .be16(2, 80)
                                .u32(7, 2)
                                .u32(8, 3)
                                .nested(10, stats -> stats.u32(1, 5).bytes(4, new byte[] {9, 0, 0, 0, 1, 0, 0, 0})))
                .toByteArray();
        DestinationState state = IpvsCodec.decodeDestination(reply, AddressFamily.INET);
        assertEquals(List.of(2L, 3L), List.of(state.active(), state.inactive()));
        assertEquals(new IpvsStats(5, 0, 0, 0x1_0000_0009L, 0, 0, 0, 0, 0, 0), state.stats());
    }

    @Test
    void infoNamesTheVersion() {
        assertEquals(
                new IpvsInfo("1.2.1", 4096),
                IpvsCodec.decodeInfo(
                        attributes("240000002000000002000000650000000e01000008000100010201000800020000100000")));
    }

    @Test
    void aWrongWidthNamesTheAttribute() {
        byte[] bad = new AttrWriter().nested(1, out -> out.u32(1, 2)).toByteArray();
        NetlinkException e = assertThrows(NetlinkException.class, () -> IpvsCodec.decodeService(bad));
        assertEquals("IPVS_CMD_NEW_SERVICE/1: attribute 1 at offset 0 is 4 bytes wide, not 2", e.getMessage());
    }

    @Test
    void flushIsKnownToTheCodecAndIsNoCommand() {
        assertEquals(IpvsUapi.IPVS_CMD_FLUSH, IpvsCodec.flush().command());
        assertFalse(java.util.Arrays.stream(IpvsCommand.class.getPermittedSubclasses())
                .anyMatch(c -> c.getSimpleName().contains("Flush")));
    }

    @Test
    void randomBytesAreAnAnswerOrANetlinkException() {
        long seed = Long.getLong("seed", 4711);
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(120)];
            random.nextBytes(bytes);
            if (bytes.length > 8) {
                bytes[0] = (byte) bytes.length;
                bytes[1] = 0;
                bytes[2] = (byte) (1 + random.nextInt(2));
                bytes[3] = 0;
            }
            try {
                Object unused = random.nextBoolean()
                        ? IpvsCodec.decodeService(bytes)
                        : IpvsCodec.decodeDestination(bytes, AddressFamily.INET);
                assertFalse(unused.toString().isEmpty());
            } catch (NetlinkException | IllegalArgumentException e) {
                assertFalse(String.valueOf(e.getMessage()).isEmpty(), "seed " + seed);
            }
        }
    }
}
