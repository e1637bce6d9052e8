package io.lvsd.core.page;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.core.page.TrafficHistory.Subject;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ForwardingMethod;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.IpvsStats;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class TrafficHistoryTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final DestinationKey DESTINATION = new DestinationKey(LOOPBACK, 8080);

    @Test
    void keepsTheLastSamplesAndForgetsWhatIsGone() {
        ServiceKey key = new ServiceKey.FwmarkKey(AddressFamily.INET, 5);
        TrafficHistory history = new TrafficHistory();
        for (int i = 1; i <= 3; i++) {
            history.sample(Map.of(key, service(key, i)));
        }
        Subject destination = new Subject(key, Optional.of(DESTINATION));
        assertArrayEquals(
                new int[] {10, 20, 30}, history.of(destination).orElseThrow().rate());
        assertArrayEquals(
                new int[] {1, 2, 3}, history.of(destination).orElseThrow().active());
        for (int i = 4; i <= 65; i++) {
            history.sample(Map.of(key, service(key, i)));
        }
        int[] all = history.of(destination).orElseThrow().rate();
        assertEquals(TrafficHistory.LENGTH, all.length);
        assertEquals(60, all[0]);
        assertEquals(650, all[all.length - 1]);
        history.sample(Map.of());
        assertTrue(history.of(destination).isEmpty());
        assertTrue(history.of(new Subject(key, Optional.empty())).isEmpty());
    }

    private static ServiceState service(ServiceKey key, int n) {
        IpvsStats stats = new IpvsStats(0, 0, 0, 0, 0, 10L * n, 0, 0, 0, 0);
        TreeMap<DestinationKey, DestinationState> destinations = new TreeMap<>();
        destinations.put(
                DESTINATION,
                new DestinationState(IpvsDestination.of(DESTINATION, ForwardingMethod.MASQ, 1), n, 0, 0, stats));
        return new ServiceState(new IpvsService(key, "rr", 0, 0, 0xffff_ffffL, ""), stats, destinations);
    }
}
