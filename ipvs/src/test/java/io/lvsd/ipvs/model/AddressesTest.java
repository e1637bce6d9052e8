package io.lvsd.ipvs.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class AddressesTest {
    private static final int RANDOM = 100;

    /** For IPv4, the order depends on Java's hash code of an address. */
    @Test
    void orderIsThatOfTheBytes() throws UnknownHostException {
        List<InetAddress> addresses = new ArrayList<>();
        for (String text :
                List.of("0.0.0.0", "10.0.0.1", "10.0.0.2", "127.255.255.255", "128.0.0.0", "255.255.255.255")) {
            addresses.add(InetAddress.ofLiteral(text));
            addresses.add(InetAddress.ofLiteral(text));
        }
        for (String text : List.of("::", "::1", "2001:db8::1", "2001:db8::2", "ff02::1")) {
            addresses.add(InetAddress.ofLiteral(text));
        }
        Random random = new Random(1);
        for (int i = 0; i < RANDOM; i++) {
            byte[] bytes = new byte[4];
            random.nextBytes(bytes);
            addresses.add(InetAddress.getByAddress(bytes));
        }
        for (InetAddress left : addresses) {
            for (InetAddress right : addresses) {
                assertEquals(
                        expected(left.getAddress(), right.getAddress()),
                        Integer.signum(Addresses.ORDER.compare(left, right)),
                        left + " and " + right);
            }
        }
    }

    private static int expected(byte[] left, byte[] right) {
        return left.length != right.length
                ? Integer.compare(left.length, right.length)
                : Integer.signum(Arrays.compareUnsigned(left, right));
    }
}
