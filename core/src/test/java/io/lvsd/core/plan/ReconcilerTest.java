package io.lvsd.core.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lvsd.ipvs.ApplyResult;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.MemoryIpvs;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.Addresses;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.ForwardingMethod;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.Protocol;
import io.lvsd.ipvs.model.ServiceKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class ReconcilerTest {
    private static ServiceKey key(int n) {
        return new ServiceKey.AddressKey(
                Protocol.TCP, Addresses.of(AddressFamily.INET, new byte[] {10, 0, 0, (byte) n}), 80);
    }

    private static DestinationKey dest(int n) {
        return new DestinationKey(Addresses.of(AddressFamily.INET, new byte[] {10, 1, 0, (byte) n}), 80);
    }

    private static Map<ServiceKey, WantedService> random(Random random) {
        Map<ServiceKey, WantedService> wanted = new HashMap<>();
        for (int s = 1; s <= 4; s++) {
            if (random.nextInt(4) > 0) {
                LinkedHashMap<DestinationKey, IpvsDestination> destinations = new LinkedHashMap<>();
                for (int d = 1; d <= 4; d++) {
                    if (random.nextBoolean()) {
                        ForwardingMethod method =
                                random.nextBoolean() ? ForwardingMethod.MASQ : ForwardingMethod.DROUTE;
                        destinations.put(dest(d), IpvsDestination.of(dest(d), method, random.nextInt(3)));
                    }
                }
                IpvsService service = IpvsService.of(key(s), random.nextBoolean() ? "rr" : "wlc");
                wanted.put(key(s), new WantedService(service, destinations));
            }
        }
        return wanted;
    }

    private static Set<ServiceKey> both(Map<ServiceKey, WantedService> a, Map<ServiceKey, WantedService> b) {
        Set<ServiceKey> keys = new TreeSet<>(a.keySet());
        keys.addAll(b.keySet());
        return keys;
    }

    @Test
    void applyingAPlanGivesTheWantedTableAndPlanningAgainGivesNothing() {
        long seed = Long.getLong("seed", System.nanoTime());
        for (int i = 0; i < 2_000; i++) {
            Random random = new Random(seed + i);
            Map<ServiceKey, WantedService> before = random(random);
            Map<ServiceKey, WantedService> after = random(random);
            MemoryIpvs table = new MemoryIpvs();
            for (Map<ServiceKey, WantedService> wanted : List.of(before, after)) {
                Plan plan = Reconciler.plan(
                        both(before, after), wanted, table.read().services());
                assertTrue(table.apply(plan.commands()).stream().allMatch(ApplyResult::applied), "seed " + (seed + i));
                assertEquals(
                        Plan.EMPTY.commands(),
                        Reconciler.plan(
                                        both(before, after),
                                        wanted,
                                        table.read().services())
                                .commands());
            }
        }
    }

    @Test
    void aServiceThatIsNotNamedIsNotTouched() {
        MemoryIpvs table = new MemoryIpvs();
        table.apply(List.of(new IpvsCommand.NewService(IpvsService.of(key(9), "rr"))));
        assertTrue(Reconciler.plan(Set.of(key(1)), Map.of(), table.read().services())
                .isEmpty());
    }

    @Test
    void aServiceComesBeforeItsDestinationsAndWhatTakesAwayComesLast() {
        MemoryIpvs table = new MemoryIpvs();
        table.apply(List.of(
                new IpvsCommand.NewService(IpvsService.of(key(1), "rr")),
                new IpvsCommand.NewDest(key(1), IpvsDestination.of(dest(1), ForwardingMethod.MASQ, 1)),
                new IpvsCommand.NewService(IpvsService.of(key(3), "rr"))));
        LinkedHashMap<DestinationKey, IpvsDestination> two = new LinkedHashMap<>();
        two.put(dest(2), IpvsDestination.of(dest(2), ForwardingMethod.MASQ, 1));
        Map<ServiceKey, WantedService> wanted = new HashMap<>();
        wanted.put(key(1), new WantedService(IpvsService.of(key(1), "wlc"), two));
        wanted.put(key(2), new WantedService(IpvsService.of(key(2), "rr"), two));
        List<String> commands = new ArrayList<>();
        Reconciler.plan(Set.of(key(1), key(2), key(3)), wanted, table.read().services())
                .commands()
                .forEach(c -> commands.add(c.toString()));
        assertEquals(
                List.of(
                        "SET_SERVICE 10.0.0.1:80/tcp wlc",
                        "NEW_DEST 10.0.0.1:80/tcp -> 10.1.0.2:80 weight 1",
                        "NEW_SERVICE 10.0.0.2:80/tcp rr",
                        "NEW_DEST 10.0.0.2:80/tcp -> 10.1.0.2:80 weight 1",
                        "DEL_DEST 10.0.0.1:80/tcp -> 10.1.0.1:80",
                        "DEL_SERVICE 10.0.0.3:80/tcp"),
                commands);
    }
}
