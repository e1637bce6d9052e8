package io.lvsd.core.engine;

import static io.lvsd.core.engine.World.rs;
import static io.lvsd.core.engine.World.vs;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.lvsd.conf.model.VsId;
import io.lvsd.core.plan.RowNumbers;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.Addresses;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.Protocol;
import io.lvsd.ipvs.model.ServiceKey;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A reload numbers SNMP rows of what it adds, also where real servers keep their places. */
final class RowNumberTest {
    private static final String CONFIG = vs("", rs("10.0.1.1:8080", "weight 2"), rs("10.0.1.2:8080", "weight 2"));

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
