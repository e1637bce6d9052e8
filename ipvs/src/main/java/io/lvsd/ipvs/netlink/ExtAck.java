package io.lvsd.ipvs.netlink;

import java.util.Arrays;

/**
 * The kernel's own words about a refusal ({@code NETLINK_EXT_ACK}, linux/netlink.h). IPVS mostly sends none.
 *
 * @param text {@code NLMSGERR_ATTR_MSG}, or empty
 */
public record ExtAck(String text) {
    private static final int NLMSGERR_ATTR_MSG = 1;
    /** {@code struct nlmsgerr}: the errno and the header of the request that failed. */
    private static final int ERROR_AND_HEADER = 4 + NlMessage.HEADER;

    /** Reads the TLVs of an error message: behind the echoed header if capped, else behind the whole echoed request. */
    static ExtAck of(NlMessage error) {
        byte[] payload = error.payload();
        if ((error.flags() & NlMessage.NLM_F_ACK_TLVS) == 0 || payload.length < ERROR_AND_HEADER) {
            return new ExtAck("");
        }
        boolean capped = (error.flags() & NlMessage.NLM_F_CAPPED) != 0;
        int echoed = capped ? NlMessage.HEADER : HostOrder.wrap(payload).getInt(4);
        int from = 4 + ((echoed + 3) & ~3);
        if (echoed < NlMessage.HEADER || from > payload.length) {
            return new ExtAck("");
        }
        AttrReader in = new AttrReader("extended acknowledgement", Arrays.copyOfRange(payload, from, payload.length));
        while (in.next()) {
            if (in.type() == NLMSGERR_ATTR_MSG) {
                return new ExtAck(in.stringz());
            }
        }
        return new ExtAck("");
    }
}
