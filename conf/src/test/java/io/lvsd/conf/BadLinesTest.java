package io.lvsd.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader.Loaded;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Invalid lines of keepalived.conf: one message each, at its place. */
final class BadLinesTest extends LoadedTexts {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "delay_loop 10s | :5:13: error: invalid delay_loop '10s': expected 0.000001 to 18446744073709.551614"
                        + " seconds",
                "delay_loop 0 | :5:13: error: invalid delay_loop '0': expected 0.000001 to 18446744073709.551614"
                        + " seconds",
                "delay_loop | :5:2: error: 'delay_loop' requires a value",
                "delay_loop 5 6 | :5:15: error: unexpected '6'",
                "lvs_sched wr | :5:12: error: invalid lvs_sched 'wr'",
                "quorom 2 | :5:2: error: unknown keyword 'quorom'",
                "weight 0 | :5:9: error: invalid weight '0': expected 1 to 2147483647",
                "alpha maybe | :5:8: error: invalid alpha 'maybe': expected on or off, treated as on",
                "protocol ICMP | :5:11: error: invalid protocol 'ICMP': expected one of: TCP UDP SCTP",
                "sorry_server 127.0.0.01 80 | :5:15: error: invalid address '127.0.0.01'",
                "sorry_server 10.0.0.1-5 80 | :5:15: error: invalid address '10.0.0.1-5'",
                "sorry_server ::ffff:10.0.0.1 | :5:15: error: invalid address '::ffff:10.0.0.1': it is an IPv4-mapped"
                        + " address",
                "lvs_method TUN type gue | :5:22: error: a gue tunnel requires a port, the line is ignored",
                "lvs_method TUN type ipip csum | :5:27: error: ipip tunnels have no checksum, the line is ignored",
                "lvs_method NAT type gre | :5:17: warning: 'type' is an option of TUN, ignored",
                "lvs_method DR type gue | :5:21: error: a gue tunnel requires a port, the line is ignored",
                "sorry_server_inhibit | :5:2: error: 'sorry_server_inhibit' requires 'sorry_server', ignored",
                "sorry_server_lvs_method DR | :5:2: error: 'sorry_server_lvs_method' requires 'sorry_server', ignored",
                "persistence_granularity 300 | :5:26: error: invalid IPv6 prefix length '300': expected 1 to 128",
                "connect_port 80 | :5:2: error: unknown keyword 'connect_port'",
                "quorum 5 | :5:2: error: quorum 5 is greater than the total weight of the real servers, 1 is used",
                "hysteresis 1 | :5:2: error: hysteresis 1 is not less than the quorum, 0 is used",
                "sh-port | :5:2: error: 'sh-port' must follow 'lvs_sched sh', ignored",
                "ops | :5:2: error: 'ops' requires UDP, ignored",
                "delay_loop 5 { | :5:15: error: unexpected '{', ignored: 'delay_loop' is not a block"
            })
    void aBadLineIsOneMessageAtItsPlaceAndTheRestApplies(String line, String message) {
        String text = line.endsWith("{") ? line + "\n }" : line;
        Loaded loaded = load(vs(text));
        assertEquals(List.of(message), texts(loaded));
        assertTrue(loaded.loadable());
        assertEquals(1, loaded.config().virtualServers().size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "weight -1 | :6:9: error: invalid weight '-1': expected 0 to 2147483647",
                "weight 5x | :6:9: error: invalid weight '5x': expected 0 to 2147483647, 5 is used",
                "lb_kind NAT | :6:2: error: unknown keyword 'lb_kind'",
                "retry 0 | :6:8: error: invalid retry '0': expected 1 to 4294967295",
                "TCP_CHECK | :6:2: error: missing '{' after 'TCP_CHECK': the following lines are read as its block",
                "MISC_CHECK { | :6:2: error: 'MISC_CHECK' requires 'misc_path', the block is dropped",
                "BFD_CHECK { | :6:2: error: 'BFD_CHECK' requires 'name', the block is dropped",
                "HTTP_GET { | :6:2: error: 'HTTP_GET' requires a valid url, the check is dropped"
            })
    void aBadLineInARealServerLikewise(String line, String message) {
        Loaded loaded = load(rs(line.endsWith("{") ? line + "\n }" : line));
        assertEquals(
                List.of(message),
                texts(loaded).stream()
                        .filter(t -> !t.contains("has no valid check"))
                        .toList());
        assertEquals(
                1, loaded.config().virtualServers().getFirst().realServers().size());
    }

    @ParameterizedTest
    @CsvSource({"sorry_server_inhibit", "sorry_server_lvs_method DR"})
    void keywordsAboutTheSorryServerMustFollowIt(String line) {
        Loaded before = load(vs(line + "\n sorry_server 127.0.0.1 80"));
        String keyword = line.split(" ")[0];
        assertEquals(List.of(":5:2: error: '" + keyword + "' must follow 'sorry_server', ignored"), texts(before));
        Loaded after = load(vs("sorry_server 127.0.0.1 80\n " + line));
        assertEquals(List.of(), texts(after));
        assertNotEquals(sorry(before), sorry(after));
    }

    private static Optional<?> sorry(Loaded loaded) {
        return loaded.config().virtualServers().getFirst().sorry().map(s -> s.inhibit() + " " + s.forwarding());
    }

    @Test
    void aFlagWithAStrayArgumentIsOnAndTheArgumentIsReported() {
        Loaded loaded = load(vs("alpha 1\n omega 1\n inhibit_on_failure x\n smtp_alert 1\n real_server 10.0.0.12 80 {\n"
                + " TCP_CHECK {\n }\n }"));
        VirtualServerConfig vs = loaded.config().virtualServers().getFirst();
        assertTrue(vs.omega());
        assertFalse(vs.notices().mail(), "keepalived reads the argument of smtp_alert");
        RealServerConfig rs = vs.realServers().getFirst();
        assertTrue(rs.inhibitOnFailure());
        assertTrue(rs.checks().getFirst().alpha());
        assertEquals(4, loaded.problems().size(), loaded.problems()::toString);
    }

    @Test
    void anUnknownBlockIsSkippedWholeAndTheBlockAroundItStaysIntact() {
        Loaded loaded = load(vs("nonsense {\n quorum 1\n {\n }\n }\n hysteresis 0"));
        assertEquals(
                ":5:2: error: unknown keyword 'nonsense', its block is skipped",
                texts(loaded).getLast());
        assertEquals(
                1, loaded.config().virtualServers().getFirst().realServers().size());
    }

    @Test
    void foreignBlocksAreSkippedWithOneWarningEach() {
        Loaded loaded = load("vrrp_instance VI_1 {\n state MASTER\n virtual_ipaddress {\n 10.0.0.1\n }\n}\n" + vs(""));
        assertEquals(List.of(":1:1: warning: 'vrrp_instance' is not a keyword of lvsd, skipped"), texts(loaded));
    }

    @Test
    void unmatchedBracesAreReportedAtTheirPlace() {
        assertTrue(texts(load(vs("") + "}\n")).contains(":9:1: error: unexpected '}': no block is open"));
        assertTrue(texts(load("virtual_server 10.0.0.1 80 {\n protocol TCP\n real_server 10.0.0.11 80 {\n}\n"))
                .contains(":1:1: error: missing '}': the block of 'virtual_server' is not closed"));
    }

    @Test
    void theSecondOfTwoEqualVirtualServersIsAnErrorAndTheFirstIsKept() {
        Loaded loaded = load(vs("quorum 1") + vs("").replace("8080", "9090"));
        assertEquals(
                List.of(":9:1: error: duplicate virtual server 10.0.0.1:80/tcp, the first one is used"), texts(loaded));
        assertEquals(
                8080,
                loaded.config()
                        .virtualServers()
                        .getFirst()
                        .realServers()
                        .getFirst()
                        .id()
                        .port());
    }

    @Test
    void tcpAndUdpOnOnePortAreTwoVirtualServers() {
        assertEquals(
                2,
                load(vs("") + vs("").replace("TCP", "UDP"))
                        .config()
                        .virtualServers()
                        .size());
    }

    @Test
    void theSecondOfTwoEqualRealServersIsAnError() {
        Loaded loaded = load(vs("real_server 10.0.0.11 8080 {\n weight 9\n }"));
        assertTrue(texts(loaded).getFirst().contains("duplicate real server 10.0.0.11:8080"), texts(loaded)::toString);
    }

    @Test
    void anotherPortThanTheServicesIsForNatOnly() {
        Loaded loaded = load(vs("").replace("NAT", "DR"));
        assertEquals(
                80,
                loaded.config()
                        .virtualServers()
                        .getFirst()
                        .realServers()
                        .getFirst()
                        .id()
                        .port());
        assertTrue(texts(loaded).getFirst().contains("DR cannot change the port"));
    }

    @Test
    void mixedFamiliesAreRefusedUnlessTunnelled() {
        Loaded mixed = load(vs("real_server fd00::1 80 {\n }"));
        assertTrue(texts(mixed).getFirst().contains("different address families"), texts(mixed)::toString);
        assertEquals(1, mixed.config().virtualServers().getFirst().realServers().size());
        assertEquals(
                2,
                load(vs("real_server fd00::1 80 {\n }").replace("NAT", "TUN"))
                        .config()
                        .virtualServers()
                        .getFirst()
                        .realServers()
                        .size());
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.9-5",
        "10.0.0.5-5",
        "10.0.0.1/24",
        "10.0.0.0/33",
        "10.0.0.0/8",
        "fd00::5-4",
        "10.0.0.0-256",
        "nonsense"
    })
    void badGroupEntriesAreErrorsAndSkipped(String entry) {
        Loaded loaded = load("virtual_server_group G {\n " + entry
                + "\n 10.0.0.77 80\n}\nvirtual_server group G {\n protocol TCP\n lvs_sched rr\n"
                + " lvs_method NAT\n real_server 10.1.0.1 80 {\n }\n}\n");
        assertEquals(1, loaded.problems().size(), texts(loaded)::toString);
        assertEquals(1, loaded.config().virtualServers().getFirst().targets().size());
    }

    @Test
    void aCheckedIncludeThatMatchesNothingMakesTheFileUnusable() {
        assertFalse(load(vs("includem missing.conf")).loadable());
        assertTrue(load(vs("include missing.conf")).loadable());
    }

    @Test
    void aFileThatIncludesItselfIsAnErrorAndNoHang() {
        assertFalse(load("include test.conf\n" + vs("")).loadable());
    }

    @Test
    void aMissingFileOrOneWithoutAUsableVirtualServerIsNotLoadable() {
        assertFalse(ConfigLoader.load(directory.resolve("nothing")).loadable());
        assertFalse(load("virtual_server 10.0.0.1 80 {\n}\n").loadable());
        assertTrue(load("# nothing yet\n").loadable());
    }
}
