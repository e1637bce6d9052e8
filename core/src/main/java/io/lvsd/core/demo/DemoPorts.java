package io.lvsd.core.demo;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * A range of unprivileged ports on loopback.
 *
 * @param base port of the virtual server; the ports of the real servers follow
 */
record DemoPorts(int base) {
    private static final int FIRST = 8_080;
    private static final int LAST = 60_000;
    private static final int STEP = 100;
    private static final int COUNT = 11;

    /** Finds the first range that is free. */
    static DemoPorts find() throws IOException {
        for (int base = FIRST; base < LAST; base += STEP) {
            if (isFree(base)) {
                return new DemoPorts(base);
            }
        }
        throw new IOException("no range of " + COUNT + " free ports on loopback between " + FIRST + " and " + LAST);
    }

    private static boolean isFree(int base) {
        for (int port = base; port < base + COUNT; port++) {
            try (ServerSocket tcp = new ServerSocket();
                    DatagramSocket udp = new DatagramSocket(null)) {
                tcp.bind(new InetSocketAddress(loopback(), port));
                udp.bind(new InetSocketAddress(loopback(), port));
            } catch (IOException _) {
                return false;
            }
        }
        return true;
    }

    private static InetAddress loopback() {
        return InetAddress.getLoopbackAddress();
    }

    private InetSocketAddress at(int offset) {
        return new InetSocketAddress(loopback(), base + offset);
    }

    InetSocketAddress service() {
        return at(0);
    }

    /** @param number from 0 to 2 */
    InetSocketAddress realServer(int number) {
        return at(1 + number);
    }

    /** The configured sorry server. Its port has no listener, so lvsd serves the built-in page. */
    InetSocketAddress sorryServer() {
        return at(7);
    }

    InetSocketAddress sorryPage() {
        return at(8);
    }

    InetSocketAddress http() {
        return at(9);
    }

    InetSocketAddress snmp() {
        return at(10);
    }
}
