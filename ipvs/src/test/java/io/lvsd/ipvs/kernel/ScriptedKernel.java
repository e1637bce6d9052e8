package io.lvsd.ipvs.kernel;

import io.lvsd.ipvs.IpvsClient;
import io.lvsd.ipvs.codec.IpvsCodec;
import io.lvsd.ipvs.codec.IpvsUapi;
import io.lvsd.ipvs.ffm.Errno;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.IpvsStats;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.netlink.AttrWriter;
import io.lvsd.ipvs.netlink.GenlFamily;
import io.lvsd.ipvs.netlink.NetlinkTransport;
import io.lvsd.ipvs.netlink.NlMessage;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A kernel that answers readings of its table with bytes: services and destinations in an order of its own, with the attributes
 * of Linux 6.1. Dumps come in datagrams of at most 32 KiB. The bytes of destinations are made once, as long as they stay.
 */
public final class ScriptedKernel implements NetlinkTransport {
    private static final int FAMILY = 32;
    private static final int DATAGRAM = 32 * 1024;
    private static final int ADDRESS_BYTES = 16;

    /** A service and its destinations, in the order of dumps. */
    public static final class Entry {
        public IpvsService config;
        public IpvsStats stats = IpvsStats.ZERO;
        public final List<DestinationState> destinations = new ArrayList<>();

        public Entry(IpvsService config) {
            this.config = config;
        }
    }

    public final List<Entry> services = new ArrayList<>();
    private final Deque<byte[]> answers = new ArrayDeque<>();
    private final Map<DestinationState, byte[]> encoded = new HashMap<>();
    private int last;
    /** Requests so far, by command. */
    public final Map<Integer, Integer> requests = new HashMap<>();

    /** A client of this kernel. */
    public IpvsClient client() {
        return new KernelIpvs(() -> this);
    }

    /** A client of a kernel behind another transport. */
    public static IpvsClient client(NetlinkTransport transport) {
        return new KernelIpvs(() -> transport);
    }

    @Override
    public void send(byte[] datagram) {
        NlMessage request = NlMessage.parse(datagram).getFirst();
        long seq = request.sequence();
        if (request.type() == GenlFamily.CTRL.id()) {
            byte[] family = new AttrWriter().stringz(2, "IPVS").u16(1, FAMILY).toByteArray();
            answer(seq, false, List.of(family));
            return;
        }
        int command = GenlFamily.command(request);
        requests.merge(command, 1, Integer::sum);
        boolean dump = (request.flags() & NlMessage.NLM_F_DUMP) != 0;
        byte[] key = GenlFamily.attributes(request);
        switch (command) {
            case IpvsUapi.IPVS_CMD_GET_INFO ->
                answer(
                        seq,
                        false,
                        List.of(new AttrWriter().u32(1, 0x10201).u32(2, 4096).toByteArray()));
            case IpvsUapi.IPVS_CMD_GET_CONFIG ->
                answer(
                        seq,
                        false,
                        List.of(new AttrWriter()
                                .u32(4, 900)
                                .u32(5, 120)
                                .u32(6, 300)
                                .toByteArray()));
            case IpvsUapi.IPVS_CMD_GET_SERVICE -> {
                List<byte[]> found = services.stream()
                        .filter(s -> dump || named(s, key))
                        .map(ScriptedKernel::service)
                        .toList();
                if (!dump && found.isEmpty()) {
                    answers.add(ack(seq, Errno.ESRCH.number()));
                } else {
                    answer(seq, dump, found);
                }
            }
            case IpvsUapi.IPVS_CMD_GET_DEST ->
                answer(
                        seq,
                        dump,
                        find(key).stream()
                                .flatMap(s -> s.destinations.stream())
                                .map(d -> encoded.computeIfAbsent(d, ScriptedKernel::destination))
                                .toList());
            case IpvsUapi.IPVS_CMD_GET_DAEMON -> answer(seq, dump, List.of());
            default -> throw new AssertionError("command " + command);
        }
    }

    /** Searches from the last one on, as clients ask in the order of the dump. */
    private Optional<Entry> find(byte[] key) {
        for (int i = 0; i < services.size(); i++) {
            int at = (last + i) % services.size();
            if (named(services.get(at), key)) {
                last = at;
                return Optional.of(services.get(at));
            }
        }
        return Optional.empty();
    }

    private static boolean named(Entry service, byte[] key) {
        return Arrays.equals(IpvsCodec.serviceKey(service.config.key()), key);
    }

    private void answer(long seq, boolean dump, List<byte[]> messages) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] attributes : messages) {
            byte[] message = message(seq, attributes);
            if (out.size() + message.length > DATAGRAM) {
                answers.add(out.toByteArray());
                out.reset();
            }
            out.writeBytes(message);
        }
        answers.add(out.toByteArray());
        answers.add(dump ? new NlMessage(NlMessage.NLMSG_DONE, 0, seq, 0, new byte[4]).toByteArray() : ack(seq, 0));
    }

    private static byte[] message(long seq, byte[] attributes) {
        byte[] payload = new byte[4 + attributes.length];
        System.arraycopy(attributes, 0, payload, 4, attributes.length);
        return new NlMessage(FAMILY, 0, seq, 0, payload).toByteArray();
    }

    private static byte[] ack(long seq, int errno) {
        ByteBuffer payload = ByteBuffer.wrap(new byte[20]).order(ByteOrder.nativeOrder());
        payload.putInt(-errno).putInt(16);
        return new NlMessage(NlMessage.NLMSG_ERROR, NlMessage.NLM_F_CAPPED, seq, 0, payload.array()).toByteArray();
    }

    @Override
    public ByteBuffer receive() {
        return ByteBuffer.wrap(answers.remove()).order(ByteOrder.nativeOrder());
    }

    @Override
    public void close() {
        answers.clear();
    }

    /** The attributes of a service as the kernel writes them. */
    static byte[] service(Entry entry) {
        IpvsService s = entry.config;
        return new AttrWriter()
                .nested(IpvsUapi.IPVS_CMD_ATTR_SERVICE, out -> {
                    out.u16(IpvsUapi.IPVS_SVC_ATTR_AF, s.key().family().number());
                    switch (s.key()) {
                        case ServiceKey.AddressKey(var protocol, var address, int port) ->
                            out.u16(IpvsUapi.IPVS_SVC_ATTR_PROTOCOL, protocol.number())
                                    .bytes(IpvsUapi.IPVS_SVC_ATTR_ADDR, wide(address))
                                    .be16(IpvsUapi.IPVS_SVC_ATTR_PORT, port);
                        case ServiceKey.FwmarkKey(var _, long mark) -> out.u32(IpvsUapi.IPVS_SVC_ATTR_FWMARK, mark);
                    }
                    out.stringz(IpvsUapi.IPVS_SVC_ATTR_SCHED_NAME, s.scheduler());
                    if (!s.persistenceEngine().isEmpty()) {
                        out.stringz(IpvsUapi.IPVS_SVC_ATTR_PE_NAME, s.persistenceEngine());
                    }
                    out.bytes(IpvsUapi.IPVS_SVC_ATTR_FLAGS, flags(s.flags() | IpvsService.HASHED));
                    out.u32(IpvsUapi.IPVS_SVC_ATTR_TIMEOUT, s.persistenceTimeout());
                    switch (s.key().family()) {
                        case INET -> out.be32(IpvsUapi.IPVS_SVC_ATTR_NETMASK, s.netmask());
                        case INET6 -> out.u32(IpvsUapi.IPVS_SVC_ATTR_NETMASK, s.netmask());
                    }
                    stats(out, IpvsUapi.IPVS_SVC_ATTR_STATS, IpvsUapi.IPVS_SVC_ATTR_STATS64, entry.stats);
                })
                .toByteArray();
    }

    private static byte[] flags(long flags) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.nativeOrder())
                .putInt((int) flags)
                .putInt(-1)
                .array();
    }

    private static byte[] wide(InetAddress address) {
        return Arrays.copyOf(address.getAddress(), ADDRESS_BYTES);
    }

    /** The attributes of a destination as the kernel writes them. */
    static byte[] destination(DestinationState state) {
        IpvsDestination d = state.config();
        return new AttrWriter()
                .nested(IpvsUapi.IPVS_CMD_ATTR_DEST, out -> {
                    out.bytes(IpvsUapi.IPVS_DEST_ATTR_ADDR, wide(d.key().address()))
                            .be16(IpvsUapi.IPVS_DEST_ATTR_PORT, d.key().port())
                            .u32(IpvsUapi.IPVS_DEST_ATTR_FWD_METHOD, d.method().number())
                            .u32(IpvsUapi.IPVS_DEST_ATTR_WEIGHT, d.weight())
                            .u8(IpvsUapi.IPVS_DEST_ATTR_TUN_TYPE, d.tunnel().type())
                            .be16(IpvsUapi.IPVS_DEST_ATTR_TUN_PORT, d.tunnel().port())
                            .u16(IpvsUapi.IPVS_DEST_ATTR_TUN_FLAGS, d.tunnel().flags())
                            .u32(IpvsUapi.IPVS_DEST_ATTR_U_THRESH, d.upperThreshold())
                            .u32(IpvsUapi.IPVS_DEST_ATTR_L_THRESH, d.lowerThreshold())
                            .u32(IpvsUapi.IPVS_DEST_ATTR_ACTIVE_CONNS, state.active())
                            .u32(IpvsUapi.IPVS_DEST_ATTR_INACT_CONNS, state.inactive())
                            .u32(IpvsUapi.IPVS_DEST_ATTR_PERSIST_CONNS, state.persistent())
                            .u16(
                                    IpvsUapi.IPVS_DEST_ATTR_ADDR_FAMILY,
                                    d.key().address().getAddress().length == 4 ? 2 : 10);
                    stats(out, IpvsUapi.IPVS_DEST_ATTR_STATS, IpvsUapi.IPVS_DEST_ATTR_STATS64, state.stats());
                })
                .toByteArray();
    }

    private static void stats(AttrWriter out, int narrow, int wide, IpvsStats s) {
        long[] values = {
            s.connections(), s.inPackets(), s.outPackets(), s.inBytes(), s.outBytes(),
            s.connectionRate(), s.inPacketRate(), s.outPacketRate(), s.inByteRate(), s.outByteRate()
        };
        out.nested(narrow, in -> {
            for (int i = 0; i < values.length; i++) {
                boolean bytes = i == 3 || i == 4;
                if (bytes) {
                    in.bytes(i + 1, u64(values[i]));
                } else {
                    in.u32(i + 1, values[i] & 0xffff_ffffL);
                }
            }
        });
        out.nested(wide, in -> {
            for (int i = 0; i < values.length; i++) {
                in.bytes(i + 1, u64(values[i]));
            }
        });
    }

    private static byte[] u64(long value) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.nativeOrder())
                .putLong(value)
                .array();
    }
}
