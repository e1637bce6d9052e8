package io.lvsd.ipvs.embedded.table;

import java.net.InetAddress;

/**
 * Who opened a connection.
 *
 * @param port 0 to 65535
 */
public record Client(InetAddress address, int port) {
    /** The address as one number: the four bytes of IPv4, or the four words of IPv6 combined with XOR ({@code ip_vs_sh}). */
    public int folded() {
        byte[] bytes = address.getAddress();
        int folded = 0;
        for (int i = 0; i < bytes.length; i += 4) {
            folded ^= (bytes[i] & 255) << 24
                    | (bytes[i + 1] & 255) << 16
                    | (bytes[i + 2] & 255) << 8
                    | bytes[i + 3] & 255;
        }
        return folded;
    }
}
