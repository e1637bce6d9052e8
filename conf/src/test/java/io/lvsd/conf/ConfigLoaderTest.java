package io.lvsd.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader.Loaded;
import io.lvsd.conf.check.AgentCheck;
import io.lvsd.conf.check.HttpCheck;
import io.lvsd.conf.check.PingCheck;
import io.lvsd.conf.check.TcpCheck;
import io.lvsd.conf.check.http.Url;
import io.lvsd.conf.model.CheckConfig;
import io.lvsd.conf.model.Persistence;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.Forwarding;
import io.lvsd.conf.value.Forwarding.Checksum;
import io.lvsd.conf.value.Forwarding.Encapsulation;
import io.lvsd.conf.value.Forwarding.Method;
import io.lvsd.conf.value.ProbePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** keepalived.conf to records, and every problem with its place. */
final class ConfigLoaderTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private Loaded load(String text) {
        try {
            return ConfigLoader.load(Files.writeString(directory.resolve("test.conf"), text, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

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
    void viaVipSaysWhereItCannotBe(String method, String target, @Nullable String check, String text) {
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

    private static final String HEAD = " protocol TCP\n lvs_sched rr\n lvs_method NAT\n";

    /** A virtual server with one more line in it. */
    private static String vs(String line) {
        return "virtual_server 10.0.0.1 80 {\n" + HEAD + " " + line + "\n real_server 10.0.0.11 8080 {\n }\n}\n";
    }

    /** A real server with one more line in it. */
    private static String rs(String line) {
        return "virtual_server 10.0.0.1 80 {\n" + HEAD + " real_server 10.0.0.11 8080 {\n" + " " + line + "\n }\n}\n";
    }

    private static List<String> texts(Loaded loaded) {
        return loaded.problems().stream()
                .map(ConfigProblem::headline)
                .map(h -> h.replaceFirst("^.*test.conf", ""))
                .toList();
    }

    private VirtualServerConfig good(String text) {
        Loaded loaded = load(text);
        assertEquals(List.of(), texts(loaded));
        return loaded.config().virtualServers().getFirst();
    }

    @Test
    void aWholeFileIsReadWithItsDefaults() {
        VirtualServerConfig vs = good("""
            # a comment
            ! another
            virtual_server 10.0.0.1 80 { lb_algo wrr
              lb_kind DR
              protocol tcp
              delay_loop 1.5
              quorum 2
              hysteresis 1
              alpha
              sorry_server 10.0.0.99 80
              real_server 10.0.0.11 80 {
                weight 2
                inhibit_on_failure
                TCP_CHECK {
                  retry 3
                }
              }
              real_server 10.0.0.12 80 {
                HTTP_GET {
                  url {
                    path /health#check
                    status_code 200 204-206
                    digest 0123456789ABCDEF0123456789abcdef
                  }
                  virtualhost example.com
                }
              }
            }
            """);
        assertEquals("10.0.0.1:80/tcp", vs.id().text());
        assertEquals("wrr", vs.scheduler());
        assertEquals(List.of(2L, 1L), List.of(vs.quorum(), vs.hysteresis()));
        assertEquals(Duration.ofMillis(1500), vs.delayLoop());
        RealServerConfig first = vs.realServers().getFirst();
        assertEquals(
                List.of(2L, 1L),
                vs.realServers().stream().map(RealServerConfig::weight).toList());
        assertEquals(Method.DR, first.forwarding().method());
        assertTrue(first.inhibitOnFailure());
        CheckConfig tcp = first.checks().getFirst();
        assertEquals(
                List.of(3L, Duration.ofMillis(1500), Duration.ofSeconds(1), true),
                List.of(
                        tcp.timing().retry(),
                        tcp.timing().delayLoop(),
                        tcp.timing().delayBeforeRetry(),
                        tcp.alpha()));
        CheckConfig check = vs.realServers().get(1).checks().getFirst();
        HttpCheck http = (HttpCheck) check.spec();
        assertEquals("/health", http.urls().getFirst().path(), "# starts a comment within a word");
        assertEquals("example.com", http.urls().getFirst().host());
        assertEquals(Duration.ofSeconds(3), check.timing().delayBeforeRetry());
        assertEquals(
                Optional.of("0123456789abcdef0123456789abcdef"),
                http.urls().getFirst().digest());
    }

    @Test
    void quotesProtectCommentsBracesAndBlanksAndBackslashProtectsAHash() {
        HttpCheck http = (HttpCheck) good(rs("HTTP_GET {\n url {\n path \"/#!{}\"\n }\n url {\n path /\\#x\n }\n }"))
                .realServers()
                .getFirst()
                .checks()
                .getFirst()
                .spec();
        assertEquals(
                List.of("/#!{}", "/#x"), http.urls().stream().map(Url::path).toList());
        assertEquals("10.0.0.11:8080", http.urls().getFirst().host());
    }

    /** What a block of each level says, and what holds for the check: rise, retry, fast interval in ms. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                            |                 |         |                      | 1 1 -",
                "rise 2; fall 4; fast_interval 0.5 |           |         |                      | 2 3 500",
                "rise 2; fall 4              | rise 3; retry 6 |         |                      | 3 6 -",
                "fall 4                      | fall 5          | fall 1  |                      | 1 0 -",
                "fall 4; fast_interval 1     | fall 5; retry 9 | rise 4  | fast_interval 2      | 4 4 2000",
                "                            | fall 5          |         | retry 2; rise 5      | 5 2 -",
                "fall 9                      | retry 8         | fall 7  | fall 3; retry 2      | 1 2 -",
            })
    void countsAndTheFastIntervalComeFromTheNearestLevel(
            String daemon, String service, String server, String check, String expected) {
        CheckConfig read = good("lvsd { " + lines(daemon) + " }\nvirtual_server 10.0.0.1 80 {\n" + HEAD + lines(service)
                        + " real_server 10.0.0.11 8080 { " + lines(server)
                        + " TCP_CHECK {\n" + lines(check) + "}\n}\n}\n")
                .realServers()
                .getFirst()
                .checks()
                .getFirst();
        String fast = read.timing()
                .fastInterval()
                .map(d -> String.valueOf(d.toMillis()))
                .orElse("-");
        assertEquals(expected, read.timing().rise() + " " + read.timing().retry() + " " + fast);
    }

    private static String lines(@Nullable String words) {
        return words == null ? "\n" : "\n" + words.replace("; ", "\n") + "\n";
    }

    @Test
    void aWishThatTheDaemonsBlockAsksForIsAskedOfEveryServer() {
        List<RealServerConfig> servers = good("""
            lvsd {
              weight_from {
                agent 9707
              }
            }
            virtual_server 10.0.0.1 80 {
              protocol TCP
              lvs_sched rr
              lvs_method NAT
              real_server 10.0.0.11 8080 {
                weight_from {
                  agent 9708
                }
              }
              real_server 10.0.0.12 8080 {
              }
            }
            """).realServers();
        assertEquals(
                List.of(9708, 9707),
                servers.stream()
                        .map(rs -> rs.checks().getFirst().spec())
                        .map(q -> ((AgentCheck) q).target().port())
                        .toList());
    }

    @Test
    void retryOfTheServerHoldsForChecksThatHaveNone() {
        VirtualServerConfig vs = good("virtual_server 10.0.0.1 80 {\n"
                + " protocol TCP\n"
                + " lvs_sched rr\n"
                + " lvs_method NAT\n"
                + " retry 7\n"
                + " real_server 10.0.0.11 80 {\n"
                + " retry 5\n"
                + " TCP_CHECK {\n"
                + " retry 0\n"
                + " }\n"
                + " TCP_CHECK {\n"
                + " connect_port 9\n"
                + " }\n"
                + " }\n"
                + " real_server 10.0.0.12 80 {\n"
                + " TCP_CHECK {\n"
                + " }\n"
                + " }\n"
                + "}\n");
        assertEquals(
                List.of(0L, 5L),
                vs.realServers().getFirst().checks().stream()
                        .map(c -> c.timing().retry())
                        .toList());
        assertEquals(7, vs.realServers().get(1).checks().getFirst().timing().retry());
    }

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
    void aBadLineIsOneMessageWithItsPlaceAndTheRestHolds(String line, String message) {
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
    void whatSaysHowASorryServerIsUsedMustFollowIt(String line) {
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

    @ParameterizedTest
    @CsvSource({".5, PT0.5S", "5., PT5S", "' 7', PT7S", "0.000001, PT0.000001S"})
    void timesAreReadAsKeepalivedReadsThem(String text, Duration time) {
        assertEquals(time, good(vs("delay_loop \"" + text + "\"")).delayLoop());
    }

    @Test
    void aCarriageReturnIsABlank() {
        assertEquals(Optional.of("a"), good(vs("snmp_name\ra\r")).name());
    }

    @Test
    void anOptionOfTunnelsLeavesAnotherMethodAsItIs() {
        Loaded loaded = load(vs("").replace("lvs_method NAT", "lvs_method DR type gre nocsum"));
        assertEquals(
                new Forwarding(Method.DR, Encapsulation.IPIP, 0, Checksum.NOCSUM),
                loaded.config()
                        .virtualServers()
                        .getFirst()
                        .realServers()
                        .getFirst()
                        .forwarding());
    }

    @Test
    void theRestOfAnIncludeIsOnePatternInWhichABlankIsPartOfAName() throws IOException {
        Files.writeString(directory.resolve("a b.inc"), vs(""));
        assertEquals(1, load("include a b.inc\n").config().virtualServers().size());
        Loaded two = load(vs("") + "include a.inc b.inc\n");
        assertEquals(List.of(":9:9: warning: include matches no file: 'a.inc b.inc'"), texts(two));
        assertTrue(two.problems().getFirst().hint().contains("one line for each file"));
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
    void bracesThatDoNotMatchAreReportedWhereTheyStand() {
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

    @Test
    void tunnelOptionsAreRead() {
        assertEquals(
                new Forwarding(Method.TUN, Encapsulation.GUE, 6080, Checksum.REMCSUM),
                good(vs("").replace("NAT", "TUN type gue port 6080 remcsum").replace("8080", "80"))
                        .realServers()
                        .getFirst()
                        .forwarding());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.250-255 80 | 6 | 10.0.0.250:80",
                "10.0.0.254-10.0.1.1 80 | 4 | 10.0.0.254:80",
                "10.0.0.0/23 | 512 | 10.0.0.0:0",
                "fd00::1-ff 80 | 255 | [fd00::1]:80",
                "fd00::/120 80 | 256 | [fd00::]:80"
            })
    void rangesAndPrefixesOfGroupsStepWithCarry(String line, int count, String first) {
        String real = line.startsWith("fd") ? "fd00:1::1" : "10.1.0.1";
        Loaded loaded = load("virtual_server_group G {\n " + line
                + "\n fwmark 5\n}\nvirtual_server group G {\n protocol TCP\n lvs_sched rr\n lvs_method NAT\n"
                + " real_server " + real + " 80 {\n }\n}\n");
        VirtualServerConfig vs = loaded.config().virtualServers().getFirst();
        assertEquals(count + 1, vs.targets().size());
        assertEquals(first, vs.targets().getFirst().toString());
        assertTrue(vs.targets().getLast().toString().startsWith("fwmark:5"));
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
    void aServiceWithoutAPortIsPersistent() {
        assertEquals(
                Optional.of(new Persistence(360, 0xffff_ffffL, "")),
                good(vs("persistence_timeout").replace("10.0.0.1 80", "10.0.0.1"))
                        .persistence());
        Loaded unsaid = load(vs("").replace("10.0.0.1 80", "10.0.0.1"));
        assertEquals(
                List.of(":1:1: error: a service without a port requires persistence: persistence_timeout 360 is used"),
                texts(unsaid));
        assertEquals(
                Optional.of(new Persistence(360, 0xffff_ffffL, "")),
                unsaid.config().virtualServers().getFirst().persistence());
    }

    @Test
    void includedTextStandsInItsPlaceAndProblemsNameItsFile() throws IOException {
        Files.createDirectories(directory.resolve("conf.d"));
        Files.writeString(directory.resolve("conf.d/b.conf"), "real_server 10.0.0.12 80 {\n}\n");
        Files.writeString(directory.resolve("conf.d/a.conf"), "real_server 10.0.0.10 80 {\n weihgt 1\n}\n");
        Loaded loaded = load(vs("include conf.d/*.conf"));
        assertEquals(
                List.of("10.0.0.10:80", "10.0.0.12:80", "10.0.0.11:8080"),
                loaded.config().virtualServers().getFirst().realServers().stream()
                        .map(r -> r.id().toString())
                        .toList());
        assertTrue(loaded.problems().getFirst().headline().contains("a.conf:2:2: error: unknown keyword 'weihgt'"));
        assertEquals("did you mean 'weight'?", loaded.problems().getFirst().hint());
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

    @Test
    void mutatedTextGivesProblemsAndNeverAnException() {
        long seed = Long.getLong("seed", 20_261_122);
        Random random = new Random(seed);
        String text = vs("sorry_server 127.0.0.1 80\n quorum 1")
                + rs("HTTP_GET {\n url {\n path \"/x\"\n status_code 200-299\n }\n }")
                        .replace("10.0.0.1 ", "10.0.0.2 ");
        for (int i = 0; i < 2_000; i++) {
            StringBuilder mutated = new StringBuilder(text);
            for (int n = 0; n <= random.nextInt(4); n++) {
                mutated.setCharAt(
                        random.nextInt(mutated.length()), "{}\"#!\n 0x\\-/:~$@\0é".charAt(random.nextInt(18)));
            }
            Loaded loaded = load(mutated.toString());
            assertTrue(loaded.problems().stream().allMatch(p -> !p.render().isEmpty()), "seed " + seed);
        }
    }
}
