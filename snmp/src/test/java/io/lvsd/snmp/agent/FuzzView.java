package io.lvsd.snmp.agent;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.model.KernelConfig;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.ipvs.IpvsSnapshot;
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
import io.lvsd.ipvs.model.Protocol;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import io.lvsd.snmp.mib.ServerViews;
import io.lvsd.snmp.mib.SnmpView;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the agent serves during a fuzz run. */
final class FuzzView {
    private static final int SERVICES = 100;
    private static final int REAL_SERVERS = 5;

    private FuzzView() {}

    /** The same services and real servers in the table and in the configuration. */
    static SnmpView view() {
        StringBuilder text = new StringBuilder();
        TreeMap<ServiceKey, ServiceState> services = new TreeMap<>();
        Map<ServiceKey, Integer> serviceRows = new HashMap<>();
        Map<ServiceKey, Map<DestinationKey, Integer>> rows = new HashMap<>();
        for (int s = 1; s <= SERVICES; s++) {
            text.append("virtual_server 10.0.0." + s + " 80 {\n protocol TCP\n lvs_sched wlc\n lvs_method NAT\n");
            ServiceKey key = new ServiceKey.AddressKey(Protocol.TCP, address(0, s), 80);
            TreeMap<DestinationKey, DestinationState> destinations = new TreeMap<>();
            Map<DestinationKey, Integer> numbers = new HashMap<>();
            for (int r = 1; r <= REAL_SERVERS; r++) {
                text.append(" real_server 10.0." + r + "." + s + " 80 {\n  weight 1\n }\n");
                DestinationKey at = new DestinationKey(address(r, s), 80);
                IpvsDestination destination = IpvsDestination.of(at, ForwardingMethod.MASQ, 1);
                destinations.put(at, new DestinationState(destination, 1, 2, 3, IpvsStats.ZERO));
                numbers.put(at, r);
            }
            text.append("}\n");
            services.put(key, new ServiceState(IpvsService.of(key, "wlc"), IpvsStats.ZERO, destinations));
            serviceRows.put(key, s);
            rows.put(key, numbers);
        }
        List<ServerViews.VirtualServer> servers = new ArrayList<>();
        for (VirtualServerConfig config :
                ConfigLoader.loadPlain(text.toString()).config().virtualServers()) {
            List<ServerViews.RealServer> reals = new ArrayList<>();
            for (RealServerConfig real : config.realServers()) {
                reals.add(new ServerViews.RealServer(
                        reals.size() + 1, Optional.of(real), true, 1, 0, 0, ServerViews.Load.NONE));
            }
            servers.add(new ServerViews.VirtualServer(servers.size() + 1, config, true, true, reals, IpvsStats.ZERO));
        }
        if (servers.size() != SERVICES) {
            throw new IllegalStateException(servers.size() + " virtual servers");
        }
        IpvsSnapshot table =
                new IpvsSnapshot(new IpvsInfo("1.2.1", 4096), new IpvsTimeouts(900, 120, 300), List.of(), services);
        return new SnmpView(
                table,
                serviceRows,
                rows,
                () -> new ServerViews("1", "director", List.of(), servers, KernelConfig.NONE));
    }

    private static InetAddress address(int third, int fourth) {
        return Addresses.of(AddressFamily.INET, new byte[] {10, 0, (byte) third, (byte) fourth});
    }
}
