package io.lvsd.core.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.conf.source.IpAddresses;
import io.lvsd.core.plan.HostFacts.Listener;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class HostReaderTest {
    @Test
    void onlyListeningSocketsAreReadInHostByteOrder() throws Exception {
        String v4 =
                "   0: 0100007F:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100"
                        + " 0 0 10 0";
        String open =
                "   1: 0100007F:0051 0100007F:1234 01 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100"
                        + " 0 0 10 0";
        String v6 =
                "   2: 000000FD000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 0:0 0 0 0 0 1";
        byte[] six = new byte[16];
        six[0] = (byte) 0xfd;
        six[15] = 1;
        assertEquals(
                Set.of(
                        new Listener(IpAddresses.ofBytes(new byte[] {127, 0, 0, 1}), 80),
                        new Listener(IpAddresses.ofBytes(six), 8080)),
                HostReader.listeners(new BufferedReader(
                        new StringReader(String.join("\n", "  sl  local_address rem_address   st", v4, v6, open)))));
    }

    @Test
    void aListenerOfThisProcessIsFoundWithItsOwner() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Listener expected =
                    new Listener(IpAddresses.ofBytes(socket.getInetAddress().getAddress()), socket.getLocalPort());
            assertTrue(HostReader.read(Set.of()).listeners().stream().anyMatch(l -> l.port() == expected.port()));
            assertTrue(
                    HostReader.read(Set.of(expected)).listeners().stream().noneMatch(expected::equals),
                    "lvsd's own do not count");
            assertTrue(PortOwner.of(socket.getLocalPort())
                    .contains("[" + ProcessHandle.current().pid() + "]"));
        }
    }
}
