package io.lvsd.sorryserver.setup;

import java.net.InetAddress;

/**
 * A network of clients.
 *
 * @param prefix length, 0 to 32 (IPv4) or 128 (IPv6)
 */
public record ClientNetwork(InetAddress address, int prefix) {
    public ClientNetwork {
        if (prefix < 0 || prefix > address.getAddress().length * Byte.SIZE) {
            throw new IllegalArgumentException("invalid prefix length " + prefix);
        }
    }

    /** Whether an address of the same family is in this network. An address of the other family never is. */
    public boolean contains(InetAddress client) {
        byte[] own = address.getAddress();
        byte[] other = client.getAddress();
        if (own.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            int mask = 0x80 >> (bit % Byte.SIZE);
            if (((own[bit / Byte.SIZE] ^ other[bit / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
