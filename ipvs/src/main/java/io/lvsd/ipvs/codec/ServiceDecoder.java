package io.lvsd.ipvs.codec;

import static io.lvsd.ipvs.codec.IpvsUapi.*;

import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.Addresses;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.IpvsStats;
import io.lvsd.ipvs.model.Protocol;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.netlink.AttrReader;
import io.lvsd.ipvs.netlink.NetlinkException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decodes one message of {@code IPVS_CMD_GET_SERVICE} after another, and makes new objects only for what differs from a known
 * service. Attributes come in any order. Used by one thread.
 */
public final class ServiceDecoder {
    /** The name of the message in errors. */
    public static final String NAME = "IPVS_CMD_NEW_SERVICE";

    private static final int MASK_BYTES = 4;

    private final AttrReader content = AttrReader.empty();
    private final StatsDecoder stats = new StatsDecoder();
    private final byte[] address = new byte[AddressFamily.INET6.addressBytes()];
    private final byte[] netmask = new byte[MASK_BYTES];
    private boolean hasAddress;
    private boolean hasNetmask;
    private AddressFamily family = AddressFamily.INET;
    private int protocol;
    private int port;
    private long mark;
    private String scheduler = "";
    /** Of the message before: most services have the same. */
    private String lastScheduler = "";

    private long flags;
    private long timeout;
    private String engine = "";

    /**
     * Decodes a message.
     *
     * @throws NetlinkException if it is malformed
     * @throws IllegalArgumentException for an unknown family or protocol
     */
    public void decode(AttrReader message) {
        while (message.next()) {
            if (message.type() == IPVS_CMD_ATTR_SERVICE) {
                read(message.nested(content));
                return;
            }
        }
        throw new NetlinkException(NAME + ": no service attribute");
    }

    private void read(AttrReader in) {
        clear();
        int familyNumber = 0;
        while (in.next()) {
            switch (in.type()) {
                case IPVS_SVC_ATTR_AF -> familyNumber = in.u16();
                case IPVS_SVC_ATTR_PROTOCOL -> protocol = in.u16();
                case IPVS_SVC_ATTR_ADDR -> hasAddress = in.bytes(address) >= 0;
                case IPVS_SVC_ATTR_PORT -> port = in.be16();
                case IPVS_SVC_ATTR_FWMARK -> mark = in.u32();
                case IPVS_SVC_ATTR_SCHED_NAME -> scheduler = in.stringz(lastScheduler);
                case IPVS_SVC_ATTR_FLAGS -> flags = in.u64() & 0xffff_ffffL;
                case IPVS_SVC_ATTR_TIMEOUT -> timeout = in.u32();
                case IPVS_SVC_ATTR_NETMASK -> hasNetmask = in.bytes(netmask) == MASK_BYTES;
                case IPVS_SVC_ATTR_PE_NAME -> engine = in.stringz();
                case IPVS_SVC_ATTR_STATS -> stats.narrow(in);
                case IPVS_SVC_ATTR_STATS64 -> stats.wide(in);
                default -> {}
            }
        }
        family = AddressFamily.of(familyNumber);
        if (mark == 0 && !hasAddress) {
            throw new NetlinkException(NAME + ": neither address nor firewall mark");
        }
        stats.end();
    }

    private void clear() {
        lastScheduler = scheduler;
        scheduler = "";
        hasAddress = false;
        hasNetmask = false;
        protocol = 0;
        port = 0;
        mark = 0;
        flags = 0;
        timeout = 0;
        engine = "";
        stats.begin();
    }

    /** Whether the message is about this service. */
    public boolean isAbout(ServiceKey key) {
        return switch (key) {
            case ServiceKey.FwmarkKey(var knownFamily, long knownMark) -> knownMark == mark && knownFamily == family;
            case ServiceKey.AddressKey(var knownProtocol, var knownAddress, int knownPort) -> {
                byte[] bytes = knownAddress.getAddress();
                int length = family.addressBytes();
                yield mark == 0
                        && knownPort == port
                        && knownProtocol.number() == protocol
                        && bytes.length == length
                        && Arrays.equals(bytes, 0, length, address, 0, length);
            }
        };
    }

    /** The service that the message is about. */
    public ServiceKey key() {
        return mark != 0
                ? new ServiceKey.FwmarkKey(family, mark)
                : new ServiceKey.AddressKey(Protocol.of(protocol), Addresses.of(family, address), port);
    }

    /**
     * The attributes of the service.
     *
     * @param known of the same service; returned itself if it is equal; null if there is none
     */
    public IpvsService config(@Nullable IpvsService known) {
        ServiceKey key = known == null ? key() : known.key();
        IpvsService config = new IpvsService(key, scheduler, flags, timeout, netmask(), engine);
        return known != null && config.equals(known) ? known : config;
    }

    /** Its counters; {@code known} itself if it is equal. */
    public IpvsStats stats(IpvsStats known) {
        return stats.stats(known);
    }

    /** Network byte order for IPv4, a prefix length in host order for IPv6. */
    private long netmask() {
        if (!hasNetmask) {
            return IpvsService.wholeAddress(family);
        }
        ByteBuffer in = ByteBuffer.wrap(netmask);
        if (family == AddressFamily.INET6) {
            in.order(ByteOrder.nativeOrder());
        }
        return in.getInt() & 0xffff_ffffL;
    }
}
