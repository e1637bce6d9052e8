package io.lvsd.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader.Loaded;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.conf.value.IpFamily;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Address families of firewall marks and of groups that mix them. */
final class FamiliesTest {
    private static final String GROUP = "virtual_server_group G {\n10.0.0.1 80\nfd00::1 80\nMARK\n}\n"
            + "virtual_server group G {\nprotocol TCP\nlvs_sched rr\nlvs_method TUN\n";
    private static final String TUNNELS =
            "real_server 10.0.0.2 80 { TCP_CHECK { } }\nreal_server fd00::2 80 { TCP_CHECK { } }\n";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private Loaded load(String text) {
        return new TextLoader(directory).load(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TUN fd09::2, TUN 127.0.1.1           | INET  | 2",
                "TUN 127.0.1.1, TUN fd09::2           | INET  | 2",
                "TUN fd09::2                          | INET6 | 1",
                "TUN fd09::2, TUN fd09::3             | INET6 | 2",
                "TUN fd09::2, NAT 127.0.1.1           | INET  | 2",
                "TUN 127.0.1.1, DR fd09::2            | INET6 | 2",
                "NAT fd09::2, NAT 127.0.1.1           | INET6 | 1",
                "family inet6, TUN fd09::2, TUN 127.0.1.1 | INET6 | 2",
                "TUN 127.0.1.1, family inet6          | INET6 | 1",
                "NAT 127.0.1.1, family inet6          | INET  | 1",
                "family inet6, NAT 127.0.1.1, NAT fd09::2 | INET6 | 1",
                "TUN 127.0.1.1, sorry fd09::9         | INET6 | 1"
            })
    void aMarkTakesTheFamilyOfItsServersInAnyOrder(String lines, IpFamily family, int servers) {
        StringBuilder text = new StringBuilder("virtual_server fwmark 7 {\nlvs_sched rr\nlvs_method NAT\n");
        for (String line : lines.strip().split(", ")) {
            String value = line.substring(line.indexOf(' ') + 1);
            text.append(
                    switch (line.substring(0, line.indexOf(' '))) {
                        case "family" -> "ip_family " + value + "\n";
                        case "sorry" -> "sorry_server " + value + " 80\n";
                        case String method ->
                            "real_server " + value + " { lvs_method " + method + "\nTCP_CHECK { connect_port 80 } }\n";
                    });
        }
        VirtualServerConfig vs = load(text + "}\n").config().virtualServers().getFirst();
        assertEquals(family, vs.family());
        assertEquals(servers, vs.realServers().size());
        assertEquals(lines.contains("sorry"), vs.sorry().isPresent());
    }

    @Test
    void aGroupWithBothIsServedByTunnelsOfEither() {
        Loaded loaded = load(GROUP.replace("MARK", "fwmark 5 inet6") + TUNNELS + "}\n");
        assertFalse(loaded.hasErrors(), loaded.problems()::toString);
        VirtualServerConfig vs = loaded.config().virtualServers().getFirst();
        assertEquals("[10.0.0.1:80, [fd00::1]:80, fwmark:5/inet6]", vs.targets().toString());
        assertEquals("group:G/tcp", vs.id().toString());
        assertEquals(2, vs.realServers().size());
    }

    @ParameterizedTest
    @CsvSource({"255.255.255.0, INET, 4294967040", "64, INET6, 64"})
    void theFamilyOfAGroupWithBothIsThatOfItsGranularity(String granularity, IpFamily family, long value) {
        Loaded loaded =
                load(GROUP.replace("MARK", "") + "persistence_granularity " + granularity + "\n" + TUNNELS + "}\n");
        assertFalse(loaded.hasErrors(), loaded.problems()::toString);
        VirtualServerConfig vs = loaded.config().virtualServers().getFirst();
        assertEquals(family, vs.family());
        assertEquals(value, vs.persistence().orElseThrow().granularity());
        assertEquals("group:G/tcp", vs.id().toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fwmark 5 | | a firewall mark without a family",
                " | real_server 10.0.0.3 80 { lvs_method DR } | a real server has DR",
                " | real_server 10.0.0.3 80 { lvs_method NAT } | a real server has NAT"
            },
            nullValues = "none",
            emptyValue = "")
    void aGroupWithBothIsDroppedIfAServerOrAMarkHasOne(
            @org.jspecify.annotations.Nullable String mark,
            @org.jspecify.annotations.Nullable String server,
            String text) {
        Loaded loaded = load(
                GROUP.replace("MARK", mark == null ? "" : mark) + TUNNELS + (server == null ? "" : server) + "\n}\n");
        assertTrue(loaded.config().virtualServers().isEmpty());
        assertTrue(loaded.problems().stream().anyMatch(p -> p.text().contains(text)), loaded.problems()::toString);
    }

    @Test
    void aSorryServerWithoutATunnelCannotServeBoth() {
        Loaded loaded = load(GROUP.replace("MARK", "") + "sorry_server 10.0.0.9 80\nsorry_server_lvs_method NAT\n"
                + TUNNELS + "}\n");
        assertTrue(loaded.config().virtualServers().getFirst().sorry().isEmpty());
        assertEquals(
                List.of("sorry server cannot serve both IPv4 and IPv6, skipped"),
                loaded.problems().stream().map(ConfigProblem::text).toList());
    }
}
