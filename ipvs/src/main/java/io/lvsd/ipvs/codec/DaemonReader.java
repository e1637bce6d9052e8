package io.lvsd.ipvs.codec;

import static io.lvsd.ipvs.codec.IpvsUapi.*;

import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.SyncDaemon;
import io.lvsd.ipvs.netlink.AttrReader;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Collects the attributes of one synchronisation daemon. */
final class DaemonReader {
    private long state;
    private String multicastInterface = "";
    private long syncId;
    private int maxLength;
    private @Nullable InetAddress group;
    private int port;
    private int ttl;

    SyncDaemon read(AttrReader in) {
        while (in.next()) {
            switch (in.type()) {
                case IPVS_DAEMON_ATTR_STATE -> state = in.u32();
                case IPVS_DAEMON_ATTR_MCAST_IFN -> multicastInterface = in.stringz();
                case IPVS_DAEMON_ATTR_SYNC_ID -> syncId = in.u32();
                case IPVS_DAEMON_ATTR_SYNC_MAXLEN -> maxLength = in.u16();
                case IPVS_DAEMON_ATTR_MCAST_GROUP -> group = IpvsCodec.address(AddressFamily.INET, in.bytes());
                case IPVS_DAEMON_ATTR_MCAST_GROUP6 -> group = IpvsCodec.address(AddressFamily.INET6, in.bytes());
                case IPVS_DAEMON_ATTR_MCAST_PORT -> port = in.u16();
                case IPVS_DAEMON_ATTR_MCAST_TTL -> ttl = in.u8();
                default -> {}
            }
        }
        return new SyncDaemon(SyncDaemon.role(state), multicastInterface, (int) syncId, maxLength, group, port, ttl);
    }
}
