package io.lvsd.ipvs.codec;

import static io.lvsd.ipvs.codec.IpvsUapi.*;

import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.IpvsStats;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import io.lvsd.ipvs.netlink.AttrReader;
import io.lvsd.ipvs.netlink.NetlinkException;
import org.jspecify.annotations.Nullable;

/** Collects the attributes of one service, which come in any order. */
final class ServiceReader {
    private int family;
    private int protocol;
    private byte @Nullable [] address;
    private int port;
    private long mark;
    private String scheduler = "";
    private long flags;
    private long timeout;
    private byte @Nullable [] netmask;
    private String engine = "";
    private @Nullable IpvsStats stats32;
    private @Nullable IpvsStats stats64;

    ServiceState read(AttrReader in) {
        while (in.next()) {
            switch (in.type()) {
                case IPVS_SVC_ATTR_AF -> family = in.u16();
                case IPVS_SVC_ATTR_PROTOCOL -> protocol = in.u16();
                case IPVS_SVC_ATTR_ADDR -> address = in.bytes();
                case IPVS_SVC_ATTR_PORT -> port = in.be16();
                case IPVS_SVC_ATTR_FWMARK -> mark = in.u32();
                case IPVS_SVC_ATTR_SCHED_NAME -> scheduler = in.stringz();
                case IPVS_SVC_ATTR_FLAGS -> flags = in.u64() & 0xffff_ffffL;
                case IPVS_SVC_ATTR_TIMEOUT -> timeout = in.u32();
                case IPVS_SVC_ATTR_NETMASK -> netmask = in.bytes();
                case IPVS_SVC_ATTR_PE_NAME -> engine = in.stringz();
                case IPVS_SVC_ATTR_STATS -> stats32 = IpvsCodec.decodeStats(in.nested(), false);
                case IPVS_SVC_ATTR_STATS64 -> stats64 = IpvsCodec.decodeStats(in.nested(), true);
                default -> {}
            }
        }
        ServiceKey key = key();
        IpvsService config = new IpvsService(key, scheduler, flags, timeout, netmask(key.family()), engine);
        return IpvsCodec.serviceState(config, stats64 != null ? stats64 : stats32 != null ? stats32 : IpvsStats.ZERO);
    }

    private ServiceKey key() {
        AddressFamily af = AddressFamily.of(family);
        if (mark != 0) {
            return new ServiceKey.FwmarkKey(af, mark);
        }
        if (address == null) {
            throw new NetlinkException("IPVS_CMD_NEW_SERVICE: neither address nor firewall mark");
        }
        return new ServiceKey.AddressKey(IpvsCodec.protocol(protocol), IpvsCodec.address(af, address), port);
    }

    /** Network byte order for IPv4, a prefix length in host order for IPv6. */
    private long netmask(AddressFamily af) {
        if (netmask == null || netmask.length != 4) {
            return IpvsService.wholeAddress(af);
        }
        byte[] m = netmask;
        java.nio.ByteBuffer in = java.nio.ByteBuffer.wrap(m);
        if (af == AddressFamily.INET6) {
            in.order(java.nio.ByteOrder.nativeOrder());
        }
        return in.getInt() & 0xffff_ffffL;
    }
}
