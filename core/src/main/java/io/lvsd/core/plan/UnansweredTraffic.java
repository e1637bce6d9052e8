package io.lvsd.core.plan;

import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ForwardingMethod;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A destination that receives connections and sends nothing back. It does not count as a failure: its checks are probed at
 * once. Only where replies pass through this host, which they do not with direct routing and tunnels.
 */
public record UnansweredTraffic(ServiceKey service, DestinationKey destination) {
    /** New connections between two readings from which missing replies count. */
    private static final long ENOUGH = 3;

    /** All such destinations between two readings. */
    public static List<UnansweredTraffic> between(
            Map<ServiceKey, ServiceState> before, Map<ServiceKey, ServiceState> after) {
        List<UnansweredTraffic> silent = new ArrayList<>();
        after.forEach((key, service) -> {
            ServiceState former = before.get(key);
            if (former != null && !former.stats().equals(service.stats())) {
                service.destinations().forEach((at, now) -> {
                    DestinationState then = former.destinations().get(at);
                    if (then != null && isSilent(then, now)) {
                        silent.add(new UnansweredTraffic(key, at));
                    }
                });
            }
        });
        return silent;
    }

    private static boolean isSilent(DestinationState then, DestinationState now) {
        return now.config().method().equals(ForwardingMethod.MASQ)
                && now.config().usable()
                && now.stats().connections() - then.stats().connections() >= ENOUGH
                && now.stats().inPackets() > then.stats().inPackets()
                && now.stats().outPackets() == then.stats().outPackets();
    }
}
