package io.lvsd.core.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.model.Target;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.TransportProtocol;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ports of the built-in sorry server: which one each virtual server gets, and that none is shared. */
final class SorryPortsTest {
    private static String server(String head, String protocol, String sorry, String inside) {
        return "virtual_server " + head + " {\n" + (protocol.isEmpty() ? "" : "protocol " + protocol + "\n")
                + "lvs_sched rr\nlvs_method NAT\npersistence_timeout 60\n"
                + (sorry.isEmpty() ? "" : "sorry_server " + sorry + "\n") + inside
                + "\nreal_server 10.0.0.1 80 {\n}\n}\n";
    }

    private static List<VirtualServerConfig> load(String... servers) {
        return ConfigLoader.loadPlain(String.join("", servers)).config().virtualServers();
    }

    /** The ports by virtual server, of its first target. */
    private static Map<String, Integer> ports(List<VirtualServerConfig> servers) {
        SorryPorts ports = SorryPorts.of(servers);
        Map<String, Integer> found = new TreeMap<>();
        servers.forEach(
                vs -> found.put(vs.id().text(), ports.port(vs, vs.targets().getFirst())));
        return found;
    }

    @Test
    void virtualServersOfOneAddressGetOnePortEachInOrderOfProtocolAndPort() {
        List<VirtualServerConfig> servers = load(
                server("192.0.2.1 443", "TCP", "127.0.0.1 443", ""),
                server("192.0.2.1 53", "UDP", "127.0.0.1 53", ""),
                server("192.0.2.1 80", "TCP", "127.0.0.1 80", ""),
                server("192.0.2.2 80", "TCP", "127.0.0.1 80", ""));
        Map<String, Integer> expected = Map.of(
                "192.0.2.1:80/tcp", 18_080,
                "192.0.2.1:443/tcp", 18_081,
                "192.0.2.1:53/udp", 18_082,
                "192.0.2.2:80/tcp", 18_080);
        assertEquals(expected, ports(servers));
        assertEquals(expected, ports(servers.reversed()), "the order of the file does not count");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a service, 18081, TCP, '', ''",
        "an explicit port, 25, TCP, 127.0.0.1 25, sorry_listen 18081",
        "a port of a page for all ports, 0, TCP, 127.0.0.1 80, sorry_page {;ports 80 18081;}"
    })
    void aPortThatIsUsedIsLeftOut(String what, int port, String protocol, String sorry, String inside) {
        Map<String, Integer> found = ports(load(
                server("192.0.2.1 80", "TCP", "127.0.0.1 80", ""),
                server("192.0.2.1 443", "TCP", "127.0.0.1 443", ""),
                server(
                        "192.0.2.1" + (port == 0 ? "" : " " + port),
                        protocol,
                        sorry == null ? "" : sorry,
                        inside == null ? "" : inside.replace(';', '\n'))));
        int other = found.getOrDefault("192.0.2.1:443/tcp", 0);
        assertTrue(other != 18_081 && other != found.getOrDefault("192.0.2.1:80/tcp", 0), found::toString);
    }

    @Test
    void anExplicitPortIsUsedAsItIs() {
        assertEquals(
                Map.of("192.0.2.1:80/tcp", 18_081, "192.0.2.1:443/tcp", 18_080),
                ports(load(
                        server("192.0.2.1 80", "TCP", "127.0.0.1 80", ""),
                        server("192.0.2.1 443", "TCP", "127.0.0.1 443", "sorry_listen 18080"))));
    }

    @Test
    void firewallMarksHavePortsOfTheirOwnBecauseTheyUseAnyAddressOfTheHost() {
        assertEquals(
                Map.of("192.0.2.1:80/tcp", 18_080, "fwmark:1", 18_081, "fwmark:2", 18_082),
                ports(load(
                        server("fwmark 2", "", "127.0.0.1 80", ""),
                        server("fwmark 1", "", "127.0.0.1 80", ""),
                        server("192.0.2.1 80", "TCP", "127.0.0.1 80", ""))));
    }

    @Test
    void aSorryServerOnAnAddressOfThisHostIsThePlaceOfItsListener() {
        assertEquals(
                Map.of("192.0.2.1:80/tcp", 18_080, "192.0.2.2:80/tcp", 18_081),
                ports(load(
                        server("192.0.2.1 80", "TCP", "192.0.2.99 80", ""),
                        server("192.0.2.2 80", "TCP", "192.0.2.99 80", ""))));
    }

    @Test
    void afterTheLastPortTheSearchBeginsAt1024() {
        assertEquals(
                Map.of("192.0.2.1:80/tcp", 65_535, "192.0.2.1:443/tcp", 1_024),
                ports(load(
                        "lvsd {\nsorry_listen 65535\n}\n",
                        server("192.0.2.1 80", "TCP", "127.0.0.1 80", ""),
                        server("192.0.2.1 443", "TCP", "127.0.0.1 443", ""))));
    }

    @Test
    void onlyOtherTargetsAndPortsChangeAnything() {
        String first = server("192.0.2.1 80", "TCP", "127.0.0.1 80", "");
        String second = server("192.0.2.1 443", "TCP", "127.0.0.1 443", "");
        SorryPorts before = SorryPorts.of(load(second));
        assertSame(before, before.with(load(server("192.0.2.1 443", "TCP", "127.0.0.1 443", "delay_loop 3"))));
        SorryPorts after = before.with(load(second, first));
        assertEquals(Set.of(new VsId("192.0.2.1:80/tcp"), new VsId("192.0.2.1:443/tcp")), after.movedFrom(before));
        assertEquals(Set.of(), after.movedFrom(after));
        InetSocketAddress listener =
                new InetSocketAddress(IpAddresses.address("192.0.2.1").orElseThrow(), 18_080);
        assertTrue(after.isFree(listener, new VsId("192.0.2.1:80/tcp")));
        assertFalse(after.isFree(listener, new VsId("192.0.2.1:443/tcp")), "it belongs to the other one now");
    }

    /** Seeded: any configuration; no two virtual servers share a listener, and the order of the file does not count. */
    @Test
    void noTwoVirtualServersShareAListener() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 150; round++) {
            List<VirtualServerConfig> servers = load(random(random));
            String what = "-Dseed=" + seed + " round " + round;
            Map<String, String> used = new HashMap<>();
            SorryPorts ports = SorryPorts.of(servers);
            Map<String, Integer> all = new LinkedHashMap<>();
            for (VirtualServerConfig vs : servers) {
                if (vs.sorry().isEmpty()) {
                    continue;
                }
                for (Target target : vs.targets()) {
                    listeners(vs, target, ports.port(vs, target)).forEach(listener -> {
                        String other = used.put(listener, vs.id().text());
                        assertTrue(other == null || other.equals(vs.id().text()), () -> what + ": " + listener);
                    });
                    all.put(vs.id() + " " + target, ports.port(vs, target));
                    if (vs.sorryPort().fixed()) {
                        assertEquals(vs.sorryPort().number(), ports.port(vs, target), what);
                    }
                }
            }
            List<VirtualServerConfig> shuffled = new ArrayList<>(servers);
            Collections.shuffle(shuffled, random);
            SorryPorts again = SorryPorts.of(shuffled);
            servers.stream()
                    .filter(vs -> vs.sorry().isPresent())
                    .forEach(vs -> vs.targets()
                            .forEach(t -> assertEquals(all.get(vs.id() + " " + t), again.port(vs, t), what)));
        }
    }

    private static List<String> listeners(VirtualServerConfig vs, Target target, int port) {
        return switch (target) {
            case Target.Fwmark(long _, var family) -> List.of("mark " + family + " " + port);
            case Target.Address(var address, int servicePort) -> {
                List<Integer> pages = servicePort != 0
                        ? List.of(port)
                        : vs.protocol().orElseThrow() == TransportProtocol.TCP
                                ? vs.sorryPage().ports()
                                : List.of(SorryPorts.DNS);
                yield pages.stream()
                        .map(p -> IpAddresses.text(address) + " " + p)
                        .toList();
            }
        };
    }

    private static String[] random(Random random) {
        Map<String, String> servers = new LinkedHashMap<>();
        servers.put("", "lvsd {\nsorry_listen " + (1_000 + random.nextInt(4)) + "\n}\n");
        int fixed = 1_000;
        for (int i = 0; i < 1 + random.nextInt(12); i++) {
            boolean mark = random.nextInt(5) == 0;
            String protocol = mark ? "" : random.nextInt(3) == 0 ? "UDP" : "TCP";
            String port = random.nextInt(4) == 0 ? "" : " " + (999 + random.nextInt(6));
            String head = mark
                    ? "fwmark " + (1 + random.nextInt(3))
                    : (random.nextBoolean() ? "192.0.2." : "2001:db8::") + (1 + random.nextInt(2)) + port;
            String sorry = random.nextInt(5) == 0 ? "" : head.contains("::") ? "::1 80" : "127.0.0.1 80";
            boolean own = !mark && !port.isEmpty() && random.nextInt(4) == 0;
            String inside =
                    own ? "sorry_listen " + fixed++ : random.nextBoolean() ? "" : "sorry_page {\nports 80 81\n}";
            servers.putIfAbsent(head + protocol, server(head, protocol, sorry, inside));
        }
        return servers.values().toArray(String[]::new);
    }

    @Test
    void aVirtualServerWithoutASorryServerHasNone() {
        List<VirtualServerConfig> servers =
                load(server("192.0.2.1 80", "TCP", "", ""), server("192.0.2.1 443", "TCP", "127.0.0.1 443", ""));
        assertEquals(18_080, ports(servers).get("192.0.2.1:443/tcp"));
        assertNull(ports(servers).get("none"));
    }
}
