package io.lvsd.ipvs.codec;

import static io.lvsd.ipvs.codec.IpvsUapi.*;

import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ForwardingMethod;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsStats;
import io.lvsd.ipvs.model.Tunnel;
import io.lvsd.ipvs.netlink.AttrReader;
import io.lvsd.ipvs.netlink.NetlinkException;
import org.jspecify.annotations.Nullable;

/** Collects the attributes of one destination, which come in any order. */
final class DestinationReader {
    private AddressFamily family;
    private byte @Nullable [] address;
    private int port;
    private long forwarding;
    private long weight;
    private long upper;
    private long lower;
    private int tunnelType;
    private int tunnelPort;
    private int tunnelFlags;
    private long active;
    private long inactive;
    private long persistent;
    private @Nullable IpvsStats stats32;
    private @Nullable IpvsStats stats64;

    /** @param serviceFamily stands in for {@code ADDR_FAMILY}, which kernels before 3.18 omit */
    DestinationReader(AddressFamily serviceFamily) {
        this.family = serviceFamily;
    }

    DestinationState read(AttrReader in) {
        while (in.next()) {
            switch (in.type()) {
                case IPVS_DEST_ATTR_ADDR -> address = in.bytes();
                case IPVS_DEST_ATTR_PORT -> port = in.be16();
                case IPVS_DEST_ATTR_FWD_METHOD -> forwarding = in.u32();
                case IPVS_DEST_ATTR_WEIGHT -> weight = in.u32();
                case IPVS_DEST_ATTR_U_THRESH -> upper = in.u32();
                case IPVS_DEST_ATTR_L_THRESH -> lower = in.u32();
                case IPVS_DEST_ATTR_ACTIVE_CONNS -> active = in.u32();
                case IPVS_DEST_ATTR_INACT_CONNS -> inactive = in.u32();
                case IPVS_DEST_ATTR_PERSIST_CONNS -> persistent = in.u32();
                case IPVS_DEST_ATTR_ADDR_FAMILY -> family = AddressFamily.of(in.u16());
                case IPVS_DEST_ATTR_TUN_TYPE -> tunnelType = in.u8();
                case IPVS_DEST_ATTR_TUN_PORT -> tunnelPort = in.be16();
                case IPVS_DEST_ATTR_TUN_FLAGS -> tunnelFlags = in.u16();
                case IPVS_DEST_ATTR_STATS -> stats32 = IpvsCodec.decodeStats(in.nested(), false);
                case IPVS_DEST_ATTR_STATS64 -> stats64 = IpvsCodec.decodeStats(in.nested(), true);
                default -> {}
            }
        }
        if (address == null) {
            throw new NetlinkException("IPVS_CMD_NEW_DEST: no address");
        }
        IpvsDestination config = new IpvsDestination(
                new DestinationKey(IpvsCodec.address(family, address), port),
                ForwardingMethod.ofConnectionFlags(forwarding),
                weight,
                upper,
                lower,
                new Tunnel(tunnelType, tunnelPort, tunnelFlags));
        IpvsStats stats = stats64 != null ? stats64 : stats32 != null ? stats32 : IpvsStats.ZERO;
        return new DestinationState(config, active, inactive, persistent, stats);
    }
}
