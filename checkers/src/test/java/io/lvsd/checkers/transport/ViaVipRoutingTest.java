package io.lvsd.checkers.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.value.ProbeAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On loopback, where the virtual address and the one towards the real server are the same; the guest has a real path. */
final class ViaVipRoutingTest {
    private static final long NOW = System.nanoTime();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path sys;

    private ViaVipRouting.Route route(String virtual, Optional<String> source) throws IOException {
        Optional<InetAddress> bind = source.map(ViaVipRoutingTest::address);
        return new ViaVipRouting(sys)
                .route(
                        new ProbeAddress(
                                address(virtual),
                                80,
                                bind,
                                0,
                                "",
                                7,
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(10),
                                Optional.of(address("127.0.0.1"))),
                        NOW);
    }

    private static InetAddress address(String text) {
        return io.lvsd.conf.source.IpAddresses.address(text).orElseThrow();
    }

    private void setting(String name, String value) throws IOException {
        Path file = sys.resolve("net/ipv4/conf/" + name + "/accept_local");
        Files.createDirectories(file.getParent());
        Files.writeString(file, value + "\n");
    }

    @Test
    void anAddressOfAnotherHostNeedsNothing() throws IOException {
        assertEquals(new ViaVipRouting.Route(Optional.empty(), ""), route("192.0.2.1", Optional.empty()));
    }

    @Test
    void aHostWithOnlyTheVirtualAddressIsReported() throws IOException {
        String problem = route("127.0.0.1", Optional.empty()).problem();
        assertTrue(problem.contains("add bindto"), problem);
    }

    @Test
    void aSourceOfAnotherHostIsNamed() throws IOException {
        String problem = route("127.0.0.1", Optional.of("192.0.2.9")).problem();
        assertEquals("192.0.2.9 is not an address of this host", problem);
    }

    @Test
    void theSettingIsNeededOnTheInterfaceOrOnAll() throws IOException {
        Optional<InetAddress> found = java.net.NetworkInterface.networkInterfaces()
                .flatMap(java.net.NetworkInterface::inetAddresses)
                .filter(a -> a instanceof java.net.Inet4Address && !a.isLoopbackAddress())
                .findFirst();
        org.junit.jupiter.api.Assumptions.assumeTrue(found.isPresent(), "this host has no second IPv4 address");
        InetAddress other = found.orElseThrow();
        String own = io.lvsd.conf.source.IpAddresses.text(other);
        String name = java.net.NetworkInterface.getByInetAddress(other).getName();
        setting("all", "0");
        setting(name, "0");
        String problem = route("127.0.0.1", Optional.of(own)).problem();
        assertTrue(problem.contains("net.ipv4.conf." + name + ".accept_local is 0"), problem);
        setting("all", "1");
        assertEquals(new ViaVipRouting.Route(Optional.of(other), ""), route("127.0.0.1", Optional.of(own)));
        setting("all", "0");
        setting(name, "1");
        assertEquals("", route("127.0.0.1", Optional.of(own)).problem());
    }
}
