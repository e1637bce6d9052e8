package io.lvsd.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader.Loaded;
import io.lvsd.conf.ConfigLoader.Source;
import io.lvsd.conf.model.CheckDefaults;
import io.lvsd.conf.model.GroupConfig;
import io.lvsd.conf.model.GroupConfig.Member;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.source.IpAddresses;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What SNMP shows of virtual servers, real servers and groups besides their services. */
final class SnmpServersTest {
    @TempDir
    private Path directory;

    /** @param lines separated by semicolons, in a virtual server */
    private static String server(String address, String lines, String... realServers) {
        StringBuilder text = new StringBuilder("virtual_server " + address + " {\n protocol TCP\n lvs_sched rr\n"
                + " lvs_method NAT\n " + lines.replace(";", "\n") + "\n");
        for (String realServer : realServers) {
            text.append(" real_server ").append(realServer.replace(";", "\n")).append("\n }\n");
        }
        return text.append("}\n").toString();
    }

    private Loaded load(String text) {
        return new TextLoader(directory).load(text);
    }

    private List<VirtualServerConfig> good(String text) {
        Loaded loaded = load(text);
        assertEquals(List.of(), loaded.problems());
        return loaded.config().virtualServers();
    }

    // ---- names and row numbers

    @Test
    void aRealServerHasANameAndARowNumber() {
        VirtualServerConfig vs = good(server(
                        "192.0.2.1 80",
                        "snmp_index 65535",
                        "10.0.0.1 80 {; snmp_name \"web one\"; snmp_index 9",
                        "10.0.0.2 80 {"))
                .getFirst();
        assertEquals(OptionalInt.of(65535), vs.snmpIndex());
        RealServerConfig first = vs.realServers().getFirst();
        assertEquals(Optional.of("web one"), first.name());
        assertEquals(OptionalInt.of(9), first.snmpIndex());
        assertEquals(Optional.empty(), vs.realServers().get(1).name());
        assertEquals(OptionalInt.empty(), vs.realServers().get(1).snmpIndex());
    }

    @Test
    void aRowNumberOfAnotherVirtualServerIsAnError() {
        String first = server("192.0.2.1 80", "snmp_index 3", "10.0.0.1 80 {");
        Loaded loaded = load(first + server("192.0.2.2 80", "snmp_index 3", "10.0.0.1 80 {"));
        assertEquals(
                List.of("9:1: error: duplicate snmp_index 3, ignored: it is that of virtual server 192.0.2.1:80/tcp"),
                TextLoader.headlines(loaded));
        assertTrue(
                loaded.problems().getFirst().hint().matches("the first one is at .*test\\.conf:1:1"),
                loaded.problems()::toString);
        List<VirtualServerConfig> servers = loaded.config().virtualServers();
        assertEquals(OptionalInt.of(3), servers.getFirst().snmpIndex());
        assertEquals(OptionalInt.empty(), servers.get(1).snmpIndex());
    }

    @Test
    void aRowNumberOfAnotherRealServerOfTheSameVirtualServerIsAnError() {
        Loaded loaded = load(server("192.0.2.1 80", "", "10.0.0.1 80 {; snmp_index 3", "10.0.0.2 80 {; snmp_index 3")
                + server("192.0.2.2 80", "", "10.0.0.1 80 {; snmp_index 3"));
        assertEquals(
                List.of("9:2: error: duplicate snmp_index 3, ignored: it is that of real server 10.0.0.1:80"),
                TextLoader.headlines(loaded));
        assertTrue(
                loaded.problems().getFirst().hint().matches("the first one is at .*test\\.conf:6:2"),
                loaded.problems()::toString);
        assertEquals(
                OptionalInt.empty(),
                loaded.config().virtualServers().getFirst().realServers().get(1).snmpIndex());
    }

    @Test
    void aVirtualServerOfAGroupHasARowNumber() {
        String groups = "virtual_server_group g {\n 192.0.2.1-2 80\n}\nvirtual_server_group one {\n 192.0.2.9 80\n}\n";
        List<VirtualServerConfig> servers = good(groups
                + server("group g", "snmp_index 3", "10.0.0.1 80 {; snmp_index 2")
                + server("group one", "snmp_index 4", "10.0.0.1 80 {"));
        assertEquals(
                List.of(OptionalInt.of(3), OptionalInt.of(4)),
                servers.stream().map(VirtualServerConfig::snmpIndex).toList());
        assertEquals(
                OptionalInt.of(2), servers.getFirst().realServers().getFirst().snmpIndex());

        Loaded loaded = load(groups
                + server("group g", "snmp_index 3", "10.0.0.1 80 {")
                + server("group one", "snmp_index 3", "10.0.0.1 80 {"));
        assertEquals(
                List.of("15:1: error: duplicate snmp_index 3, ignored: it is that of virtual server group:g/tcp"),
                TextLoader.headlines(loaded));
    }

    /** Row numbers are compared again where blocks are used again. */
    @Test
    void aReloadComparesRowNumbersAgain() {
        TextLoader loader = new TextLoader(directory);
        RepeatedSource source = new RepeatedSource(Source.of(directory.resolve("main.conf")));
        String second = server("192.0.2.2 80", "snmp_index 3", "10.0.0.1 80 {; snmp_index 1", "10.0.0.2 80 {");
        String first = server("192.0.2.1 80", "snmp_index 2", "10.0.0.1 80 {");
        loader.write("main.conf", first + second);
        assertEquals(List.of(), source.load().problems());
        for (String text : List.of(
                first.replace("snmp_index 2", "snmp_index 3") + second,
                first + second.replace("10.0.0.2 80 {", "10.0.0.2 80 {\n snmp_index 1"),
                first + second.replace("10.0.0.2 80 {", "10.0.0.2 80 {\n snmp_name x"),
                first + second)) {
            loader.write("main.conf", text);
            Loaded whole = Source.of(directory.resolve("main.conf")).load();
            Loaded again = source.load();
            assertEquals(whole.config(), again.config());
            assertEquals(whole.problems(), again.problems());
        }
    }

    @Test
    void anotherNameIsAnotherConfiguration() {
        TextLoader loader = new TextLoader(directory);
        RepeatedSource source = new RepeatedSource(Source.of(directory.resolve("main.conf")));
        String text = server("192.0.2.1 80", "", "10.0.0.1 80 {; snmp_name a", "10.0.0.2 80 {");
        loader.write("main.conf", text);
        VirtualServerConfig before = source.load().config().virtualServers().getFirst();
        loader.write("main.conf", text.replace("snmp_name a", "snmp_name b"));
        VirtualServerConfig after = source.load().config().virtualServers().getFirst();
        assertNotEquals(before, after);
        assertEquals(Optional.of("b"), after.realServers().getFirst().name());
        assertSame(before.realServers().get(1), after.realServers().get(1));
    }

    // ---- defaults of checks

    private static CheckDefaults defaults(
            Optional<String> host, boolean alpha, OptionalLong retry, int delay, int warmup, int loop, int timeout) {
        return new CheckDefaults(
                host,
                alpha,
                retry,
                Duration.ofSeconds(delay),
                Duration.ofSeconds(warmup),
                Duration.ofSeconds(loop),
                Duration.ofSeconds(timeout));
    }

    @Test
    void defaultsOfChecksAreInherited() {
        VirtualServerConfig vs = good(server(
                        "192.0.2.1 80",
                        "delay_loop 6; retry 4; warmup 9; virtualhost a; connect_timeout 3; weight 7;"
                                + " inhibit_on_failure",
                        "10.0.0.1 80 {",
                        "10.0.0.2 80 {; delay_loop 2; alpha; retry 1; delay_before_retry 8; virtualhost b",
                        "10.0.0.3 80 {; fall 1; warmup 0; connect_timeout 1; weight 2; inhibit_on_failure off"))
                .getFirst();
        assertEquals(7, vs.weight());
        assertTrue(vs.inhibitOnFailure());
        CheckDefaults own = defaults(Optional.of("a"), false, OptionalLong.of(4), 6, 9, 6, 3);
        assertEquals(own, vs.checkDefaults());
        assertEquals(
                List.of(
                        own,
                        defaults(Optional.of("b"), true, OptionalLong.of(1), 8, 9, 2, 3),
                        defaults(Optional.of("a"), false, OptionalLong.of(0), 6, 0, 6, 1)),
                vs.realServers().stream().map(RealServerConfig::checkDefaults).toList());
    }

    @Test
    void withoutAKeywordTheyAreThoseOfKeepalived() {
        VirtualServerConfig vs =
                good(server("192.0.2.1 80", "", "10.0.0.1 80 {")).getFirst();
        assertEquals(defaults(Optional.empty(), false, OptionalLong.empty(), 60, 60, 60, 5), vs.checkDefaults());
        assertEquals(1, vs.weight());
    }

    @Test
    void equalDefaultsAreOneObject() {
        List<VirtualServerConfig> servers =
                good(server("192.0.2.1 80", "delay_loop 6", "10.0.0.1 80 {", "10.0.0.2 80 {; delay_loop 6")
                        + server("192.0.2.2 80", "delay_loop 6", "10.0.0.1 80 {"));
        CheckDefaults first = servers.getFirst().checkDefaults();
        for (VirtualServerConfig vs : servers) {
            assertSame(first, vs.checkDefaults());
            vs.realServers().forEach(rs -> assertSame(first, rs.checkDefaults()));
        }
    }

    // ---- groups

    private static InetAddress address(String text) {
        return IpAddresses.address(text).orElseThrow();
    }

    @Test
    void groupsHaveTheirLinesInTheOrderOfTheFile() {
        Loaded loaded = load("""
            virtual_server_group b {
             fwmark 7
             192.0.2.1 80
             192.0.2.4-6 81
             fwmark 5 inet
             192.0.2.16/30 82
            }
            virtual_server_group a {
             2001:db8::1-2001:db8::1f 80
            }
            virtual_server_group none {
            }
            """ + server("192.0.2.100 80", "", "10.0.0.1 80 {"));
        assertEquals(
                List.of(
                        new GroupConfig(
                                "b",
                                List.of(
                                        new Member.Addresses(address("192.0.2.1"), address("192.0.2.1"), 80),
                                        new Member.Addresses(address("192.0.2.4"), address("192.0.2.6"), 81),
                                        new Member.Addresses(address("192.0.2.16"), address("192.0.2.19"), 82),
                                        new Member.Fwmark(7),
                                        new Member.Fwmark(5))),
                        new GroupConfig(
                                "a",
                                List.of(new Member.Addresses(address("2001:db8::1"), address("2001:db8::1f"), 80)))),
                loaded.config().groups());
    }
}
