package io.lvsd.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader.Loaded;
import io.lvsd.conf.check.AgentCheck;
import io.lvsd.conf.check.HttpCheck;
import io.lvsd.conf.check.http.Url;
import io.lvsd.conf.model.CheckConfig;
import io.lvsd.conf.model.Persistence;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.value.Forwarding;
import io.lvsd.conf.value.Forwarding.Checksum;
import io.lvsd.conf.value.Forwarding.Encapsulation;
import io.lvsd.conf.value.Forwarding.Method;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** keepalived.conf to records. */
final class ConfigLoaderTest extends LoadedTexts {
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
    void weightFromOfTheLvsdBlockAppliesToEveryServer() {
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
    void retryOfTheServerAppliesToChecksWithoutOne() {
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
    void includedTextReplacesTheLineAndProblemsNameItsFile() throws IOException {
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
