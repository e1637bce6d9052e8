package io.lvsd.core.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.conf.value.Repair;
import io.lvsd.ipvs.model.AddressFamily;
import io.lvsd.ipvs.model.Addresses;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ForwardingMethod;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.IpvsStats;
import io.lvsd.ipvs.model.Protocol;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

final class TargetServiceTest {
    private static final int SERVERS = 6;
    private static final ServiceKey KEY =
            new ServiceKey.AddressKey(Protocol.TCP, Addresses.of(AddressFamily.INET, new byte[] {10, 0, 0, 1}), 80);

    private static DestinationKey server(int number) {
        return new DestinationKey(Addresses.of(AddressFamily.INET, new byte[] {10, 0, 1, (byte) number}), 80);
    }

    private static IpvsDestination destination(int number, long weight) {
        return IpvsDestination.of(server(number), ForwardingMethod.MASQ, weight);
    }

    private static WantedService wanted(IpvsService config, List<IpvsDestination> destinations) {
        SequencedMap<DestinationKey, IpvsDestination> wanted = new LinkedHashMap<>();
        destinations.forEach(d -> wanted.put(d.key(), d));
        return new WantedService(config, wanted);
    }

    private static WantedService target(
            WantedService desired, ServiceState actual, ServiceState programmed, Repair repair) {
        return TargetService.of(desired, actual, programmed, Map.of(), repair).orElseThrow();
    }

    private static ServiceState randomService(Random random) {
        ServiceState service =
                ServiceState.empty(IpvsService.of(KEY, List.of("rr", "wlc").get(random.nextInt(2))));
        for (int number = 0; number < SERVERS; number++) {
            service = random.nextBoolean() ? service.with(destination(number, random.nextInt(3))) : service;
        }
        return service;
    }

    /** The same service in other objects, with other counters. */
    private static ServiceState counted(ServiceState service) {
        Map<DestinationKey, DestinationState> destinations = new LinkedHashMap<>();
        service.destinations().values().forEach(d -> {
            IpvsDestination copy = d.config().withWeight(d.config().weight());
            destinations.put(copy.key(), new DestinationState(copy, 7, 3, 0, IpvsStats.ZERO));
        });
        return new ServiceState(service.config(), IpvsStats.ZERO, destinations);
    }

    @Test
    void aServiceThatNobodyElseChangedIsAsWantedInEveryRepairMode() {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            ServiceState programmed = randomService(random);
            ServiceState other = randomService(random);
            WantedService desired = wanted(
                    other.config(),
                    other.destinations().values().stream()
                            .map(DestinationState::config)
                            .toList());
            for (Repair repair : Repair.values()) {
                WantedService target = target(desired, counted(programmed), programmed, repair);
                assertEquals(desired.config(), target.config(), "seed " + seed);
                assertEquals(desired.destinations(), target.destinations(), "seed " + seed);
            }
        }
    }

    @Test
    void oneChangeByOthersAmongMany() {
        IpvsService config = IpvsService.of(KEY, "rr");
        WantedService desired = wanted(config, List.of(destination(1, 1), destination(2, 1), destination(3, 1)));
        ServiceState programmed = ServiceState.empty(config)
                .with(destination(1, 1))
                .with(destination(2, 1))
                .with(destination(3, 1));
        ServiceState weight = programmed.with(destination(2, 9));
        assertEquals(1, weightOfSecond(desired, weight, programmed, Repair.ON));
        assertEquals(9, weightOfSecond(desired, weight, programmed, Repair.MISSING));
        assertEquals(9, weightOfSecond(desired, weight, programmed, Repair.REPORT));

        ServiceState without = programmed.without(server(2));
        assertEquals(
                3,
                target(desired, without, programmed, Repair.ON).destinations().size());
        assertEquals(
                3,
                target(desired, without, programmed, Repair.MISSING)
                        .destinations()
                        .size());
        assertEquals(
                2,
                target(desired, without, programmed, Repair.REPORT)
                        .destinations()
                        .size());

        ServiceState scheduler = programmed.withConfig(IpvsService.of(KEY, "wlc"));
        assertEquals(
                "rr", target(desired, scheduler, programmed, Repair.ON).config().scheduler());
        assertEquals(
                "wlc",
                target(desired, scheduler, programmed, Repair.MISSING).config().scheduler());
    }

    private static long weightOfSecond(
            WantedService desired, ServiceState actual, ServiceState programmed, Repair repair) {
        return target(desired, actual, programmed, repair)
                .destinations()
                .getOrDefault(server(2), destination(2, -1))
                .weight();
    }
}
