package io.lvsd.snmp.mib;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.conf.model.KernelConfig;
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
import io.lvsd.ipvs.model.SyncDaemon;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.Variable;

final class LvsMibTest {
    private static final ServiceKey WEB =
            new ServiceKey.AddressKey(Protocol.TCP, Addresses.of(AddressFamily.INET, new byte[] {10, 0, 0, 1}), 80);
    private static final ServiceKey MARK = new ServiceKey.FwmarkKey(AddressFamily.INET6, 7);
    private static final DestinationKey REAL =
            new DestinationKey(Addresses.of(AddressFamily.INET, new byte[] {10, 0, 0, 11}), 8080);
    private static final DestinationKey REAL6 = new DestinationKey(Addresses.of(AddressFamily.INET6, new byte[16]), 0);
    private static final long WRAPPED = 0x1_0000_0005L;

    static SnmpView view() {
        IpvsStats stats = new IpvsStats(WRAPPED, 2, 3, -1, 5, WRAPPED, 7, 8, 9, 10);
        TreeMap<DestinationKey, DestinationState> real = new TreeMap<>();
        IpvsDestination heavy = IpvsDestination.of(REAL, ForwardingMethod.DROUTE, 70_000);
        real.put(REAL, new DestinationState(heavy, 0, 0, 0, stats));
        TreeMap<DestinationKey, DestinationState> six = new TreeMap<>();
        six.put(REAL6, DestinationState.idle(IpvsDestination.of(REAL6, ForwardingMethod.MASQ, 1)));
        TreeMap<ServiceKey, ServiceState> services = new TreeMap<>();
        services.put(
                WEB,
                new ServiceState(
                        new IpvsService(WEB, "wrr", IpvsService.PERSISTENT, 300, 0xffffff00L, ""), stats, real));
        services.put(MARK, new ServiceState(IpvsService.of(MARK, "rr"), IpvsStats.ZERO, six));
        List<SyncDaemon> daemons = List.of(
                new SyncDaemon(SyncDaemon.Role.BACKUP, "eth1", 0, 0, null, 0, 0),
                new SyncDaemon(SyncDaemon.Role.MASTER, "eth1", 0, 0, null, 0, 0));
        IpvsSnapshot table =
                new IpvsSnapshot(new IpvsInfo("1.2.1", 4096), new IpvsTimeouts(900, 120, 300), daemons, services);
        return new SnmpView(
                table,
                Map.of(WEB, 4, MARK, 2),
                Map.of(WEB, Map.of(REAL, 3), MARK, Map.of(REAL6, 1)),
                () -> new ServerViews("1", "d", List.of(), List.of(), KernelConfig.NONE));
    }

    private static String value(String suffix) {
        Variable value = new MibTree(LvsMib.nodes(view())).get(new OID(LvsMib.BASE.toDottedString() + "." + suffix));
        return value.isException() ? value.toString() : value.getSyntaxString() + " " + value;
    }

    @Test
    void scalarsAreThoseOfTheReferenceWalk() {
        assertEquals("OCTET STRING 1.2.1", value("1.0"));
        assertEquals("Integer32 2", value("2.0"));
        assertEquals("Integer32 4096", value("3.0"));
        assertEquals(
                List.of("Integer32 900", "Integer32 120", "Integer32 300"),
                List.of(value("4.0"), value("5.0"), value("6.0")),
                "whole seconds");
        assertEquals("Integer32 1", value("7.0"), "both daemons run: master");
        assertEquals("OCTET STRING eth1", value("8.0"));
    }

    @Test
    void rowsHaveTheNumbersThatTheyWereGiven() {
        assertEquals("IpAddress 10.0.0.1", value("17.1.4.4"));
        assertEquals("IpAddress 10.0.0.11", value("18.1.3.4.3"));
        assertEquals("noSuchInstance", value("17.1.4.1"));
        assertEquals("noSuchInstance", value("18.1.4.4"));
        assertEquals("noSuchObject", value("18.1.17.4.3"));
        assertEquals("noSuchObject", value("19.0"));
        assertEquals("noSuchInstance", value("1.1"));
    }

    @Test
    void countersWrapAt32BitsRatesStopThereAndBytesHave64() {
        assertEquals("Counter 5", value("17.1.10.4"));
        assertEquals("Counter64 18446744073709551615", value("17.1.13.4"));
        assertEquals("Gauge 4294967295", value("17.1.15.4"));
    }

    @Test
    void weightsStopAt65535AndMethodsHaveTheirNumbers() {
        assertEquals("Integer32 65535", value("18.1.6.4.3"));
        assertEquals("Integer32 3", value("18.1.5.4.3"));
    }

    @Test
    void aFirewallMarkHasProtocolAndPortMinusOneAndIpv6ShowsNoAddress() {
        assertEquals(
                List.of("Integer32 -1", "Integer32 -1", "Integer32 7"),
                List.of(value("17.1.3.2"), value("17.1.5.2"), value("17.1.6.2")));
        assertEquals("IpAddress 0.0.0.0", value("18.1.3.2.1"));
        assertEquals("IpAddress 255.255.255.255", value("17.1.8.2"));
        assertEquals("IpAddress 255.255.255.0", value("17.1.8.4"));
    }
}
