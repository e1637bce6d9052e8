package io.lvsd.core.view;

import io.lvsd.core.view.StatusReport.Check;
import io.lvsd.core.view.StatusReport.Probe;
import io.lvsd.core.view.StatusReport.RealServer;
import io.lvsd.core.view.StatusReport.VirtualServer;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * Why real servers of one virtual server are in service or not. The names of the components are those of the JSON.
 *
 * @param virtualServer with all of its real servers
 * @param servers the real servers that are explained
 * @param draining the destinations that are explained and are being removed while healthy
 */
public record Explanation(
        Instant time, VirtualServer virtualServer, List<Server> servers, List<StatusReport.Destination> draining) {
    /**
     * One real server.
     *
     * @param inService whether it receives new connections
     * @param conclusion why, in one sentence
     * @param destinations its destinations, by service
     */
    public record Server(
            RealServer realServer,
            boolean inService,
            String conclusion,
            List<Destination> destinations,
            List<CheckHistory> checks) {}

    /**
     * A destination of a real server as it should be and as it is.
     *
     * @param wantedWeight empty: it should not be in the table
     * @param tableWeight empty: it is not in the table
     */
    public record Destination(String service, String address, OptionalLong wantedWeight, OptionalLong tableWeight) {}

    /**
     * A check.
     *
     * @param rule what changes its state
     * @param probes the last ones, the latest one first, 20 at most
     */
    public record CheckHistory(Check check, String rule, List<Probe> probes) {}
}
