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

    private ViaVipRouting.Answer answer(String virtual, Optional<String> source) throws IOException {
        Optional<InetAddress> bind = source.map(ViaVipRoutingTest::address);
        return new ViaVipRouting(sys)
                .of(
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
    void anAddressOfSomebodyElseNeedsNothing() throws IOException {
        assertEquals(new ViaVipRouting.Answer(Optional.empty(), ""), answer("192.0.2.1", Optional.empty()));
    }

    @Test
    void aHostThatHasOnlyTheVirtualAddressIsToldSo() throws IOException {
        String trouble = answer("127.0.0.1", Optional.empty()).trouble();
        assertTrue(trouble.contains("add bindto"), trouble);
    }

    @Test
    void aSourceOfAnotherHostIsNamed() throws IOException {
        String trouble = answer("127.0.0.1", Optional.of("192.0.2.9")).trouble();
        assertEquals("192.0.2.9 is no address of this host", trouble);
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
        String trouble = answer("127.0.0.1", Optional.of(own)).trouble();
        assertTrue(trouble.contains("net.ipv4.conf." + name + ".accept_local is 0"), trouble);
        setting("all", "1");
        assertEquals(new ViaVipRouting.Answer(Optional.of(other), ""), answer("127.0.0.1", Optional.of(own)));
        setting("all", "0");
        setting(name, "1");
        assertEquals("", answer("127.0.0.1", Optional.of(own)).trouble());
    }
}
