package io.lvsd.core.engine;

import static io.lvsd.core.engine.World.rs;
import static io.lvsd.core.engine.World.vs;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.model.VsId;
import io.lvsd.core.plan.Numbers;
import io.lvsd.core.plan.RowNumbers;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.Addresses;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.ForwardingMethod;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.Protocol;
import io.lvsd.ipvs.model.ServiceKey;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A reload numbers SNMP rows of what it adds, also where real servers keep their places. */
final class RowNumberTest {
    private static final String CONFIG = vs("", rs("10.0.1.1:8080", "weight 2"), rs("10.0.1.2:8080", "weight 2"));

    private static final DestinationKey FOREIGN = new DestinationKey(address(10, 0, 1, 9), 443);

    private final World world = new World().start(CONFIG);

    private static InetAddress address(int... bytes) {
        return Addresses.of(
                AddressFamily.INET, new byte[] {(byte) bytes[0], (byte) bytes[1], (byte) bytes[2], (byte) bytes[3]});
    }

    private static ServiceKey service(int port) {
        return new ServiceKey.AddressKey(Protocol.TCP, address(10, 0, 0, 1), port);
    }

    private int row(int port, int last, int destinationPort) {
        return world.state
                .rows()
                .table()
                .of(service(port), new DestinationKey(address(10, 0, 1, last), destinationPort));
    }

    @Test
    void anotherWeightNeedsNoNumbers() {
        RowNumbers before = world.state.rows();
        assertEquals(1, row(80, 1, 8080));
        world.reload(CONFIG.replaceFirst("weight 2", "weight 3"));
        assertSame(before, world.state.rows());
    }

    @Test
    void anotherTargetOfAGroupIsAnotherService() {
        String group = CONFIG.replace("virtual_server 10.0.0.1 80", "virtual_server group g");
        String targets = "virtual_server_group g {\n 10.0.0.1 80\n}\n";
        world.reload(targets + group);
        world.reload(targets.replace("80\n", "80\n 10.0.0.1 81\n") + group);
        assertEquals(2, world.state.rows().table().of(service(81)));
        assertEquals(1, row(81, 1, 8080));
        assertEquals(2, row(81, 2, 8080));
    }

    @Test
    void snmpIndexPinsANumberAtAReload() {
        world.reload(CONFIG.replaceFirst("virtual_server 10.0.0.1 80 \\{", "$0\n snmp_index 40\n")
                .replace("weight 2", "snmp_index 1")
                .replaceFirst("snmp_index 1", "weight 2"));
        assertEquals(40, world.state.rows().table().of(service(80)));
        assertEquals(List.of(2, 1), List.of(row(80, 1, 8080), row(80, 2, 8080)), "the pinned number was in use");
        VsId vs = new VsId("10.0.0.1:80/tcp");
        assertEquals(40, world.state.rows().servers().of(vs));
        assertEquals(1, world.state.rows().servers().of(vs, "10.0.1.2:8080"));
        world.reload(CONFIG);
        assertEquals(40, world.state.rows().table().of(service(80)), "it stays without the keyword");
    }

    /** Another program changes the table. */
    private void change(IpvsCommand... commands) {
        world.kernel.apply(List.of(commands)).forEach(result -> assertTrue(result.applied(), result::toString));
    }

    /** What the store has as unused for 90 days when a day begins. */
    private void dayBegins(RowNumbers expired) {
        world.send(new Event.DayBegan(200, expired));
    }

    private static RowNumbers expired(Map<ServiceKey, Integer> services) {
        return new RowNumbers(Numbers.of(services, Map.of()), Numbers.none());
    }

    @Test
    void whatIsConfiguredOrInTheTableIsInUse() {
        ServiceKey foreign = service(443);
        ServiceKey removed = service(444);
        for (ServiceKey key : List.of(foreign, removed)) {
            change(
                    new IpvsCommand.NewService(IpvsService.of(key, "rr")),
                    new IpvsCommand.NewDest(key, IpvsDestination.of(FOREIGN, ForwardingMethod.MASQ, 1)));
        }
        world.fails("10.0.1.2:8080");
        world.pass(Duration.ofMinutes(2));
        RowNumbers before = world.state.rows();
        assertEquals(List.of(1, 2, 3), List.of(number(80), number(443), number(444)));
        change(new IpvsCommand.DelService(removed));
        world.pass(Duration.ofMinutes(2));

        dayBegins(RowNumbers.NONE);
        assertSame(before, world.state.rows());
        assertEquals(
                Map.of(service(80), 1, foreign, 2),
                Map.copyOf(world.usedRows.table().rows()));
        assertEquals(2, world.usedRows.table().of(service(80), new DestinationKey(address(10, 0, 1, 2), 8080)));
        assertEquals(1, world.usedRows.table().of(foreign, FOREIGN));
        assertEquals(2, world.usedRows.servers().of(new VsId("10.0.0.1:80/tcp"), "10.0.1.2:8080"));

        dayBegins(before);
        assertEquals(List.of(1, 2, 0), List.of(number(80), number(443), number(444)), "only the unused one expires");
        assertEquals(world.usedRows, world.state.rows());
        assertEquals(world.state.rows(), world.rows, "the store gets them too");
    }

    @Test
    void aRealServerExpiresWithoutItsVirtualServer() {
        world.reload(CONFIG.replace("10.0.1.2 8080", "10.0.1.3 8080"));
        assertEquals(List.of(1, 2, 3), List.of(row(80, 1, 8080), row(80, 2, 8080), row(80, 3, 8080)));
        VsId vs = new VsId("10.0.0.1:80/tcp");
        world.pass(Duration.ofMinutes(2));
        RowNumbers removed = new RowNumbers(
                Numbers.of(Map.of(), Map.of(service(80), Map.of(new DestinationKey(address(10, 0, 1, 2), 8080), 2))),
                Numbers.of(Map.of(), Map.of(vs, Map.of("10.0.1.2:8080", 2))));
        dayBegins(removed);
        assertEquals(List.of(1, 0, 3), List.of(row(80, 1, 8080), row(80, 2, 8080), row(80, 3, 8080)));
        assertEquals(0, world.state.rows().servers().of(vs, "10.0.1.2:8080"));
        assertEquals(3, world.state.rows().servers().of(vs, "10.0.1.3:8080"));
        world.reload(CONFIG);
        assertEquals(2, row(80, 2, 8080), "the number is free again");
    }

    @Test
    void aVirtualServerThatWasAddedAgainKeepsItsExpiredNumber() {
        String second = CONFIG.replace("10.0.0.1 80", "10.0.0.1 81");
        world.reload(CONFIG + second);
        world.reload(CONFIG);
        world.reload(CONFIG + second);
        dayBegins(expired(Map.of(service(81), 2)));
        assertEquals(2, number(81));
        assertEquals(1, row(81, 1, 8080));
    }

    private int number(int port) {
        return world.state.rows().table().of(service(port));
    }

    /** Its services in LVS-MIB cannot all have it. */
    @Test
    void snmpIndexOfAGroupPinsTheVirtualServerOnly() {
        String targets = "virtual_server_group g {\n 10.0.0.1 80\n 10.0.0.1 81\n}\n";
        world.reload(targets
                + CONFIG.replace("virtual_server 10.0.0.1 80 {", "virtual_server group g {\n snmp_index 40\n")
                        .replaceFirst("weight 2", "snmp_index 9"));
        VsId vs = new VsId("group:g/tcp");
        assertEquals(40, world.state.rows().servers().of(vs));
        assertEquals(9, world.state.rows().servers().of(vs, "10.0.1.1:8080"));
        assertEquals(List.of(1, 2), List.of(number(80), number(81)));
        assertEquals(List.of(9, 9), List.of(row(80, 1, 8080), row(81, 1, 8080)));
    }

    @Test
    void theSorryServerHasANumberAfterTheRealServers() {
        world.reload(CONFIG.replaceFirst("virtual_server 10.0.0.1 80 \\{", "$0\n sorry_server 10.0.9.9 80\n"));
        VsId vs = new VsId("10.0.0.1:80/tcp");
        assertEquals(
                List.of(1, 2, 3),
                List.of(
                        world.state.rows().servers().of(vs, "10.0.1.1:8080"),
                        world.state.rows().servers().of(vs, "10.0.1.2:8080"),
                        world.state.rows().servers().of(vs, RowNumbers.SORRY)));
    }
}
