package io.lvsd.ipvs.embedded.tcp;

import io.lvsd.ipvs.embedded.table.Client;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** The PROXY protocol's header, version 2, for a TCP connection: the client and the address that it connected to. */
final class ProxyHeader {
    private static final byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");
    private static final int VERSION_2_PROXY = 0x21;
    private static final int TCP_OVER_IPV4 = 0x11;
    private static final int TCP_OVER_IPV6 = 0x21;

    private ProxyHeader() {}

    /** The bytes to send first; everything in network byte order. */
    static byte[] of(Client client, InetSocketAddress service) {
        byte[] source = client.address().getAddress();
        byte[] target = service.getAddress().getAddress();
        int length = source.length + target.length + 2 * Short.BYTES;
        return ByteBuffer.allocate(SIGNATURE.length + 4 + length)
                .put(SIGNATURE)
                .put((byte) VERSION_2_PROXY)
                .put((byte) (source.length == 4 ? TCP_OVER_IPV4 : TCP_OVER_IPV6))
                .putShort((short) length)
                .put(source)
                .put(target)
                .putShort((short) client.port())
                .putShort((short) service.getPort())
                .array();
    }
}
