package io.lvsd.core.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.model.CheckDefaults;
import io.lvsd.conf.model.NotifyScripts;
import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.SorryPageConfig;
import io.lvsd.conf.model.SorryPort;
import io.lvsd.conf.model.SorryServerConfig;
import io.lvsd.conf.model.Target;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.Forwarding;
import io.lvsd.conf.value.IpFamily;
import io.lvsd.conf.value.SorryMode;
import io.lvsd.conf.value.TransportProtocol;
import io.lvsd.core.plan.HostFacts.Listener;
import io.lvsd.sorryserver.setup.Bypass;
import io.lvsd.sorryserver.setup.Content;
import io.lvsd.sorryserver.setup.ListenerSetup;
import io.lvsd.sorryserver.setup.PageSetup;
import io.lvsd.sorryserver.setup.TlsIdentity;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is programmed for a sorry server, and what must be there for it, row by row. */
final class SorryRoutesTest {
    private static InetAddress address(String text) {
        return IpAddresses.address(text).orElseThrow();
    }

    @ParameterizedTest(name = "{0} {1} sorry {2}, listeners {3}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // service          | method | sorry           | listeners               | programmed
                //   | need
                "10.1.0.100:80      | NAT    | 127.0.0.1:80    | -                       | 10.1.0.100:18080 Masq      "
                        + "     | Page 10.1.0.100:18080",
                "10.1.0.100:8081    | NAT    | 127.0.0.1:80    | -                       | 10.1.0.100:18080 Masq      "
                        + "     | Page 10.1.0.100:18080",
                "10.1.0.100:80      | DR     | 127.0.0.1:80    | -                       | 10.1.0.100:18080 Masq      "
                        + "     | Page 10.1.0.100:18080",
                "10.1.0.100:80      | TUN    | 127.0.0.1:80    | -                       | 10.1.0.100:18080 Masq      "
                        + "     | Page 10.1.0.100:18080",
                "fd00::100:80       | NAT    | ::1:80          | -                       | [fd00::100]:18080 Masq     "
                        + "     | Page fd00::100:18080",
                "10.1.0.100:80      | NAT    | 127.0.0.1:80    | 127.0.0.1:80            | 10.1.0.100:18080 Masq      "
                        + "     | Relay 10.1.0.100:18080 127.0.0.1:80",
                "10.1.0.100:80      | NAT    | 127.0.0.1:80    | 0.0.0.0:80              | 10.1.0.100:80 Masq         "
                        + "     | Existing 127.0.0.1:80",
                "10.1.0.100:8081    | NAT    | 127.0.0.1:80    | 0.0.0.0:80              | 10.1.0.100:80 Masq         "
                        + "     | Existing 127.0.0.1:80",
                "10.1.0.100:80      | DR     | 127.0.0.1:80    | 0.0.0.0:80              | 127.0.0.1:80 Route         "
                        + "     | Existing 127.0.0.1:80",
                "10.1.0.100:80      | TUN    | 127.0.0.1:80    | 0.0.0.0:80              | 127.0.0.1:80 Tunnel        "
                        + "     | Existing 127.0.0.1:80",
                "10.1.0.100:8081    | DR     | 127.0.0.1:80    | 0.0.0.0:80              | 10.1.0.100:80 Masq         "
                        + "     | Existing 127.0.0.1:80",
                "10.1.0.100:80      | NAT    | 127.0.0.1:80    | 10.1.0.100:80           | 10.1.0.100:80 Masq         "
                        + "     | Existing 10.1.0.100:80",
                "fd00::100:80       | DR     | ::1:80          | :::80                   | [::1]:80 Route             "
                        + "     | Existing ::1:80",
                "10.1.0.100:80      | NAT    | 10.1.0.1:80     | 10.1.0.1:80             | 10.1.0.1:80 Masq           "
                        + "     | Existing 10.1.0.1:80",
                "10.1.0.100:80      | NAT    | 10.9.9.9:80     | 0.0.0.0:80              | 10.9.9.9:80 Masq           "
                        + "     | Remote",
                "10.1.0.100:80      | DR     | 10.9.9.9:80     | -                       | 10.9.9.9:80 Route          "
                        + "     | Remote",
                "10.1.0.100:0       | NAT    | 127.0.0.1:80    | -                       | 10.1.0.100:0 Masq          "
                        + "     | Page 10.1.0.100:80 10.1.0.100:443",
                "10.1.0.100:0       | DR     | 127.0.0.1:0     | 10.1.0.100:443          | 10.1.0.100:0 Masq          "
                        + "     | Page 10.1.0.100:80",
                "10.1.0.100:0/443   | NAT    | 127.0.0.1:80    | 0.0.0.0:443             | 10.1.0.100:0 Masq          "
                        + "     | Existing 127.0.0.1:443",
                "10.1.0.100:0/      | NAT    | 127.0.0.1:80    | -                       | 127.0.0.1:80 Masq          "
                        + "     | Unavailable",
                "10.1.0.100:53/udp  | DR     | 127.0.0.1:53    | -                       | 10.1.0.100:18080 Masq      "
                        + "     | Page 10.1.0.100:18080",
                "10.1.0.100:0/udp   | NAT    | 127.0.0.1:0     | -                       | 10.1.0.100:0 Masq          "
                        + "     | Page 10.1.0.100:53",
                "10.1.0.100:53/udp  | DR     | 127.0.0.1:53    | 0.0.0.0:53              | 10.1.0.100:53 Masq         "
                        + "     | Remote",
                "10.1.0.100:514/udp | NAT    | 127.0.0.1:514   | -                       | 10.1.0.100:514 Masq        "
                        + "     | Remote",
                "10.1.0.100:80/sctp | NAT    | 127.0.0.1:80    | -                       | 10.1.0.100:80 Masq         "
                        + "     | Remote",
                "fwmark             | DR     | 127.0.0.1:80    | -                       | 10.1.0.1:18080 Masq        "
                        + "     | Page 10.1.0.1:18080"
            })
    void aSorryServerIsProgrammedAsTheKernelDeliversIt(
            String service,
            String method,
            String sorry,
            @org.jspecify.annotations.Nullable String listeners,
            String programmed,
            String backend) {
        boolean mark = service.equals("fwmark");
        String[] parts = service.split("/", -1);
        Target target = mark ? new Target.Fwmark(5, IpFamily.INET) : target(parts[0]);
        String option = parts.length > 1 ? parts[1] : "80 443";
        TransportProtocol protocol = option.matches("[a-z]+")
                ? TransportProtocol.valueOf(option.toUpperCase(Locale.ROOT))
                : TransportProtocol.TCP;
        SorryPageConfig page = SorryPageConfig.DEFAULT.withPorts(Pattern.compile("\\d+")
                .matcher(option)
                .results()
                .map(m -> Integer.valueOf(m.group()))
                .toList());
        SorryServerConfig configured =
                new SorryServerConfig(server(sorry), Forwarding.of(Forwarding.Method.valueOf(method)), false);
        VirtualServerConfig vs = new VirtualServerConfig(
                new VsId("vs"),
                Optional.empty(),
                OptionalInt.empty(),
                List.of(target),
                IpFamily.INET,
                mark ? Optional.empty() : Optional.of(protocol),
                "rr",
                0,
                false,
                Optional.empty(),
                1,
                0,
                Duration.ZERO,
                Duration.ZERO,
                Optional.of(configured),
                0,
                NotifyScripts.NONE,
                false,
                false,
                false,
                new SorryPort(18080, false),
                page,
                SorryMode.REPLACE,
                Optional.empty(),
                1,
                false,
                new CheckDefaults(
                        Optional.empty(),
                        false,
                        OptionalLong.empty(),
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO),
                List.of());
        Set<Listener> found = new HashSet<>();
        if (listeners != null) {
            found.add(
                    new Listener(server(listeners).address(), server(listeners).port()));
        }
        Set<InetAddress> dns = found.stream()
                .filter(l -> l.port() == SorryPorts.DNS)
                .map(Listener::address)
                .collect(Collectors.toSet());
        HostFacts host =
                new HostFacts(Set.of(address("10.1.0.1"), address("10.1.0.100"), address("fd00::1")), found, dns);
        SorryRoutes.Route route =
                SorryRoutes.route(target, vs, configured, SorryPorts.of(List.of(vs)), host, SorryNotice.NONE);
        assertEquals(
                programmed,
                route.destination().key() + " " + route.destination().method().word());
        assertEquals(backend, describe(route.backend()));
        assertEquals(1, route.destination().weight());
    }

    private static Target target(String text) {
        RsId id = server(text);
        return new Target.Address(id.address(), id.port());
    }

    private static RsId server(String text) {
        int colon = text.lastIndexOf(':');
        return new RsId(address(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
    }

    private static String describe(SorryBackend backend) {
        return switch (backend) {
            case SorryBackend.Remote() -> "Remote";
            case SorryBackend.Existing(var test) -> "Existing " + text(test);
            case SorryBackend.Page(var setups) ->
                "Page " + setups.stream().map(s -> text(s.address())).collect(Collectors.joining(" "));
            case SorryBackend.Relay(var setup, var to) -> "Relay " + text(setup.address()) + " " + text(to);
            case SorryBackend.Unavailable(var _) -> "Unavailable";
        };
    }

    private static String text(java.net.InetSocketAddress address) {
        return IpAddresses.text(address.getAddress()) + ":" + address.getPort();
    }

    private static VirtualServerConfig load(String protocol, String page) {
        return ConfigLoader.loadPlain("virtual_server 10.1.0.100 53 {\nprotocol " + protocol
                        + "\nlvs_sched rr\nlvs_method NAT\nsorry_server 127.0.0.1 53\nsorry_page {\n" + page
                        + "\n}\nreal_server 10.0.0.1 53 {\n}\n}\n")
                .config()
                .virtualServers()
                .getFirst();
    }

    private static Content content(String protocol, String page) {
        VirtualServerConfig vs = load(protocol, page);
        HostFacts host = new HostFacts(Set.of(address("10.1.0.100")), Set.of());
        SorryBackend backend = SorryRoutes.route(
                        vs.targets().getFirst(),
                        vs,
                        vs.sorry().orElseThrow(),
                        SorryPorts.of(List.of(vs)),
                        host,
                        SorryNotice.NONE)
                .backend();
        ListenerSetup setup = backend.listeners().getFirst();
        assertEquals(vs.id().text(), setup.virtualServer());
        return setup.content();
    }

    @Test
    void whatAListenerServesIsThatOfTheConfiguration() {
        PageSetup page = new PageSetup(
                Optional.of(Path.of("/srv/sorry")),
                503,
                "Back soon",
                0,
                "Shop",
                "",
                Optional.of(Instant.parse("2026-08-01T04:00:00Z")));
        PageSetup news = new PageSetup(page.root(), 503, "Back soon", 0, "News", "", page.until());
        assertEquals(
                new Content.Page(
                        page,
                        Map.of("news.example.net", news),
                        List.of(new TlsIdentity(Path.of("/etc/a.pem"), Path.of("/etc/a.key"))),
                        Bypass.NONE),
                content("TCP", """
                    root /srv/sorry
                    status 503
                    reason "Back soon"
                    retry_after 0
                    title Shop
                    until 2026-08-01T04:00Z
                    tls /etc/a.pem /etc/a.key
                    host news.example.net {
                    title News
                    }
                    """));
        assertEquals(new Content.Banner("421 down"), content("TCP", "banner \"421 down\""));
        assertEquals(new Content.Reset(), content("TCP", "banner reset"));
        assertEquals(new Content.DnsFailure(), content("UDP", "banner reset"));
    }
}
