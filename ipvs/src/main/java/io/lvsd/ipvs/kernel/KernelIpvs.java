package io.lvsd.ipvs.kernel;

import io.lvsd.ipvs.ApplyResult;
import io.lvsd.ipvs.IpvsClient;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.IpvsGlobals;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.codec.IpvsCodec;
import io.lvsd.ipvs.codec.IpvsUapi;
import io.lvsd.ipvs.ffm.Errno;
import io.lvsd.ipvs.model.IpvsInfo;
import io.lvsd.ipvs.model.IpvsTimeouts;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import io.lvsd.ipvs.model.SyncDaemon;
import io.lvsd.ipvs.netlink.GenlClient;
import io.lvsd.ipvs.netlink.GenlClient.Outcome;
import io.lvsd.ipvs.netlink.GenlClient.Reply;
import io.lvsd.ipvs.netlink.GenlClient.Request;
import io.lvsd.ipvs.netlink.NetlinkException;
import io.lvsd.ipvs.netlink.NetlinkSocket;
import io.lvsd.ipvs.netlink.NetlinkTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's IPVS table in the network namespace of the thread that first uses it, over generic netlink. After a
 * {@link NetlinkException} the socket is closed; the next call opens a new one. Reading and writing need CAP_NET_ADMIN.
 */
public final class KernelIpvs implements IpvsClient {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final Supplier<NetlinkTransport> transports;
    private @Nullable GenlClient client;
    private TableReader reader = new TableReader();

    public KernelIpvs() {
        this(() -> NetlinkSocket.open(DEADLINE));
    }

    /** @param transports makes a new connection to the kernel, now and after each failure */
    KernelIpvs(Supplier<NetlinkTransport> transports) {
        this.transports = transports;
    }

    @Override
    public IpvsSnapshot read() {
        return guarded(ipvs -> IpvsSnapshot.of(globals(ipvs), reader.read(ipvs)));
    }

    @Override
    public IpvsGlobals globals() {
        return guarded(KernelIpvs::globals);
    }

    @Override
    public List<ServiceKey> list() {
        return guarded(reader::list);
    }

    @Override
    public SortedMap<ServiceKey, ServiceState> read(Collection<ServiceKey> keys) {
        return guarded(ipvs -> reader.read(ipvs, keys));
    }

    private static IpvsGlobals globals(GenlClient ipvs) {
        return new IpvsGlobals(info(ipvs), timeouts(ipvs), daemons(ipvs));
    }

    private static IpvsInfo info(GenlClient ipvs) {
        return IpvsCodec.decodeInfo(getOne(ipvs, IpvsUapi.IPVS_CMD_GET_INFO, "GET_INFO"));
    }

    private static IpvsTimeouts timeouts(GenlClient ipvs) {
        return IpvsCodec.decodeTimeouts(getOne(ipvs, IpvsUapi.IPVS_CMD_GET_CONFIG, "GET_CONFIG"));
    }

    private static List<SyncDaemon> daemons(GenlClient ipvs) {
        return ipvs.dump(IpvsUapi.IPVS_CMD_GET_DAEMON, new byte[0]).stream()
                .map(IpvsCodec::decodeDaemon)
                .toList();
    }

    private static byte[] getOne(GenlClient ipvs, int command, String name) {
        Reply reply = ipvs.get(command, new byte[0]);
        if (!reply.outcome().ok()) {
            throw NetlinkException.of(name, reply.outcome().errno());
        }
        if (reply.messages().isEmpty()) {
            throw new NetlinkException(name + ": acknowledged without an answer");
        }
        return reply.messages().getFirst();
    }

    @Override
    public List<ApplyResult> apply(List<IpvsCommand> commands) {
        if (commands.isEmpty()) {
            return List.of();
        }
        List<Request> requests = commands.stream().map(IpvsCodec::encode).toList();
        List<Outcome> outcomes = guarded(ipvs -> ipvs.batch(requests));
        List<ApplyResult> results = new ArrayList<>(commands.size());
        for (int i = 0; i < commands.size(); i++) {
            results.add(ApplyResult.of(
                    commands.get(i), outcomes.get(i).errno(), outcomes.get(i).text()));
        }
        return results;
    }

    private interface Use<T> {
        T on(GenlClient client);
    }

    private <T> T guarded(Use<T> use) {
        try {
            return use.on(connected());
        } catch (RuntimeException e) {
            // A reading that was not completed is no base for the next one, and answers may still come.
            reader = new TableReader();
            close();
            throw e;
        }
    }

    private GenlClient connected() {
        GenlClient open = client;
        if (open == null) {
            NetlinkTransport transport = transports.get();
            try {
                open = GenlClient.open(transport, IpvsUapi.IPVS_GENL_NAME, IpvsUapi.IPVS_GENL_VERSION);
            } catch (NetlinkException e) {
                transport.close();
                throw e;
            }
            client = open;
        }
        return open;
    }

    /** Whether an exception means that this kernel has no IPVS at all. */
    public static boolean isMissing(NetlinkException e) {
        return e.is(Errno.ENOENT) || e.is(Errno.EPROTONOSUPPORT) || e.is(Errno.EAFNOSUPPORT);
    }

    /** Whether an exception means that this process may not use IPVS. */
    public static boolean isDenied(NetlinkException e) {
        return e.is(Errno.EPERM) || e.is(Errno.EACCES);
    }

    @Override
    public void close() {
        GenlClient open = client;
        client = null;
        if (open != null) {
            open.close();
        }
    }
}
