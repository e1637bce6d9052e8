package io.lvsd.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader.Loaded;
import io.lvsd.conf.check.PingCheck;
import io.lvsd.conf.check.TcpCheck;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.ProbePath;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Probes through the virtual address. */
final class ViaVipTest extends LoadedTexts {
    private static String viaVip(String method, String target, String check) {
        return "virtual_server " + target + " {\n protocol TCP\n lvs_sched rr\n lvs_method " + method
                + "\n via_vip\n real_server 10.0.0.11 80 {\n TCP_CHECK {\n " + check
                + "\n }\n PING_CHECK {\n }\n }\n}\n";
    }

    @Test
    void probesViaTheVirtualAddressGoThereWithAMarkOfTheirOwn() {
        RealServerConfig rs = load(viaVip("DR", "10.0.0.1 80", ""))
                .config()
                .virtualServers()
                .getFirst()
                .realServers()
                .getFirst();
        TcpCheck tcp = (TcpCheck) rs.checks().getFirst().spec();
        assertEquals("10.0.0.1", IpAddresses.text(tcp.target().address()));
        assertEquals(80, tcp.target().port());
        assertEquals(Optional.of(rs.id().address()), tcp.target().realServer());
        assertTrue(ProbePath.isMark(tcp.target().mark()));
        assertEquals(tcp.target().mark(), rs.path().orElseThrow().mark());
        PingCheck ping = (PingCheck) rs.checks().getLast().spec();
        assertEquals(rs.id().address(), ping.target().address(), "an echo request is not balanced");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NAT | 10.0.0.1 80 |            | warning: via_vip has no effect with NAT",
                "DR  | fwmark 7    |            | error: via_vip requires a virtual address",
                "DR  | 10.0.0.1 80 | fwmark 5   | error: via_vip sets the firewall mark of probes",
            })
    void unsupportedUsesOfViaVipAreReported(String method, String target, @Nullable String check, String text) {
        Loaded loaded = load(viaVip(method, target, check == null ? "" : check));
        assertTrue(loaded.problems().stream().anyMatch(p -> p.headline().contains(text)), loaded.problems()::toString);
    }

    @Test
    void viaVipNeedsTheTableInTheNamespaceOfTheProbes() {
        String server = viaVip("DR", "10.0.0.1 80", "");
        assertFalse(load("net_namespace a\nnet_namespace_ipvs a\n" + server).hasErrors());
        Loaded apart = load("net_namespace_ipvs a\n" + server);
        assertEquals(1, apart.problems().stream().filter(ConfigProblem::isError).count(), apart.problems()::toString);
        assertTrue(apart.problems()
                .getFirst()
                .headline()
                .contains("test.conf:2:1: error: via_vip requires probes and the IPVS table"));
    }

    @Test
    void aMarkBelongsToItsServerWhateverElseChanges() {
        String one = viaVip("DR", "10.0.0.1 80", "");
        String other = "virtual_server 10.0.0.2 80 {\n"
                + " protocol TCP\n"
                + " lvs_sched rr\n"
                + " lvs_method DR\n"
                + " via_vip\n"
                + " real_server 10.0.0.12 80 {\n"
                + " }\n"
                + "}\n";
        assertEquals(mark(load(one), 0), mark(load(other + one), 1));
    }

    private static long mark(Loaded loaded, int server) {
        return loaded.config()
                .virtualServers()
                .get(server)
                .realServers()
                .getFirst()
                .path()
                .orElseThrow()
                .mark();
    }
}
