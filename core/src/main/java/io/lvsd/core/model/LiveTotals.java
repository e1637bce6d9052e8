package io.lvsd.core.model;

/**
 * Sums over the real servers of one virtual server, updated with each of them that changes, so that no sum is computed over all.
 *
 * @param weight total weight of the servers that are alive and neither drained nor disabled
 * @param receiving servers that receive connections outside a panic: they serve and their weight is not 0
 * @param known servers that count for a panic: enabled, with a result or alive
 * @param alive those of them that are alive
 * @param up configured servers of which no check is down
 * @param retained servers that the configuration no longer has
 * @param ramps servers in slow start
 */
record LiveTotals(long weight, int receiving, int known, int alive, int up, int retained, int ramps) {
    static final LiveTotals NONE = new LiveTotals(0, 0, 0, 0, 0, 0, 0);

    LiveTotals plus(RsState server) {
        return add(server, 1);
    }

    LiveTotals minus(RsState server) {
        return add(server, -1);
    }

    private LiveTotals add(RsState server, int times) {
        boolean counts = VsState.mayPanic(server);
        return new LiveTotals(
                weight + times * server.effectiveWeight(),
                receiving + (server.receives() ? times : 0),
                known + (counts ? times : 0),
                alive + (counts && server.alive() ? times : 0),
                up + (server.alive() && !server.isRetained() ? times : 0),
                retained + (server.isRetained() ? times : 0),
                ramps + (server.ramp().isPresent() ? times : 0));
    }
}
