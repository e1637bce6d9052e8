package io.lvsd.ipvs.codec;

import static io.lvsd.ipvs.codec.IpvsUapi.*;

import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.Addresses;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ForwardingMethod;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsInfo;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.IpvsStats;
import io.lvsd.ipvs.model.IpvsTimeouts;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import io.lvsd.ipvs.model.SyncDaemon;
import io.lvsd.ipvs.model.Tunnel;
import io.lvsd.ipvs.netlink.AttrReader;
import io.lvsd.ipvs.netlink.AttrWriter;
import io.lvsd.ipvs.netlink.GenlClient.Request;
import io.lvsd.ipvs.netlink.NetlinkException;
import java.net.InetAddress;
import org.pcollections.TreePMap;

/** Model to attributes of the IPVS family and back. Pure: no socket. Quirks were seen on Linux 6.1. */
public final class IpvsCodec {
    private static final long ALL_FLAGS = 0xffff_ffffL;

    private IpvsCodec() {}

    /** The request that carries out a command. Its attributes are written when it is sent. */
    public static Request encode(IpvsCommand command) {
        return switch (command) {
            case IpvsCommand.NewService(var service) ->
                new Request(IPVS_CMD_NEW_SERVICE, out -> writeService(out, service));
            case IpvsCommand.SetService(var service) ->
                new Request(IPVS_CMD_SET_SERVICE, out -> writeService(out, service));
            case IpvsCommand.DelService(var key) -> new Request(IPVS_CMD_DEL_SERVICE, out -> writeServiceKey(out, key));
            case IpvsCommand.NewDest(var key, var dest) ->
                new Request(IPVS_CMD_NEW_DEST, out -> writeDestination(out, key, dest));
            case IpvsCommand.SetDest(var key, var dest) ->
                new Request(IPVS_CMD_SET_DEST, out -> writeDestination(out, key, dest));
            case IpvsCommand.DelDest(var key, var dest) ->
                new Request(IPVS_CMD_DEL_DEST, out -> writeDestinationKey(out, key, dest));
            case IpvsCommand.NewDaemon(var daemon) -> new Request(IPVS_CMD_NEW_DAEMON, out -> writeDaemon(out, daemon));
            case IpvsCommand.DelDaemon(var daemon) -> new Request(IPVS_CMD_DEL_DAEMON, out -> writeDaemon(out, daemon));
            case IpvsCommand.SetTimeouts(var timeouts) ->
                new Request(IPVS_CMD_SET_CONFIG, out -> writeTimeouts(out, timeouts));
            case IpvsCommand.Zero(var key) -> new Request(IPVS_CMD_ZERO, out -> writeServiceKey(out, key));
            case IpvsCommand.ZeroAll() -> new Request(IPVS_CMD_ZERO, _ -> {});
        };
    }

    /** {@code IPVS_CMD_FLUSH}: known to the codec, sent by nobody. */
    public static Request flush() {
        return new Request(IPVS_CMD_FLUSH, _ -> {});
    }

    /** What identifies a service, for {@code GET_SERVICE}, {@code GET_DEST}, {@code DEL_SERVICE} and {@code ZERO}. */
    public static byte[] serviceKey(ServiceKey key) {
        AttrWriter out = new AttrWriter();
        writeServiceKey(out, key);
        return out.toByteArray();
    }

    private static void writeServiceKey(AttrWriter out, ServiceKey key) {
        int service = out.begin(IPVS_CMD_ATTR_SERVICE);
        writeKey(out, key);
        out.end(service);
    }

    private static void writeService(AttrWriter out, IpvsService service) {
        int start = out.begin(IPVS_CMD_ATTR_SERVICE);
        writeKey(out, service.key());
        out.stringz(IPVS_SVC_ATTR_SCHED_NAME, service.scheduler());
        out.bytes(IPVS_SVC_ATTR_FLAGS, flagsAndMask(service.flags()));
        out.u32(IPVS_SVC_ATTR_TIMEOUT, service.persistenceTimeout());
        writeNetmask(out, service);
        if (!service.persistenceEngine().isEmpty()) {
            out.stringz(IPVS_SVC_ATTR_PE_NAME, service.persistenceEngine());
        }
        out.end(start);
    }

    private static void writeDestination(AttrWriter out, ServiceKey key, IpvsDestination dest) {
        writeServiceKey(out, key);
        int start = out.begin(IPVS_CMD_ATTR_DEST);
        writeKey(out, dest.key());
        out.u32(IPVS_DEST_ATTR_FWD_METHOD, dest.method().number());
        out.u32(IPVS_DEST_ATTR_WEIGHT, dest.weight());
        out.u32(IPVS_DEST_ATTR_U_THRESH, dest.upperThreshold());
        out.u32(IPVS_DEST_ATTR_L_THRESH, dest.lowerThreshold());
        if (dest.method().equals(ForwardingMethod.TUNNEL)) {
            writeTunnel(out, dest.tunnel());
        }
        out.end(start);
    }

    private static void writeDestinationKey(AttrWriter out, ServiceKey key, DestinationKey dest) {
        writeServiceKey(out, key);
        int start = out.begin(IPVS_CMD_ATTR_DEST);
        writeKey(out, dest);
        out.end(start);
    }

    private static void writeKey(AttrWriter out, ServiceKey key) {
        out.u16(IPVS_SVC_ATTR_AF, key.family().number());
        switch (key) {
            case ServiceKey.AddressKey(var protocol, var address, var port) ->
                out.u16(IPVS_SVC_ATTR_PROTOCOL, protocol.number())
                        .bytes(IPVS_SVC_ATTR_ADDR, address.getAddress())
                        .be16(IPVS_SVC_ATTR_PORT, port);
            case ServiceKey.FwmarkKey(var _, long mark) -> out.u32(IPVS_SVC_ATTR_FWMARK, mark);
        }
    }

    private static void writeKey(AttrWriter out, DestinationKey key) {
        out.u16(IPVS_DEST_ATTR_ADDR_FAMILY, AddressFamily.of(key.address()).number());
        out.bytes(IPVS_DEST_ATTR_ADDR, key.address().getAddress());
        out.be16(IPVS_DEST_ATTR_PORT, key.port());
    }

    private static void writeNetmask(AttrWriter out, IpvsService service) {
        switch (service.key().family()) {
            case INET -> out.be32(IPVS_SVC_ATTR_NETMASK, service.netmask());
            case INET6 -> out.u32(IPVS_SVC_ATTR_NETMASK, service.netmask());
        }
    }

    private static void writeTunnel(AttrWriter out, Tunnel tunnel) {
        out.u8(IPVS_DEST_ATTR_TUN_TYPE, tunnel.type());
        out.be16(IPVS_DEST_ATTR_TUN_PORT, tunnel.port());
        out.u16(IPVS_DEST_ATTR_TUN_FLAGS, tunnel.flags());
    }

    /** {@code struct ip_vs_flags}: the flags and the mask of those that are meant, here all. */
    private static byte[] flagsAndMask(long flags) {
        return java.nio.ByteBuffer.allocate(8)
                .order(java.nio.ByteOrder.nativeOrder())
                .putInt((int) flags)
                .putInt((int) ALL_FLAGS)
                .array();
    }

    private static void writeDaemon(AttrWriter out, SyncDaemon daemon) {
        int start = out.begin(IPVS_CMD_ATTR_DAEMON);
        out.u32(IPVS_DAEMON_ATTR_STATE, daemon.role().number());
        out.stringz(IPVS_DAEMON_ATTR_MCAST_IFN, daemon.multicastInterface());
        out.u32(IPVS_DAEMON_ATTR_SYNC_ID, daemon.syncId());
        writeDaemonOptions(out, daemon);
        out.end(start);
    }

    private static void writeDaemonOptions(AttrWriter out, SyncDaemon daemon) {
        InetAddress group = daemon.group();
        if (daemon.maxLength() > 0) {
            out.u16(IPVS_DAEMON_ATTR_SYNC_MAXLEN, daemon.maxLength());
        }
        if (group != null) {
            boolean v4 = AddressFamily.of(group) == AddressFamily.INET;
            out.bytes(v4 ? IPVS_DAEMON_ATTR_MCAST_GROUP : IPVS_DAEMON_ATTR_MCAST_GROUP6, group.getAddress());
        }
        if (daemon.port() > 0) {
            out.u16(IPVS_DAEMON_ATTR_MCAST_PORT, daemon.port());
        }
        if (daemon.ttl() > 0) {
            out.u8(IPVS_DAEMON_ATTR_MCAST_TTL, daemon.ttl());
        }
    }

    private static void writeTimeouts(AttrWriter out, IpvsTimeouts timeouts) {
        out.u32(IPVS_CMD_ATTR_TIMEOUT_TCP, timeouts.tcp());
        out.u32(IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, timeouts.tcpFin());
        out.u32(IPVS_CMD_ATTR_TIMEOUT_UDP, timeouts.udp());
    }

    /** One message of {@code IPVS_CMD_GET_SERVICE}, without destinations. */
    public static ServiceState decodeService(byte[] attributes) {
        ServiceDecoder decoder = new ServiceDecoder();
        decoder.decode(new AttrReader(ServiceDecoder.NAME, attributes));
        return new ServiceState(decoder.config(null), decoder.stats(IpvsStats.ZERO), TreePMap.empty());
    }

    /** One message of {@code IPVS_CMD_GET_DEST}. */
    public static DestinationState decodeDestination(byte[] attributes, AddressFamily serviceFamily) {
        DestinationDecoder decoder = new DestinationDecoder();
        decoder.decode(new AttrReader(DestinationDecoder.NAME, attributes), serviceFamily);
        return decoder.state(null);
    }

    public static IpvsInfo decodeInfo(byte[] attributes) {
        AttrReader in = new AttrReader("IPVS_CMD_GET_INFO", attributes);
        long version = 0;
        long size = 0;
        while (in.next()) {
            switch (in.type()) {
                case IPVS_INFO_ATTR_VERSION -> version = in.u32();
                case IPVS_INFO_ATTR_CONN_TAB_SIZE -> size = in.u32();
                default -> {}
            }
        }
        return new IpvsInfo((version >> 16 & 0xff) + "." + (version >> 8 & 0xff) + "." + (version & 0xff), size);
    }

    public static IpvsTimeouts decodeTimeouts(byte[] attributes) {
        AttrReader in = new AttrReader("IPVS_CMD_GET_CONFIG", attributes);
        long tcp = 0;
        long tcpFin = 0;
        long udp = 0;
        while (in.next()) {
            switch (in.type()) {
                case IPVS_CMD_ATTR_TIMEOUT_TCP -> tcp = in.u32();
                case IPVS_CMD_ATTR_TIMEOUT_TCP_FIN -> tcpFin = in.u32();
                case IPVS_CMD_ATTR_TIMEOUT_UDP -> udp = in.u32();
                default -> {}
            }
        }
        return new IpvsTimeouts(tcp, tcpFin, udp);
    }

    /** One message of {@code IPVS_CMD_GET_DAEMON}. */
    public static SyncDaemon decodeDaemon(byte[] attributes) {
        AttrReader in = new AttrReader("IPVS_CMD_GET_DAEMON", attributes);
        while (in.next()) {
            if (in.type() == IPVS_CMD_ATTR_DAEMON) {
                return new DaemonReader().read(in.nested());
            }
        }
        throw new NetlinkException("IPVS_CMD_GET_DAEMON: no daemon attribute");
    }

    static InetAddress address(AddressFamily family, byte[] bytes) {
        return Addresses.of(family, bytes);
    }
}
