package io.lvsd.core.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.core.engine.World;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MaintenanceAccessTest {
    private static final HostFacts HOST =
            new HostFacts(Set.of(IpAddresses.address("192.0.2.2").orElseThrow()), Set.of());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.1 80 | TCP  | NAT | 127.0.0.1 80 | true  | real servers see an address of the director",
                "10.0.0.1 80 | TCP  | NAT | 192.0.2.2 80 | true  | the address and port of a real server",
                "10.0.0.1 80 | TCP  | DR  | 127.0.0.1 80 | true  | only if the service on the real server listens on"
                        + " its own address",
                "10.0.0.1 80 | TCP  | TUN | 127.0.0.1 80 | true  | only if the service on the real server listens on"
                        + " its own address",
                "10.0.0.1 80 | UDP  | NAT | 127.0.0.1 80 | false | only TCP connections are relayed, and its protocol"
                        + " is UDP",
                "10.0.0.1 80 | SCTP | NAT | 127.0.0.1 80 | false | only TCP connections are relayed, and its protocol"
                        + " is SCTP",
                "10.0.0.1    | TCP  | NAT | 127.0.0.1    | false | a service without a port",
                "fwmark 7    | -    | NAT | 127.0.0.1 80 | false | a firewall mark service",
                "10.0.0.1 80 | TCP  | NAT | 192.0.2.9 80 | false | the sorry server 192.0.2.9:80 is on another host",
                "10.0.0.1 80 | TCP  | NAT | -            | false | it has no sorry_server"
            })
    void allowedClientsReachRealServers(
            String target, String protocol, String method, String sorry, boolean possible, String text) {
        VirtualServerConfig server = World.config(
                        "virtual_server " + target + " {\n lvs_sched rr\n lvs_method " + method
                                + "\n" + (protocol.equals("-") ? "" : " protocol " + protocol + "\n")
                                + (target.contains(" ") ? "" : " persistence_timeout 60\n")
                                + (sorry.equals("-") ? "" : " sorry_server " + sorry + "\n")
                                + " real_server 10.0.0.11 80 {\n }\n}\n")
                .virtualServers()
                .getFirst();
        MaintenanceAccess access = MaintenanceAccess.of(server, HOST);
        assertEquals(possible, access.possible(), access::text);
        assertTrue(access.text().contains(text), access::text);
        assertEquals(
                possible && method.equals("NAT"), possible && !access.text().contains("own address"));
    }
}
