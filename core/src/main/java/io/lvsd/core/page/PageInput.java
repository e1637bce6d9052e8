package io.lvsd.core.page;

import io.lvsd.core.view.StatusReport;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the page shows.
 *
 * @param load of this host, the average of one minute; negative if it is unknown
 * @param events the last log lines of each virtual server, the latest first, by its id
 * @param onlyProblems without what is in order
 */
record PageInput(
        StatusReport report, Traffic traffic, double load, Map<String, List<PageEvent>> events, boolean onlyProblems) {
    /** Samples by the texts that a report has for services and destinations. */
    interface Traffic {
        Traffic NONE = (_, _) -> Optional.empty();

        /** @param destination empty: the whole service */
        Optional<TrafficHistory.Samples> of(String service, String destination);
    }
}
