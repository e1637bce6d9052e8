package io.lvsd.ipvs.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Numbers in the byte order of this machine, as netlink headers and most attributes carry them. */
final class HostOrder {
    private HostOrder() {}

    static ByteBuffer wrap(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }
}
