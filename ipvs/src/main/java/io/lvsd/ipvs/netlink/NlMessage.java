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

    /** Writes a message that does nothing, and is acknowledged when all that was sent before it is done. */
    static void writeEnd(OutBuffer out, long sequence) {
        end(out, begin(out, NLMSG_NOOP, NLM_F_REQUEST | NLM_F_ACK, sequence, 0));
    }

    /** Writes a header without its length. The payload follows, then {@link #end}, which takes the returned number. */
    static int begin(OutBuffer out, int type, int flags, long sequence, long portId) {
        int start = out.size();
        out.putInt(0);
        out.putShort(type);
        out.putShort(flags);
        out.putInt((int) sequence);
        out.putInt((int) portId);
        return start;
    }

    /** Sets the length of a message, and pads it to four bytes. */
    static void end(OutBuffer out, int start) {
        out.setInt(start, out.size() - start);
        out.align();
    }

    /** The message's bytes, padded to four. */
    public byte[] toByteArray() {
        OutBuffer out = new OutBuffer();
        int start = begin(out, type, flags, sequence, portId);
        out.put(payload);
        end(out, start);
        return out.toByteArray();
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
