package io.lvsd.snmp.mib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.model.IpvsStats;
import io.lvsd.snmp.mib.ServerViews.Load;
import io.lvsd.snmp.mib.ServerViews.RealServer;
import io.lvsd.snmp.mib.ServerViews.VirtualServer;
import io.lvsd.snmp.mib.StateNotifications.Content;
import io.lvsd.snmp.mib.StateNotifications.Counts;
import io.lvsd.snmp.mib.StateNotifications.QuorumStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/** The tables of KEEPALIVED-MIB for a configuration with every kind of virtual server. */
final class KeepalivedMibTest {
    private static final String FILE = """
        global_defs {
          router_id director-7
          lvs_sync_daemon eth1 id 9 port 8848
          lvs_timeouts tcp 600 udp 0
        }
        virtual_server_group farm {
          192.0.2.1-3 80
          2001:db8::7 443
          fwmark 70000
        }
        virtual_server 192.0.2.80 8080 {
          delay_loop 2.5
          lvs_sched wrr
          lvs_method NAT
          persistence_timeout 300
          persistence_granularity 255.255.255.0
          protocol TCP
          quorum 2
          hysteresis 1
          quorum_up "/bin/true up"
          retry 4
          virtualhost www.example
          snmp_name front
          sorry_server 127.0.0.1 80
          real_server 10.0.0.1 80 {
            weight 70000
            uthreshold 100
            notify_down "/bin/true down"
            snmp_name first
            TCP_CHECK {
            }
          }
          real_server 10.0.0.2 81 {
            inhibit_on_failure
            TCP_CHECK {
            }
          }
        }
        virtual_server fwmark 4000000000 {
          lvs_sched sh
          sh-port
          lvs_method TUN type gue port 6080 csum
          real_server 10.0.0.3 {
            TCP_CHECK {
              connect_port 80
            }
          }
        }
        virtual_server 2001:db8::1 132 {
          lvs_sched mh
          mh-fallback
          lvs_method DR
          protocol SCTP
          persistence_timeout 60
          persistence_granularity 64
          real_server 2001:db8::2 132 {
          }
        }
        """;

    private static final IpvsStats STATS = new IpvsStats(5_000_000_000L, 2, 3, -1, 5, 6_000_000_000L, 7, 8, 9, 10);

    private final DaemonConfig config = ConfigLoader.loadPlain(FILE).config();
    private final MibTree tree = tree();

    private MibTree tree() {
        List<VirtualServer> servers = new ArrayList<>();
        for (VirtualServerConfig server : config.virtualServers()) {
            List<RealServer> reals = new ArrayList<>();
            for (RealServerConfig real : server.realServers()) {
                boolean alive = reals.isEmpty();
                reals.add(new RealServer(
                        reals.size() + 1,
                        Optional.of(real),
                        alive,
                        real.weight(),
                        alive ? 0 : 1,
                        0,
                        new Load(1, 2, 3, STATS)));
            }
            server.sorry().ifPresent(_ -> reals.add(new RealServer(9, Optional.empty(), true, 0, 0, 0, Load.NONE)));
            servers.add(new VirtualServer(10 + servers.size(), server, true, false, reals, STATS));
        }
        ServerViews views = new ServerViews(
                "1.0", config.notices().routerId().orElse(""), config.groups(), servers, config.kernel());
        return new MibTree(
                KeepalivedMib.nodes(new SnmpView(IpvsSnapshot.EMPTY, Map.of(), Map.of(), () -> views).servers()));
    }

    /** The values of a row, {@code column=value}. */
    private String row(String entry, String index, int... columns) {
        StringBuilder text = new StringBuilder();
        for (int column : columns) {
            Variable value = tree.get(new OID(KeepalivedMib.CHECK + "." + entry + "." + column + "." + index));
            text.append(text.isEmpty() ? "" : " ").append(column).append('=').append(value);
        }
        return text.toString();
    }

    private String value(String oid) {
        return tree.get(new OID(KeepalivedMib.BASE + "." + oid)).toString();
    }

    @Test
    void theFileIsWhatThisTestTakesItFor() {
        assertEquals(3, config.virtualServers().size());
        assertEquals(1, config.groups().size());
    }

    @Test
    void aVirtualServerWithAnAddress() {
        assertEquals(
                "2=2 3=noSuchInstance 4=noSuchInstance 5=1 6=c0:00:02:50 7=8080 8=1 9=2 10=1 11=1 12=www.example 13=1"
                        + " 14=300 15=ff:ff:ff:00 51=noSuchInstance",
                row("3.1", "10", 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 51));
        assertEquals(
                "16=2 17=2 18=2 19=2 20=2 21=1 22=2 23=2 24=/bin/true up 25=noSuchInstance 26=1",
                row("3.1", "10", 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26));
        assertEquals(
                "37=2 56=1 57=4 58=2 59=2 60=1 61=2 64=2500000 65=2500000 66=2500000 67=5000000 68=noSuchInstance"
                        + " 71=front 72=/bin/true 73=noSuchInstance",
                row("3.1", "10", 37, 56, 57, 58, 59, 60, 61, 64, 65, 66, 67, 68, 71, 72, 73));
    }

    @Test
    void countersHaveTheirThreeForms() {
        assertEquals(
                "27=4294967295 28=2 29=3 30=18446744073709551615 31=5 32=4294967295 33=7 34=8 35=9 36=10"
                        + " 38=5000000000 39=2 40=3 41=1705032704 42=1 43=7 44=0 49=10 50=0 74=6000000000 78=10",
                row("3.1", "10", 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 38, 39, 40, 41, 42, 43, 44, 49, 50, 74, 78));
        assertEquals(
                "14=4294967295 15=1 16=2 17=3 18=2 19=3 20=18446744073709551615 21=5 22=4294967295 27=5000000000"
                        + " 30=1705032704 31=1 58=6000000000 62=10",
                row("4.1", "10.1", 14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 30, 31, 58, 62));
    }

    @Test
    void aFirewallMarkWithATunnel() {
        assertEquals(
                "2=1 4=4000000000 5=noSuchInstance 6=noSuchInstance 7=noSuchInstance 8=4 9=8 10=3 53=2 54=1"
                        + " 52=noSuchInstance 62=noSuchInstance 68=2 69=6080 70=2",
                row("3.1", "11", 2, 4, 5, 6, 7, 8, 9, 10, 53, 54, 52, 62, 68, 69, 70));
        assertEquals("40=3 52=2 53=6080 54=2", row("4.1", "11.1", 40, 52, 53, 54));
    }

    @Test
    void ipv6HasItsAddressAndPrefix() {
        assertEquals(
                "5=2 6=20:01:0d:b8:00:00:00:00:00:00:00:00:00:00:00:01 8=3 9=13 10=2 15=noSuchInstance 51=64 62=1 63=2",
                row("3.1", "12", 5, 6, 8, 9, 10, 15, 51, 62, 63));
        assertEquals("3=2 4=20:01:0d:b8:00:00:00:00:00:00:00:00:00:00:00:02 5=132", row("4.1", "12.1", 3, 4, 5));
    }

    @Test
    void realServers() {
        assertEquals(
                "2=1 3=1 4=0a:00:00:01 5=80 6=1 7=70000 8=100 9=0 10=1 11=noSuchInstance 12=/bin/true down 13=0 40=1"
                        + " 41=www.example 43=4 55=first 57=/bin/true 63=0",
                row("4.1", "10.1", 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 40, 41, 43, 55, 57, 63));
        assertEquals("6=2 10=2 13=1 55=noSuchInstance", row("4.1", "10.2", 6, 10, 13, 55));
    }

    @Test
    void theSorryServerHasSomeColumnsOnly() {
        assertEquals("2=2 3=1 4=7f:00:00:01 5=80 14=0 40=1", row("4.1", "10.9", 2, 3, 4, 5, 14, 40));
        for (int column : new int[] {6, 7, 8, 9, 10, 11, 12, 13, 56, 57}) {
            assertEquals(column + "=noSuchInstance", row("4.1", "10.9", column));
        }
        assertTrue(tree.weight(new OID(KeepalivedMib.CHECK + ".4.1.7.10.9")).isEmpty());
        assertEquals(
                "10.0.0.2:81",
                tree.weight(new OID(KeepalivedMib.CHECK + ".4.1.7.10.2"))
                        .orElseThrow()
                        .realServer()
                        .toString());
        assertTrue(tree.weight(new OID(KeepalivedMib.CHECK + ".4.1.8.10.2")).isEmpty());
    }

    @Test
    void groupsHaveTheirLinesAsWritten() {
        assertEquals("2=farm", row("1.1", "1", 2));
        assertEquals(
                "2=3 3=noSuchInstance 4=1 5=noSuchInstance 6=c0:00:02:01 7=c0:00:02:03 8=80",
                row("2.1", "1.1", 2, 3, 4, 5, 6, 7, 8));
        assertEquals(
                "2=2 4=2 5=20:01:0d:b8:00:00:00:00:00:00:00:00:00:00:00:07 6=noSuchInstance 8=443",
                row("2.1", "1.2", 2, 4, 5, 6, 8));
        assertEquals("2=1 3=70000 4=noSuchInstance 8=noSuchInstance", row("2.1", "1.3", 2, 3, 4, 8));
    }

    @Test
    void scalars() {
        assertEquals(List.of("1.0", "director-7"), List.of(value("1.1.0"), value("1.2.0")));
        assertEquals(
                List.of("1", "eth1", "noSuchInstance", "9", "8848"),
                List.of(value("3.6.1.0"), value("3.6.2.0"), value("3.6.5.0"), value("3.6.4.0"), value("3.6.6.0")));
        assertEquals(
                List.of("600", "noSuchInstance", "noSuchInstance"),
                List.of(value("3.7.1.0"), value("3.7.2.0"), value("3.7.3.0")));
    }

    // ---- notifications

    private static String text(Content content) {
        return content.bindings().stream()
                .map(KeepalivedMibTest::text)
                .collect(Collectors.joining(" ", content.id() + ": ", ""));
    }

    private static String text(VariableBinding binding) {
        String oid = binding.getOid().toDottedString();
        return oid.substring(KeepalivedMib.BASE.toDottedString().length() + 1) + "=" + binding.getVariable();
    }

    @Test
    void aRealServerChanges() {
        VirtualServerConfig web = config.virtualServers().getFirst();
        assertEquals(
                "1.3.6.1.4.1.9586.100.5.3.5.0.1: 3.4.1.3=1 3.4.1.4=0a:00:00:01 3.4.1.5=80 3.4.1.6=2 3.3.1.2=2 3.3.1.5=1"
                        + " 3.3.1.6=c0:00:02:50 3.3.1.7=8080 3.3.1.8=1 3.3.1.21=1 3.3.1.20=2 1.2.0=director-7",
                text(StateNotifications.realServer(
                        web, web.realServers().getFirst().id(), false, new Counts(1, 2), "director-7")));
    }

    @Test
    void aQuorumChangesAndTheProtocolIsThatOfTheVirtualServer() {
        assertEquals(
                "1.3.6.1.4.1.9586.100.5.3.5.0.2: 3.3.1.2=1 3.3.1.4=4000000000 3.3.1.8=4 3.3.1.23=3 3.3.1.22=1"
                        + " 3.3.1.21=0 3.3.1.20=1 1.2.0=d",
                text(StateNotifications.quorum(
                        config.virtualServers().get(1), QuorumStatus.SHUTDOWN, new Counts(0, 1), "d")));
        assertTrue(text(StateNotifications.quorum(
                        config.virtualServers().get(2), QuorumStatus.NOT_MET, new Counts(0, 1), "d"))
                .contains(" 3.3.1.8=3 3.3.1.23=2 "));
    }
}
