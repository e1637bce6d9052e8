package io.lvsd.ipvs.codec;

import static io.lvsd.ipvs.codec.IpvsUapi.*;

import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.Addresses;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ForwardingMethod;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsStats;
import io.lvsd.ipvs.model.Tunnel;
import io.lvsd.ipvs.netlink.AttrReader;
import io.lvsd.ipvs.netlink.NetlinkException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decodes one message of {@code IPVS_CMD_GET_DEST} after another, and makes new objects only for what differs from a known
 * state. Attributes come in any order. Used by one thread.
 */
public final class DestinationDecoder {
    /** The name of the message in errors. */
    public static final String NAME = "IPVS_CMD_NEW_DEST";

    private final AttrReader content = AttrReader.empty();
    private final StatsDecoder stats = new StatsDecoder();
    private final byte[] address = new byte[AddressFamily.INET6.addressBytes()];
    private AddressFamily family = AddressFamily.INET;
    private int port;
    private ForwardingMethod method = ForwardingMethod.MASQ;
    private long weight;
    private long upper;
    private long lower;
    private int tunnelType;
    private int tunnelPort;
    private int tunnelFlags;
    private long active;
    private long inactive;
    private long persistent;

    /**
     * Decodes a message.
     *
     * @param serviceFamily used in place of {@code ADDR_FAMILY}, which kernels before 3.18 omit
     * @throws NetlinkException if it is malformed
     */
    public void decode(AttrReader message, AddressFamily serviceFamily) {
        while (message.next()) {
            if (message.type() == IPVS_CMD_ATTR_DEST) {
                family = serviceFamily;
                read(message.nested(content));
                return;
            }
        }
        throw new NetlinkException(NAME + ": no destination attribute");
    }

    private void read(AttrReader in) {
        clear();
        boolean hasAddress = false;
        while (in.next()) {
            switch (in.type()) {
                case IPVS_DEST_ATTR_ADDR -> hasAddress = in.bytes(address) >= 0;
                case IPVS_DEST_ATTR_PORT -> port = in.be16();
                case IPVS_DEST_ATTR_FWD_METHOD -> method = ForwardingMethod.ofConnectionFlags(in.u32());
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
                case IPVS_DEST_ATTR_STATS -> stats.narrow(in);
                case IPVS_DEST_ATTR_STATS64 -> stats.wide(in);
                default -> {}
            }
        }
        if (!hasAddress) {
            throw new NetlinkException(NAME + ": no address");
        }
        stats.end();
    }

    private void clear() {
        port = 0;
        method = ForwardingMethod.MASQ;
        weight = 0;
        upper = 0;
        lower = 0;
        tunnelType = 0;
        tunnelPort = 0;
        tunnelFlags = 0;
        active = 0;
        inactive = 0;
        persistent = 0;
        stats.begin();
    }

    /** Whether the message is about this destination. */
    public boolean isAbout(DestinationKey key) {
        byte[] known = key.address().getAddress();
        int length = family.addressBytes();
        return key.port() == port && known.length == length && Arrays.equals(known, 0, length, address, 0, length);
    }

    /** The destination that the message is about. */
    public DestinationKey key() {
        return new DestinationKey(Addresses.of(family, address), port);
    }

    /**
     * What the message says.
     *
     * @param known of the same destination; it or its parts are used again where they are equal; null if it is new
     */
    public DestinationState state(@Nullable DestinationState known) {
        if (known == null) {
            return new DestinationState(config(key()), active, inactive, persistent, stats.stats(IpvsStats.ZERO));
        }
        IpvsDestination config = isConfig(known.config())
                ? known.config()
                : config(known.config().key());
        IpvsStats counters = stats.stats(known.stats());
        return isSame(known, config, counters)
                ? known
                : new DestinationState(config, active, inactive, persistent, counters);
    }

    @SuppressWarnings("ReferenceEquality") // equal parts are the known objects
    private boolean isSame(DestinationState known, IpvsDestination config, IpvsStats counters) {
        return known.config() == config
                && known.stats() == counters
                && known.active() == active
                && known.inactive() == inactive
                && known.persistent() == persistent;
    }

    private boolean isConfig(IpvsDestination known) {
        return known.method().equals(method)
                && known.weight() == weight
                && known.upperThreshold() == upper
                && known.lowerThreshold() == lower
                && (!method.equals(ForwardingMethod.TUNNEL) || isTunnel(known.tunnel()));
    }

    private boolean isTunnel(Tunnel known) {
        return known.type() == tunnelType && known.port() == tunnelPort && known.flags() == tunnelFlags;
    }

    private IpvsDestination config(DestinationKey key) {
        Tunnel tunnel = isTunnel(Tunnel.NONE) ? Tunnel.NONE : new Tunnel(tunnelType, tunnelPort, tunnelFlags);
        return new IpvsDestination(key, method, weight, upper, lower, tunnel);
    }
}
