package io.lvsd.ipvs.codec;

import static io.lvsd.ipvs.codec.IpvsUapi.*;

import io.lvsd.ipvs.model.IpvsStats;
import io.lvsd.ipvs.netlink.AttrReader;
import java.util.Arrays;

/**
 * Decodes the counters of one message after another: the 64-bit ones where there are any. Those of 32 bits are then not
 * looked at.
 */
final class StatsDecoder {
    private final long[] value = new long[IPVS_STATS_ATTR_OUTBPS + 1];
    private final AttrReader narrow = AttrReader.empty();
    private final AttrReader wide = AttrReader.empty();
    private boolean hasNarrow;
    private boolean hasWide;

    /** Another message begins. */
    void begin() {
        hasNarrow = false;
        hasWide = false;
    }

    /** The present attribute has the counters of 32 bits. */
    void narrow(AttrReader in) {
        var _ = in.nested(narrow);
        hasNarrow = true;
    }

    /** The present attribute has the counters of 64 bits. */
    void wide(AttrReader in) {
        var _ = in.nested(wide);
        hasWide = true;
    }

    /** The message is complete. */
    void end() {
        Arrays.fill(value, 0);
        if (hasWide) {
            read(wide, true);
        } else if (hasNarrow) {
            read(narrow, false);
        }
    }

    private void read(AttrReader in, boolean wideCounters) {
        while (in.next()) {
            int type = in.type();
            if (type >= IPVS_STATS_ATTR_CONNS && type <= IPVS_STATS_ATTR_OUTBPS) {
                boolean bytes = type == IPVS_STATS_ATTR_INBYTES || type == IPVS_STATS_ATTR_OUTBYTES;
                value[type] = wideCounters || bytes ? in.u64() : in.u32();
            }
        }
    }

    /** The counters; {@code known} itself if it is equal. */
    IpvsStats stats(IpvsStats known) {
        return is(known) ? known : is(IpvsStats.ZERO) ? IpvsStats.ZERO : decoded();
    }

    private boolean is(IpvsStats known) {
        return known.connections() == value[IPVS_STATS_ATTR_CONNS]
                && known.inPackets() == value[IPVS_STATS_ATTR_INPKTS]
                && known.outPackets() == value[IPVS_STATS_ATTR_OUTPKTS]
                && known.inBytes() == value[IPVS_STATS_ATTR_INBYTES]
                && known.outBytes() == value[IPVS_STATS_ATTR_OUTBYTES]
                && known.connectionRate() == value[IPVS_STATS_ATTR_CPS]
                && known.inPacketRate() == value[IPVS_STATS_ATTR_INPPS]
                && known.outPacketRate() == value[IPVS_STATS_ATTR_OUTPPS]
                && known.inByteRate() == value[IPVS_STATS_ATTR_INBPS]
                && known.outByteRate() == value[IPVS_STATS_ATTR_OUTBPS];
    }

    private IpvsStats decoded() {
        return new IpvsStats(
                value[IPVS_STATS_ATTR_CONNS],
                value[IPVS_STATS_ATTR_INPKTS],
                value[IPVS_STATS_ATTR_OUTPKTS],
                value[IPVS_STATS_ATTR_INBYTES],
                value[IPVS_STATS_ATTR_OUTBYTES],
                value[IPVS_STATS_ATTR_CPS],
                value[IPVS_STATS_ATTR_INPPS],
                value[IPVS_STATS_ATTR_OUTPPS],
                value[IPVS_STATS_ATTR_INBPS],
                value[IPVS_STATS_ATTR_OUTBPS]);
    }
}
