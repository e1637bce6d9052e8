package io.lvsd.core.page;

import io.lvsd.core.view.StatusReport;
import java.util.Optional;

/**
 * What the page shows.
 *
 * @param load of this host, the average of one minute; negative if it is unknown
 * @param events the last ones
 * @param onlyProblems without what is in order
 */
record PageInput(StatusReport report, Traffic traffic, double load, RecentEvents events, boolean onlyProblems) {
    /** Samples by the texts that a report has for services and destinations. */
    interface Traffic {
        Traffic NONE = (_, _) -> Optional.empty();

        /** @param destination empty: the whole service */
        Optional<TrafficHistory.Samples> of(String service, String destination);
    }
}
