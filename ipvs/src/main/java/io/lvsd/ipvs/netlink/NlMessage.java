package io.lvsd.ipvs.netlink;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One netlink message ({@code struct nlmsghdr} and what follows), linux/netlink.h. Host byte order.
 *
 * @param type {@code nlmsg_type}: a control type below 16 or the number of a generic netlink family
 * @param flags {@code nlmsg_flags}
 * @param sequence {@code nlmsg_seq}, unsigned 32 bits
 * @param portId {@code nlmsg_pid}
 * @param payload what follows the header, without padding
 */
@SuppressWarnings("ArrayRecordComponent")
public record NlMessage(int type, int flags, long sequence, long portId, byte[] payload) {
    private static final int NLMSG_NOOP = 1;
    public static final int NLMSG_ERROR = 2;
    public static final int NLMSG_DONE = 3;
    public static final int NLM_F_REQUEST = 0x01;
    public static final int NLM_F_ACK = 0x04;
    /** {@code NLM_F_ROOT | NLM_F_MATCH}. */
    public static final int NLM_F_DUMP = 0x300;

    public static final int NLM_F_DUMP_INTR = 0x10;
    public static final int NLM_F_CAPPED = 0x100;
    public static final int NLM_F_ACK_TLVS = 0x200;

    static final int HEADER = 16;

    /** Does nothing, and is acknowledged when all that was sent before it is done. */
    static NlMessage end(long sequence) {
        return new NlMessage(NLMSG_NOOP, NLM_F_REQUEST | NLM_F_ACK, sequence, 0, new byte[0]);
    }

    /** The message's bytes, padded to four. */
    public byte[] toByteArray() {
        int length = HEADER + payload.length;
        byte[] bytes = new byte[(length + 3) & ~3];
        ByteBuffer out = HostOrder.wrap(bytes);
        out.putInt(length)
                .putShort((short) type)
                .putShort((short) flags)
                .putInt((int) sequence)
                .putInt((int) portId);
        out.put(payload);
        return bytes;
    }

    /**
     * All messages of one datagram.
     *
     * @throws NetlinkException if a length runs past the end or is shorter than a header
     */
    public static List<NlMessage> parse(byte[] datagram) {
        return parse(HostOrder.wrap(datagram));
    }

    static List<NlMessage> parse(ByteBuffer datagram) {
        List<NlMessage> messages = new ArrayList<>();
        NlCursor in = new NlCursor(datagram);
        while (in.next()) {
            messages.add(in.message());
        }
        return messages;
    }
}
