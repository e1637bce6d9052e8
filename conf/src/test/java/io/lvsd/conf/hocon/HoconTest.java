package io.lvsd.conf.hocon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.ConfigLoader.Loaded;
import io.lvsd.conf.WithoutOrigins;
import io.lvsd.conf.convert.EffectiveConfig;
import io.lvsd.conf.model.CheckConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.conf.value.Repair;
import io.lvsd.conf.value.StopMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HOCON: what it means, and the traps of its library. */
final class HoconTest {
    private static final String SERVER = """
        virtual_server {
          web {
            address = "192.0.2.10:80"
            protocol = TCP
            lvs_sched = rr
            lvs_method = NAT
            %s
            real_server = [ { address = "10.0.0.11:80" } ]
          }
        }
        """;

    @TempDir
    private Path directory;

    private Path write(String name, String text) {
        try {
            return Files.writeString(directory.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Loaded load(String text) {
        return ConfigLoader.load(write("lvsd.conf", text));
    }

    private static String server(String line) {
        return SERVER.replace("%s", line);
    }

    private VirtualServerConfig good(String text) {
        Loaded loaded = load(text);
        assertEquals(
                List.of(), loaded.problems().stream().map(ConfigProblem::render).toList());
        assertEquals(ConfigFormat.HOCON, loaded.format());
        return loaded.config().virtualServers().getFirst();
    }

    private List<String> headlines(String text) {
        return load(text).problems().stream()
                .map(p -> p.headline().replaceFirst("^.*/", "") + " | " + p.hint())
                .toList();
    }

    /** A path with it cannot exist, and a program would see the part before it. */
    @ParameterizedTest
    @CsvSource({"quorum_up, 7", "virtualhost, 7", "TCP_CHECK { bind_if, 7"})
    void aNulCharacterIsReportedAtItsLine(String keyword, int line) {
        String close = keyword.contains("{") ? " }" : "";
        List<String> found = headlines(server(keyword + " = \"/a\\u0000b\"" + close));
        assertTrue(
                found.getFirst().startsWith("lvsd.conf:" + line + ":")
                        && found.getFirst().endsWith("value with a NUL character, skipped | remove \\u0000"),
                found::toString);
    }

    @Test
    void aFileNameWithANulCharacterEndsNoLoad() {
        Loaded loaded = load(server("SSL_GET { tls_ca = \"/a\\u0000b\", url = [{ path = \"/\" }] }"));
        assertFalse(loaded.loadable());
        assertEquals(1, loaded.problems().size(), loaded.problems()::toString);
    }

    @Test
    void intervalsOfBfdHaveMicroseconds() {
        Loaded loaded = load(server("BFD_CHECK { name = b }")
                + "bfd_instance { b { neighbor_ip = \"192.0.2.9\", min_rx = 1500us, min_tx = 2.25ms } }\n");
        assertEquals(
                List.of(), loaded.problems().stream().map(ConfigProblem::render).toList());
        String text = EffectiveConfig.redacted(loaded.config(), ConfigFormat.KEEPALIVED)
                .text();
        assertTrue(text.contains("min_rx 1.5\n") && text.contains("min_tx 2.25\n"), text);
        assertEquals(
                WithoutOrigins.of(loaded.config()),
                WithoutOrigins.of(ConfigLoader.load(write("k.conf", text)).config()));
    }

    @Test
    void aWholeFileMeansWhatItsTwinInKeepalivedsSyntaxMeans() {
        Loaded hocon = load("""
            # comment
            lvsd {
              driver = memory
              stop = remove, repair = missing, reload_guard = 100   // two on a line
              snmp {
                listen = ["udp:127.0.0.1:1161", "tcp:127.0.0.1:1161"]
                community { public = ["127.0.0.0/8", "192.0.2.0/24"], p = "10.0.0.0/8" }
                user {
                  monitor { auth = "sha256 @/etc/lvsd/snmp.auth", priv = [aes128, "pass word"], network = "192.0.2.0/24" }
                  reader { view = ["1.3.6.1", "1.2"], auth = "sha512 password", write = off }
                }
                agentx = "unix:/var/agentx/master"
                sink = ["udp:192.0.2.9:162 community public", ["udp:traps.example.net:162", user, monitor, inform]]
                write = on, update_interval = 500ms, rate_limit = 5, contact = "NOC 7", location = room, engine_id = "0x80001f8804"
              }
              http { listen = "127.0.0.1:9180" }
              removal_grace = 10s
            }
            global_defs { enable_snmp_checker = on, enable_traps = on, snmp_socket = "unix:/run/other" }
            virtual_server_group { pool = ["192.0.2.20:80", "192.0.2.30-31:80", "fwmark 7"] }
            virtual_server {
              web {
                address = "192.0.2.10:80"
                protocol = TCP
                delay_loop = 6s
                lvs_sched = wrr
                lvs_method = NAT
                quorum = 2
                sorry_server = "127.0.0.1:80"
                HTTP_GET { url = [{ path = "/healthz", status_code = [200, "300-399"] }], connect_timeout = 3s }
                TCP_CHECK { retry = 2 }
                real_server = [
                  { address = "10.0.0.11:8080", weight = 2, snmp_name = one, snmp_index = 3, TCP_CHECK = [{ connect_port = 1 }, { connect_port = 2 }] }
                  { address = "10.0.0.12:8080", HTTP_GET = none, TCP_CHECK = none }
                ]
              }
              "group:pool" {
                group = pool, protocol = TCP, lvs_sched = sh, sh-port = on, lvs_method = "TUN type gue port 6080"
                persistence_timeout = 6m, real_server = [{ address = "10.0.0.13" }]
              }
              mark {
                fwmark = 5, lvs_sched = rr, lvs_method = DR, snmp_name = other, snmp_index = 9, real_server = [{ address = "fd00::1" }]
              }
            }
            """);
        Loaded keepalived = ConfigLoader.load(write("keepalived.conf", """
            lvsd {
              driver memory
              snmp {
                listen udp:127.0.0.1:1161
                listen tcp:127.0.0.1:1161
                user monitor {
                  auth sha256 @/etc/lvsd/snmp.auth
                  priv aes128 "pass word"
                  network 192.0.2.0/24
                }
                user reader {
                  auth sha512 password
                  view 1.3.6.1
                  view 1.2
                }
                agentx unix:/var/agentx/master
                sink udp:192.0.2.9:162 community public
                sink udp:traps.example.net:162 user monitor inform
                write on
                update_interval 0.5
                rate_limit 5
                contact "NOC 7"
                location room
                engine_id 0x80001f8804
                community public 127.0.0.0/8
                community public 192.0.2.0/24
                community p 10.0.0.0/8
              }
              http {
                listen 127.0.0.1:9180
              }
              removal_grace 10
            }
            global_defs {
              enable_snmp_checker
              enable_traps
              snmp_socket unix:/run/other
            }
            virtual_server_group pool {
              192.0.2.20 80
              192.0.2.30-31 80
              fwmark 7
            }
            virtual_server 192.0.2.10 80 {
              snmp_name web
              protocol TCP
              delay_loop 6
              lvs_sched wrr
              lvs_method NAT
              quorum 2
              sorry_server 127.0.0.1 80
              real_server 10.0.0.11 8080 {
                weight 2
                snmp_name one
                snmp_index 3
                TCP_CHECK {
                  connect_port 1
                }
                TCP_CHECK {
                  connect_port 2
                }
                HTTP_GET {
                  url {
                    path /healthz
                    status_code 200 300-399
                  }
                  connect_timeout 3
                }
              }
              real_server 10.0.0.12 8080 {
              }
            }
            virtual_server group pool {
              protocol TCP
              lvs_sched sh
              sh-port
              lvs_method TUN type gue port 6080
              persistence_timeout 360
              real_server 10.0.0.13 {
              }
            }
            virtual_server fwmark 5 {
              lvs_sched rr
              lvs_method DR
              snmp_name other
              snmp_index 9
              real_server fd00::1 {
              }
            }
            """));
        assertEquals(
                List.of(), hocon.problems().stream().map(ConfigProblem::render).toList());
        assertEquals(
                List.of(),
                keepalived.problems().stream().map(ConfigProblem::render).toList());
        assertEquals(WithoutOrigins.of(keepalived.config()), WithoutOrigins.of(hocon.config()));
    }

    @Test
    void itsDefaultsAreItsOwn() {
        Loaded loaded = load(server(""));
        assertEquals(StopMode.KEEP, loaded.config().lvsd().stop());
        assertEquals(Repair.ON, loaded.config().lvsd().repair());
    }

    @Test
    void theKeyIsTheNameUnlessItIsAnAddress() {
        assertEquals("web", good(server("")).name().orElseThrow());
        assertTrue(good(server("").replace("web {", "\"192.0.2.10:80/tcp\" {"))
                .name()
                .isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "delay_loop = 6 | lvsd.conf:7:18: error: invalid delay_loop '6': a unit is required | write 6s, or"
                        + " another unit",
                "delay_loop = soon | lvsd.conf:7:18: error: invalid delay_loop 'soon': expected a time | write 6s, or"
                        + " another unit",
                "dealy_loop = 6s | lvsd.conf:7:5: error: unknown keyword 'dealy_loop' | did you mean 'delay_loop'?",
                "weight = 0 | lvsd.conf:7:14: error: invalid weight '0': expected 1 to 2147483647 | ''",
                "weight { a = 1 } | lvsd.conf:7:5: error: unexpected block: expected one value | write it in quotes",
                "quorum = [1, 2] | lvsd.conf:7:5: error: unexpected list: expected one value | write it in quotes",
                "listen = 1 | lvsd.conf:7:5: error: unknown keyword 'listen' | allowed in snmp { } or http { }",
                "address = \"192.0.2.9:80\" | lvsd.conf:7:5: error: duplicate 'virtual_server.web.address' in"
                        + " this file | the first one is at",
                "lvs_sched = ${HOME} | lvsd.conf:7:17: error: undefined reference 'HOME' | environment variables are"
                        + " ${env.HOME}",
                "lvs_sched = ${nosuch} | lvsd.conf:7:17: error: undefined reference 'nosuch' | define it, or write"
                        + " ${?nosuch}",
                "include \"nosuch.conf\" | lvsd.conf:7:5: error: no file matches 'nosuch.conf' | create the file, or",
                "include url(\"http://127.0.0.1/\") | lvsd.conf:7:5: error: include url(…) is not supported | use:",
                "include classpath(\"x\") | lvsd.conf:7:5: error: include classpath(…) is not supported | use:",
                "quorum = { | lvsd.conf:11 | the file was detected as HOCON"
            })
    void aMistakeIsAnErrorAtItsPlaceAndNothingIsLoaded(String line, String place, String hint) {
        Loaded loaded = load(server(line));
        assertFalse(loaded.loadable());
        List<String> all = headlines(server(line));
        assertTrue(
                all.stream()
                        .anyMatch(h -> h.startsWith(place)
                                && h.substring(h.indexOf(" | ")).contains(hint)),
                () -> String.join("\n", all));
    }

    @Test
    void withoutProtocolOrAddressItIsAnError() {
        assertTrue(
                headlines(server("").replace("protocol = TCP", "")).getFirst().contains("'web' requires protocol"));
        assertTrue(headlines(server("").replace("address = \"192.0.2.10:80\"", ""))
                .getFirst()
                .contains("'web' requires exactly one of address, fwmark and group"));
    }

    @Test
    void aKeyTwiceInOneFileIsAnErrorButNotAcrossFilesNorWhenItAppends() {
        assertEquals(
                List.of("lvsd.conf:2:1: error: duplicate 'lvsd' in this file"),
                headlines("lvsd { driver = memory }\nlvsd { stop = keep }\n" + server("")).stream()
                        .map(h -> h.replaceFirst(" \\|.*", ""))
                        .toList());
        write("base.conf", "virtual_server { web { quorum = 3, weight = 7 } }\ncodes = [200]\n");
        Loaded loaded = load("include \"base.conf\"\ncodes = null\n" + server("weight = 9"));
        assertEquals(
                List.of(),
                loaded.problems().stream().filter(ConfigProblem::isError).toList());
        VirtualServerConfig vs = loaded.config().virtualServers().getFirst();
        assertEquals(9, vs.realServers().getFirst().weight(), "the including file's value overrides");
        VirtualServerConfig appended =
                good(server("TCP_CHECK = [{ connect_port = 1 }]\n" + "TCP_CHECK += { connect_port = 2 }\n"));
        assertEquals(2, appended.realServers().getFirst().checks().size());
    }

    @Test
    void includesAreGlobsMayBeOptionalAndLieBesideTheirFile() {
        write("10-a.conf", "virtual_server.web.quorum = 1\n");
        write("20-b.conf", "virtual_server.web.delay_loop = 7s\n");
        VirtualServerConfig vs = good("include \"[0-9]*-?.conf\"\ninclude optional(file(\"nosuch\"))\n" + server(""));
        assertEquals(Duration.ofSeconds(7), vs.delayLoop());
    }

    @Test
    void anIncludeOfItselfIsAnErrorAndNoHang() {
        assertTrue(headlines("include \"lvsd.conf\"\na = 1\n").getFirst().contains("files include each other"));
    }

    @Test
    void referencesReplaceAndTheEnvironmentIsNamed() throws IOException {
        Path file = write("env.conf", "lvsd.driver = ${env.DRIVER}\n" + server("delay_loop = ${?nosuch}\nquorum = 1"));
        var problems = new io.lvsd.conf.source.Problems();
        var statements =
                new HoconParser(problems, java.util.Map.of("DRIVER", "memory")).parse(file, Files.readString(file));
        assertEquals(List.of(), problems.all());
        assertTrue(statements.getFirst().toString().contains("text=memory"), statements::toString);
    }

    @Test
    void ordersAreThoseOfTheText() {
        Loaded loaded = load("virtual_server { "
                + String.join(
                        "\n",
                        List.of("z", "a", "m", "b").stream()
                                .map(n -> n + " { address = \"192.0.2." + (int) n.charAt(0)
                                        + ":80\", protocol = TCP, lvs_sched = rr,"
                                        + " lvs_method = NAT, real_server = [{ address = \"10.0.0.1:80\" }] }")
                                .toList())
                + "}\nlvsd.driver = memory\n");
        assertEquals(
                List.of("z", "a", "m", "b"),
                loaded.config().virtualServers().stream()
                        .map(v -> v.name().orElse(""))
                        .toList());
    }

    @Test
    void aCheckOfTheVirtualServerIsThatOfEveryServerThatNamesNone() {
        VirtualServerConfig vs = good(server("TCP_CHECK { retry = 7 }"));
        CheckConfig check = vs.realServers().getFirst().checks().getFirst();
        assertEquals(7, check.timing().retry());
    }

    @Test
    void valuesThatReferToEachOtherWithoutEndAreAnErrorAndNoHang() {
        StringBuilder bomb = new StringBuilder("a0 = \"0123456789\"\n");
        for (int i = 1; i < 64; i++) {
            bomb.append("a")
                    .append(i)
                    .append(" = ${a")
                    .append(i - 1)
                    .append("}${a")
                    .append(i - 1)
                    .append("}\n");
        }
        assertTrue(headlines(bomb.toString()).getFirst().contains("values with references exceed"));
        assertTrue(headlines("a = \"x\"\n" + "a = ${a}${a}\n".repeat(64))
                .getLast()
                .contains("values with references exceed"));
        assertTrue(headlines("a = " + "[".repeat(100_000)).getFirst().contains("nested more deeply than"));
        assertFalse(load("a = ${b}\nb = ${a}\n").loadable());
    }

    @Test
    void keepalivedsSyntaxIsNotTakenForHocon() {
        assertEquals(ConfigFormat.KEEPALIVED, ConfigFormat.of("$A=1\n# b = 2\nvirtual_server 10.0.0.1 80 {\n}\n"));
        assertEquals(ConfigFormat.HOCON, ConfigFormat.of("# x\nlvsd {\n  a.b = 1\n}"));
        assertEquals(ConfigFormat.HOCON, ConfigFormat.of("driver=auto"));
    }
}
