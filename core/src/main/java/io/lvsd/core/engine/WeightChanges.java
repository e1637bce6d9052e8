package io.lvsd.core.engine;

import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.RealServerConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.core.plan.Quorum;
import java.util.List;

/**
 * Reloads that change only weights of real servers, and take no connections from any of them. The reload guard has nothing to
 * refuse there, so neither the table has to be read nor the step computed for it.
 */
public final class WeightChanges {
    private WeightChanges() {}

    /** Whether a reload is such a one. If not, only the dry run tells what it removes. */
    public static boolean areAll(EngineState state, DaemonConfig next) {
        ConfigDifference difference = ConfigDifference.between(state.config(), next);
        List<VirtualServerConfig> former = difference.former();
        List<VirtualServerConfig> changed = difference.next();
        if (former.size() != changed.size()) {
            return false;
        }
        for (int i = 0; i < changed.size(); i++) {
            VsState server = state.servers().get(former.get(i).id());
            if (server == null || !keepsConnections(server, changed.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether real servers and quorum stay as they are, and each real server that has a weight in the table keeps one. */
    private static boolean keepsConnections(VsState server, VirtualServerConfig next) {
        VirtualServerConfig config = server.config();
        List<RealServerConfig> servers = next.realServers();
        if (server.retains()
                || servers.size() != server.realServers().size()
                || !config.withRealServers(servers).equals(next)) {
            return false;
        }
        long live = server.liveWeight();
        int place = 0;
        for (RsState was : server.realServers()) {
            RealServerConfig is = servers.get(place++);
            if (!differs(was.config(), is)) {
                continue;
            }
            RsState after = new RsState(is, was.checks(), was.override(), was.ramp(), was.retainedUntil());
            if (!was.config().withWeight(is.weight()).equals(is) || was.tableWeight() > 0 && after.tableWeight() == 0) {
                return false;
            }
            live += after.effectiveWeight() - was.effectiveWeight();
        }
        return Quorum.next(server.quorumUp(), live, next.quorum(), next.hysteresis()) == server.quorumUp();
    }

    @SuppressWarnings("ReferenceEquality") // what a load did not change is mostly the same object
    private static boolean differs(RealServerConfig was, RealServerConfig is) {
        return was != is && !was.equals(is);
    }
}
