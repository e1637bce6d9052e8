package io.lvsd.core.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

/** The real servers of the demo. */
final class DemoServerTest {
    @Test
    void aStoppedServerRefusesImmediatelyAndReturnsOnItsPort() throws IOException {
        InetSocketAddress address;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = new InetSocketAddress(free.getInetAddress(), free.getLocalPort());
        }
        try (DemoServer server = new DemoServer("a", address)) {
            for (int i = 0; i < 100; i++) {
                server.start();
                assertEquals("a", DemoClient.get(address, "/").server());
                server.stop();
                assertEquals("-", DemoClient.get(address, "/").server());
            }
        }
    }
}
