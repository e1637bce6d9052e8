package io.lvsd.core.plan;

import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ForwardingMethod;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.util.ArrayList;
import java.util.List;

/**
 * A destination that receives connections and sends nothing back. It does not count as a failure: its checks are probed at
 * once. Only where replies pass through this host, which they do not with direct routing and tunnels.
 */
public record UnansweredTraffic(ServiceKey service, DestinationKey destination) {
    /** New connections between two readings from which missing replies count. */
    private static final long ENOUGH = 3;

    /** All such destinations between two readings. */
    public static List<UnansweredTraffic> of(ReadingDifference difference) {
        List<UnansweredTraffic> silent = new ArrayList<>();
        for (ReadingDifference.Change<ServiceKey, ServiceState> service : difference.services()) {
            ServiceState was = service.was();
            ServiceState is = service.is();
            if (was != null && is != null && !was.stats().equals(is.stats())) {
                for (ReadingDifference.Change<DestinationKey, DestinationState> destination :
                        ReadingDifference.changes(was.destinations(), is.destinations())) {
                    DestinationState then = destination.was();
                    DestinationState now = destination.is();
                    if (then != null && now != null && isSilent(then, now)) {
                        silent.add(new UnansweredTraffic(service.key(), destination.key()));
                    }
                }
            }
        }
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
