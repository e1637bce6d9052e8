package io.lvsd.core.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
import io.lvsd.conf.value.TransportProtocol;
import io.lvsd.core.plan.HostFacts.Listener;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
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
                "10.1.0.100:0       | NAT    | 127.0.0.1:80    | -                       | 127.0.0.1:80 Masq          "
                        + "     | Unavailable",
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
        Target target = mark ? new Target.Fwmark(5, IpFamily.INET) : target(service);
        SorryServerConfig configured =
                new SorryServerConfig(server(sorry), Forwarding.of(Forwarding.Method.valueOf(method)), false);
        VirtualServerConfig vs = new VirtualServerConfig(
                new VsId("vs"),
                Optional.empty(),
                OptionalInt.empty(),
                List.of(target),
                IpFamily.INET,
                mark ? Optional.empty() : Optional.of(TransportProtocol.TCP),
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
                SorryPageConfig.DEFAULT,
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
        HostFacts host = new HostFacts(Set.of(address("10.1.0.1"), address("10.1.0.100"), address("fd00::1")), found);
        SorryRoutes.Route route = SorryRoutes.route(target, vs, configured, host);
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
            case SorryBackend.Page(var listen) -> "Page " + text(listen);
            case SorryBackend.Relay(var listen, var to) -> "Relay " + text(listen) + " " + text(to);
            case SorryBackend.Unavailable(var _) -> "Unavailable";
        };
    }

    private static String text(java.net.InetSocketAddress address) {
        return IpAddresses.text(address.getAddress()) + ":" + address.getPort();
    }
}
