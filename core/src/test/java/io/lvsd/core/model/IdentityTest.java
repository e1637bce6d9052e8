package io.lvsd.core.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VsId;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.Protocol;
import io.lvsd.ipvs.model.ServiceKey;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keys of maps that do not use the methods that Java generates for records. */
final class IdentityTest {
    @Test
    void keysAreEqualIfAllTheirPartsAre() {
        List<Object> first = keys();
        List<Object> second = keys();
        for (int i = 0; i < first.size(); i++) {
            for (int k = 0; k < second.size(); k++) {
                assertEquals(i == k, first.get(i).equals(second.get(k)), first.get(i) + " and " + second.get(k));
            }
            assertEquals(first.get(i).hashCode(), second.get(i).hashCode());
        }
    }

    /** No two of these are equal. */
    private static List<Object> keys() {
        List<Object> keys = new ArrayList<>();
        for (String text : List.of("10.0.0.1", "10.0.0.2", "2001:db8::1")) {
            InetAddress address = IpAddresses.address(text).orElseThrow();
            keys.add(new VsId(text));
            for (int port : new int[] {80, 81}) {
                keys.add(new RsId(address, port));
                keys.add(new RsRef(new VsId("a"), new RsId(address, port)));
                keys.add(new RsRef(new VsId("b"), new RsId(address, port)));
                keys.add(new DestinationKey(address, port));
                keys.add(new ServiceKey.AddressKey(Protocol.TCP, address, port));
                keys.add(new ServiceKey.AddressKey(Protocol.UDP, address, port));
            }
        }
        return keys;
    }
}
