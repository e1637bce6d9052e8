package io.lvsd.core.view;

import io.lvsd.core.view.StatusReport.Difference;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A summary of shadow mode: how far the table that lvsd wants agrees with that of another program. The names of the components
 * are those of the JSON. Durations are seconds with fractions.
 *
 * @param from the beginning of the time that is summarized
 * @param agreement of all real servers together, in percent of the time
 * @param delays how long one side took to follow the other
 * @param servers each real server of each service
 * @param open differences that have not closed
 * @param alone changes that one side made and took back, and the other never followed
 */
public record ShadowReport(
        Instant time,
        Instant from,
        String other,
        double agreement,
        Delays delays,
        List<Server> servers,
        List<Difference> open,
        List<Past> alone) {
    /**
     * Delays by direction and by the side that was first.
     *
     * @param outLvsdLater the other program took a server out of service, and lvsd followed
     * @param outOtherLater lvsd took it out, and the other program followed
     * @param inLvsdLater the other program put it into service first
     * @param inOtherLater lvsd put it into service first
     */
    public record Delays(Delay outLvsdLater, Delay outOtherLater, Delay inLvsdLater, Delay inOtherLater) {}

    /** Number of changes, and how long the other side took to follow them. */
    public record Delay(int count, Optional<Double> medianSeconds, Optional<Double> worstSeconds) {}

    /**
     * A real server in a service.
     *
     * @param agreement percent of the time
     * @param differences number of them
     */
    public record Server(String virtualServer, String service, String realServer, double agreement, int differences) {}

    /** A difference that ended without the other side following. */
    public record Past(
            String virtualServer,
            String service,
            Optional<String> realServer,
            String what,
            String by,
            Instant since,
            Instant until) {}
}
