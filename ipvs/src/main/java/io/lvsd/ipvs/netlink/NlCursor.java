package io.lvsd.ipvs.netlink;

import java.nio.ByteBuffer;

/** Walks the messages of one datagram in place: {@code while (in.next()) …}. */
final class NlCursor {
    private final ByteBuffer in;
    private int at;
    private int length;
    private int nextAt;

    /** @param datagram in the byte order of this machine */
    NlCursor(ByteBuffer datagram) {
        this.in = datagram;
    }

    /**
     * Moves to the next message.
     *
     * @return false at the end
     * @throws NetlinkException if a length runs past the end or is shorter than a header
     */
    boolean next() {
        int left = in.limit() - nextAt;
        if (left < NlMessage.HEADER) {
            return false;
        }
        at = nextAt;
        length = in.getInt(at);
        if (length < NlMessage.HEADER || length > left) {
            throw new NetlinkException("message at offset " + at + " has length " + length + " of " + left);
        }
        nextAt = at + ((length + 3) & ~3);
        return true;
    }

    int type() {
        return in.getShort(at + 4) & 0xffff;
    }

    int flags() {
        return in.getShort(at + 6) & 0xffff;
    }

    long sequence() {
        return in.getInt(at + 8) & 0xffff_ffffL;
    }

    /** Whether it is data, and neither an acknowledgement nor the end of a dump. */
    boolean isData() {
        return type() != NlMessage.NLMSG_ERROR && type() != NlMessage.NLMSG_DONE;
    }

    boolean isInterrupted() {
        return (flags() & NlMessage.NLM_F_DUMP_INTR) != 0;
    }

    /** The attributes of a generic netlink message, in place. */
    AttrReader attributes(String name, AttrReader reader) {
        int to = at + length;
        return reader.over(name, in, Math.min(at + NlMessage.HEADER + NlReply.GENL_HEADER, to), to);
    }

    /** A copy of the message. */
    NlMessage message() {
        byte[] payload = new byte[length - NlMessage.HEADER];
        in.get(at + NlMessage.HEADER, payload);
        return new NlMessage(type(), flags(), sequence(), in.getInt(at + 12) & 0xffff_ffffL, payload);
    }
}
