package io.lvsd.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.convert.EffectiveConfig;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.SorryPageConfig;
import io.lvsd.conf.model.SorryPageConfig.Banner;
import io.lvsd.conf.model.SorryPageConfig.Certificate;
import io.lvsd.conf.model.SorryPageConfig.Page;
import io.lvsd.conf.model.SorryPort;
import io.lvsd.conf.source.ConfigFormat;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.conf.source.IpAddresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The block sorry_page in both syntaxes: values, inheritance, ports, and errors. */
final class SorryPageTest {
    private static final String KEEPALIVED = """
        lvsd {
          sorry_listen 18000
          sorry_page {
            root /srv/sorry
            status 503
            reason "Back soon"
            retry_after 120
            title Example
            message "We are back at six."
            until 2026-08-01T06:00:00+02:00
            tls /etc/lvsd/a.pem /etc/lvsd/a.key
            tls /etc/lvsd/b.pem /etc/lvsd/b.key
            listen 0.0.0.0:8080
            listen [::]:8080
            host WWW.Example.net {
              root /srv/www
              status 500
            }
          }
        }
        virtual_server 192.0.2.1 80 {
          protocol TCP
          lvs_sched rr
          lvs_method NAT
          sorry_server 127.0.0.1 80
          real_server 10.0.0.1 80 {
          }
        }
        virtual_server 192.0.2.1 25 {
          protocol TCP
          lvs_sched rr
          lvs_method NAT
          sorry_server 127.0.0.1 25
          sorry_listen 18025
          sorry_page {
            message ""
            retry_after 0
            until 2026-08-02T06:00
            banner "421 try later"
            ports 8080 8443 8080
            host mail.example.net {
              title Mail
            }
          }
          real_server 10.0.0.1 25 {
          }
        }
        """;

    private static final String HOCON = """
        lvsd {
          sorry_listen = 18000
          sorry_page {
            root = /srv/sorry
            status = 503
            reason = "Back soon"
            retry_after = 2m
            title = Example
            message = "We are back at six."
            until = "2026-08-01T04:00:00Z"
            tls = ["/etc/lvsd/a.pem /etc/lvsd/a.key", ["/etc/lvsd/b.pem", "/etc/lvsd/b.key"]]
            listen = ["0.0.0.0:8080", "[::]:8080"]
            host { "WWW.Example.net" { root = /srv/www, status = 500 } }
          }
          stop = remove
          repair = missing
          reload_guard = 100
        }
        virtual_server {
          "192.0.2.1:80" {
            address = "192.0.2.1:80"
            protocol = TCP
            lvs_sched = rr
            lvs_method = NAT
            sorry_server = "127.0.0.1:80"
            real_server = [{ address = "10.0.0.1:80" }]
          }
          "192.0.2.1:25" {
            address = "192.0.2.1:25"
            protocol = TCP
            lvs_sched = rr
            lvs_method = NAT
            sorry_server = "127.0.0.1:25"
            sorry_listen = 18025
            sorry_page {
              message = ""
              retry_after = 0s
              until = "2026-08-02T06:00"
              banner = "421 try later"
              ports = [8080, 8443]
              host { "mail.example.net" { title = Mail } }
            }
            real_server = [{ address = "10.0.0.1:25" }]
          }
        }
        """;

    @TempDir
    private Path directory;

    private ConfigLoader.Loaded load(String text) throws IOException {
        return ConfigLoader.load(Files.writeString(directory.resolve("test.conf"), text));
    }

    private DaemonConfig valid(String text) throws IOException {
        ConfigLoader.Loaded loaded = load(text);
        assertEquals(
                List.of(), loaded.problems().stream().map(ConfigProblem::render).toList());
        return loaded.config();
    }

    private static Page page(String root, int status, long retryAfter, String title, String message, Instant until) {
        return new Page(
                Optional.of(Path.of(root)), status, "Back soon", retryAfter, title, message, Optional.of(until));
    }

    @ParameterizedTest
    @EnumSource
    void eachKeywordOfAVirtualServerReplacesThatOfTheLvsdBlock(ConfigFormat format) throws IOException {
        DaemonConfig config = valid(format == ConfigFormat.HOCON ? HOCON : KEEPALIVED);
        Instant until = Instant.parse("2026-08-01T04:00:00Z");
        List<Certificate> certificates = List.of(
                new Certificate(Path.of("/etc/lvsd/a.pem"), Path.of("/etc/lvsd/a.key")),
                new Certificate(Path.of("/etc/lvsd/b.pem"), Path.of("/etc/lvsd/b.key")));
        SorryPageConfig common = new SorryPageConfig(
                page("/srv/sorry", 503, 120, "Example", "We are back at six.", until),
                Map.of("www.example.net", page("/srv/www", 500, 120, "Example", "We are back at six.", until)),
                certificates,
                Optional.empty(),
                List.of(80, 443));
        assertEquals(common, config.lvsd().sorryPage());
        assertEquals(
                List.of(
                        new InetSocketAddress(IpAddresses.address("0.0.0.0").orElseThrow(), 8080),
                        new InetSocketAddress(IpAddresses.address("::").orElseThrow(), 8080)),
                config.lvsd().sorryAddresses());
        assertEquals(common, config.virtualServers().getFirst().sorryPage());
        assertEquals(
                new SorryPort(18_000, false), config.virtualServers().getFirst().sorryPort());

        Instant later = LocalDateTime.parse("2026-08-02T06:00")
                .atZone(ZoneId.systemDefault())
                .toInstant();
        assertEquals(
                new SorryPageConfig(
                        page("/srv/sorry", 503, 0, "Example", "", later),
                        Map.of("mail.example.net", page("/srv/sorry", 503, 0, "Mail", "", later)),
                        certificates,
                        Optional.of(new Banner.Text("421 try later")),
                        List.of(8080, 8443)),
                config.virtualServers().getLast().sorryPage());
        assertEquals(
                new SorryPort(18_025, true), config.virtualServers().getLast().sorryPort());
    }

    @ParameterizedTest
    @EnumSource
    void theEffectiveConfigurationIsTheSameConfiguration(ConfigFormat format) throws IOException {
        DaemonConfig config = valid(KEEPALIVED);
        String text = EffectiveConfig.redacted(config, format).text();
        assertEquals(config, valid(text), text);
        assertEquals(config, valid(HOCON));
    }

    @Test
    void aResetIsABanner() throws IOException {
        DaemonConfig config = valid("lvsd {\nsorry_page {\nbanner reset\n}\n}\n");
        assertEquals(Optional.of(new Banner.Reset()), config.lvsd().sorryPage().banner());
        assertEquals(SorryPageConfig.DEFAULT, valid("lvsd {\n}\n").lvsd().sorryPage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "reason \"ungültig\"     | invalid reason: expected 1 to 100 printable ASCII characters",
                "title \"a\u0007b\"       | invalid title: expected text of at most 200 characters",
                "message \"\u009b\"       | invalid message: expected text of at most 2000 characters",
                "status 200              | invalid status '200': expected 400 to 599",
                "until tomorrow          | invalid time 'tomorrow': expected a time such as 2027",
                "ports 80 http           | invalid ports 'http': expected 1 to 65535",
                "tls /etc/a.pem          | 'tls' requires a value",
                "listen 8080             | invalid listen address '8080': expected ADDRESS:PORT",
                "host a_b { }            | invalid host 'a_b': expected a host name without port",
                "host www.example.net:80 { } | invalid host 'www.example.net:80'",
                "host a { ports 80 }     | unknown keyword 'ports'",
            })
    void invalidValuesAreErrorsAtTheirPlace(String line, String text) throws IOException {
        List<ConfigProblem> problems = load("lvsd {\nsorry_page {\n"
                        + line.replace("{", "{\n").replace("}", "\n}") + "\n}\n}\n")
                .problems();
        assertEquals(1, problems.size(), problems::toString);
        ConfigProblem problem = problems.getFirst();
        assertTrue(problem.isError() && problem.text().startsWith(text), problem::render);
        assertTrue(problem.origin().line() >= 3, problem::render);
    }

    @Test
    void textsHaveAMaximumLength() throws IOException {
        valid("lvsd {\nsorry_page {\ntitle " + "ü".repeat(200) + "\nmessage " + "m".repeat(2_000) + "\n}\n}\n");
        assertEquals(
                2,
                load("lvsd {\nsorry_page {\ntitle " + "ü".repeat(201) + "\nmessage " + "m".repeat(2_001) + "\n}\n}\n")
                        .problems()
                        .size());
    }

    @Test
    void twoPagesOfOneHostAreAnError() throws IOException {
        List<ConfigProblem> problems = load("lvsd {\nsorry_page {\nhost a {\ntitle x\n}\nhost A {\ntitle y\n}\n}\n}\n")
                .problems();
        assertEquals(
                "duplicate host 'a', the first one is used", problems.getFirst().text());
    }

    private static String server(String head, String protocol, String inside) {
        return "virtual_server " + head + " {\n" + (protocol.isEmpty() ? "" : "protocol " + protocol + "\n")
                + "lvs_sched rr\nlvs_method NAT\nsorry_server 127.0.0.1 80\npersistence_timeout 60\n" + inside
                + "\nreal_server 10.0.0.1 80 {\n}\n}\n";
    }

    @Test
    void onePortForTwoVirtualServersOfAnAddressIsAnError() throws IOException {
        ConfigLoader.Loaded loaded = load(server("192.0.2.1 80", "TCP", "sorry_listen 9000")
                + server("192.0.2.2 80", "TCP", "sorry_listen 9000")
                + server("192.0.2.1 443", "TCP", "sorry_listen 9000")
                + server("fwmark 1", "", "sorry_listen 9000")
                + server("fwmark 2", "", "sorry_listen 9000"));
        assertEquals(
                List.of(
                        "sorry_listen 9000 is used by virtual server 192.0.2.1:80/tcp on the same address, another port"
                                + " is used",
                        "sorry_listen 9000 is used by virtual server fwmark:1 on the same address, another port is"
                                + " used"),
                loaded.problems().stream()
                        .filter(ConfigProblem::isError)
                        .map(ConfigProblem::text)
                        .toList());
        assertEquals(
                List.of(true, true, false, true, false),
                loaded.config().virtualServers().stream()
                        .map(vs -> vs.sorryPort().fixed())
                        .toList());
        assertEquals("sorry_listen 9000", loaded.problems().getFirst().origin().sourceLine());
    }

    @Test
    void aPortOfThePageForAllPortsBelongsToOneVirtualServer() throws IOException {
        ConfigLoader.Loaded loaded = load(server("192.0.2.1 25", "TCP", "sorry_listen 443")
                + server("192.0.2.1", "TCP", "")
                + server("192.0.2.1", "UDP", ""));
        assertEquals(
                List.of("port 443 of sorry_page is used by virtual server 192.0.2.1:25/tcp on the same address,"
                        + " ignored"),
                loaded.problems().stream().map(ConfigProblem::text).toList());
        assertEquals(
                List.of(80), loaded.config().virtualServers().get(1).sorryPage().ports());
    }

    @Test
    void listenAppliesToTheLvsdBlockOnly() throws IOException {
        ConfigLoader.Loaded loaded = load(server("192.0.2.1 80", "TCP", "sorry_page {\nlisten 127.0.0.1:80\n}"));
        assertEquals(
                "'listen' of sorry_page applies in the lvsd block only, ignored",
                loaded.problems().getFirst().text());
    }
}
