package io.lvsd.ipvs.netlink;

import java.util.Arrays;

/**
 * A generic netlink family, linux/genetlink.h.
 *
 * @param id the number in {@code nlmsg_type}; differs from boot to boot
 * @param version what goes into {@code genlmsghdr.version}
 */
public record GenlFamily(int id, int version) {
    /** {@code GENL_ID_CTRL}: the family that knows the others. */
    public static final GenlFamily CTRL = new GenlFamily(16, 1);

    private static final int CTRL_CMD_GETFAMILY = 3;
    private static final int CTRL_ATTR_FAMILY_ID = 1;
    private static final int CTRL_ATTR_FAMILY_NAME = 2;

    /** A request of this family: flags besides {@code NLM_F_REQUEST} are the caller's. */
    public NlMessage request(int command, int flags, long sequence, byte[] attributes) {
        byte[] payload = new byte[NlReply.GENL_HEADER + attributes.length];
        payload[0] = (byte) command;
        payload[1] = (byte) version;
        System.arraycopy(attributes, 0, payload, NlReply.GENL_HEADER, attributes.length);
        return new NlMessage(id, NlMessage.NLM_F_REQUEST | flags, sequence, 0, payload);
    }

    /** Writes a request without an acknowledgement. */
    void write(OutBuffer out, GenlClient.Request request, long sequence) {
        int start = NlMessage.begin(out, id, NlMessage.NLM_F_REQUEST, sequence, 0);
        out.putByte(request.command());
        out.putByte(version);
        out.putShort(0);
        request.attributes().accept(new AttrWriter(out));
        NlMessage.end(out, start);
    }

    /** The command number of a message of any generic netlink family. */
    public static int command(NlMessage message) {
        return message.payload().length == 0 ? -1 : message.payload()[0] & 0xff;
    }

    /** The attributes of a message of any generic netlink family. */
    public static byte[] attributes(NlMessage message) {
        byte[] payload = message.payload();
        return Arrays.copyOfRange(payload, Math.min(NlReply.GENL_HEADER, payload.length), payload.length);
    }

    static final int GETFAMILY = CTRL_CMD_GETFAMILY;

    static byte[] familyName(String name) {
        return new AttrWriter().stringz(CTRL_ATTR_FAMILY_NAME, name).toByteArray();
    }

    static int familyId(byte[] attributes) {
        AttrReader in = new AttrReader("CTRL_CMD_GETFAMILY", attributes);
        while (in.next()) {
            if (in.type() == CTRL_ATTR_FAMILY_ID) {
                return in.u16();
            }
        }
        throw new NetlinkException("CTRL_CMD_GETFAMILY: the reply holds no family id");
    }
}
