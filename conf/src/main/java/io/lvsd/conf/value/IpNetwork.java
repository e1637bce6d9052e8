package io.lvsd.conf.value;

import io.lvsd.conf.source.IpAddresses;
import java.net.InetAddress;
import java.util.Optional;

/**
 * An IPv4 or IPv6 network.
 *
 * @param address first address; bits after the prefix are cleared
 * @param prefix number of leading bits, 0 to 32 or 0 to 128
 */
public record IpNetwork(InetAddress address, int prefix) {
    public IpNetwork {
        byte[] bytes = address.getAddress();
        if (prefix < 0 || prefix > bytes.length * Byte.SIZE) {
            throw new IllegalArgumentException("prefix " + prefix);
        }
        for (int i = 0; i < bytes.length; i++) {
            int bits = Math.clamp(prefix - (long) i * Byte.SIZE, 0, Byte.SIZE);
            bytes[i] &= (byte) (0xff00 >> bits);
        }
        address = IpAddresses.ofBytes(bytes);
    }

    /** {@code ADDRESS/PREFIX}, or one address; empty for anything else. */
    public static Optional<IpNetwork> parse(String text) {
        String[] parts = text.split("/", 2);
        Optional<InetAddress> address = IpAddresses.address(parts[0]);
        if (address.isEmpty()) {
            return Optional.empty();
        }
        int bits = address.get().getAddress().length * Byte.SIZE;
        if (parts.length == 1) {
            return Optional.of(new IpNetwork(address.get(), bits));
        }
        return parts[1].matches("\\d{1,3}") && Integer.parseInt(parts[1]) <= bits
                ? Optional.of(new IpNetwork(address.get(), Integer.parseInt(parts[1])))
                : Optional.empty();
    }

    /** Whether an address is in this network; an address of the other family is not. */
    public boolean contains(InetAddress other) {
        return other.getAddress().length == address.getAddress().length
                && new IpNetwork(other, prefix).address().equals(address);
    }

    /** {@code ADDRESS/PREFIX}, or the address if it is the only one. */
    @Override
    public String toString() {
        String text = IpAddresses.text(address);
        return prefix == address.getAddress().length * Byte.SIZE ? text : text + "/" + prefix;
    }
}
