package io.lvsd.core.engine;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.conf.model.RsId;
import io.lvsd.conf.model.VsId;
import io.lvsd.core.model.CheckState;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.ipvs.model.ServiceKey;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * Since when checks, real servers, virtual servers and sorry servers have their state, also across a restart if the stored
 * state is trusted, and how often it has changed since the start of the daemon or since a reload added them.
 *
 * @param sorry of services whose sorry server is or was in use
 */
public record StateChanges(
        PMap<CheckId, Change> checks,
        PMap<RsRef, Change> realServers,
        PMap<VsId, Change> virtualServers,
        PMap<ServiceKey, Change> sorry) {
    static final StateChanges NONE =
            new StateChanges(HashTreePMap.empty(), HashTreePMap.empty(), HashTreePMap.empty(), HashTreePMap.empty());

    /**
     * The last change of a state.
     *
     * @param at monotonic nanoseconds
     * @param ups changes to up, or of a sorry server to in use
     * @param downs changes to down, or of a sorry server to not in use
     */
    public record Change(long at, long ups, long downs) {
        static Change unchanged(long now) {
            return new Change(now, 0, 0);
        }

        Change since(long time) {
            return new Change(time, ups, downs);
        }

        Change to(boolean up, long now) {
            return new Change(now, ups + (up ? 1 : 0), downs + (up ? 0 : 1));
        }
    }

    /** Counts everything of a virtual server from now that is not counted yet. */
    StateChanges added(VsState server, long now) {
        Change fresh = Change.unchanged(now);
        VsId vs = server.config().id();
        PMap<CheckId, Change> nextChecks = checks;
        PMap<RsRef, Change> nextServers = realServers;
        for (RsState rs : server.realServers()) {
            RsRef ref = new RsRef(vs, rs.config().id());
            nextServers = nextServers.containsKey(ref) ? nextServers : nextServers.plus(ref, fresh);
            for (CheckState check : rs.checks()) {
                nextChecks = nextChecks.containsKey(check.id()) ? nextChecks : nextChecks.plus(check.id(), fresh);
            }
        }
        return new StateChanges(
                nextChecks,
                nextServers,
                virtualServers.containsKey(vs) ? virtualServers : virtualServers.plus(vs, fresh),
                sorry);
    }

    /** Counts the checks of a real server that is counted from now that are not counted yet. */
    StateChanges addedChecks(RsState rs, long now) {
        Change fresh = Change.unchanged(now);
        PMap<CheckId, Change> next = checks;
        for (CheckState check : rs.checks()) {
            next = next.containsKey(check.id()) ? next : next.plus(check.id(), fresh);
        }
        return new StateChanges(next, realServers, virtualServers, sorry);
    }

    StateChanges removed(VsId vs, Collection<RsState> servers) {
        PMap<CheckId, Change> nextChecks = checks;
        PMap<RsRef, Change> nextServers = realServers;
        for (RsState rs : servers) {
            nextServers = nextServers.minus(new RsRef(vs, rs.config().id()));
            for (CheckState check : rs.checks()) {
                nextChecks = nextChecks.minus(check.id());
            }
        }
        return new StateChanges(nextChecks, nextServers, virtualServers, sorry);
    }

    /** Without the checks of a real server that are no longer configured. */
    StateChanges removedChecks(RsState rs, Collection<CheckId> configured) {
        PMap<CheckId, Change> next = checks;
        for (CheckState check : rs.checks()) {
            next = configured.contains(check.id()) ? next : next.minus(check.id());
        }
        return new StateChanges(next, realServers, virtualServers, sorry);
    }

    StateChanges removed(VsState server) {
        StateChanges next = removed(server.config().id(), server.realServers());
        return new StateChanges(
                next.checks,
                next.realServers,
                virtualServers.minus(server.config().id()),
                sorry);
    }

    /** With the time since which a check has its state. */
    StateChanges since(CheckId check, long at) {
        return new StateChanges(
                checks.plus(check, of(checks.get(check), at).since(at)), realServers, virtualServers, sorry);
    }

    /** With the time since which a real server has its state. */
    StateChanges since(RsRef server, long at) {
        return new StateChanges(
                checks, realServers.plus(server, of(realServers.get(server), at).since(at)), virtualServers, sorry);
    }

    /** With the time since which a virtual server has its state. */
    StateChanges since(VsId server, long at) {
        return new StateChanges(
                checks,
                realServers,
                virtualServers.plus(server, of(virtualServers.get(server), at).since(at)),
                sorry);
    }

    StateChanges check(CheckId check, boolean up, long now) {
        return new StateChanges(
                checks.plus(check, of(checks.get(check), now).to(up, now)), realServers, virtualServers, sorry);
    }

    StateChanges realServer(VsId vs, RsId rs, boolean up, long now) {
        RsRef ref = new RsRef(vs, rs);
        return new StateChanges(
                checks, realServers.plus(ref, of(realServers.get(ref), now).to(up, now)), virtualServers, sorry);
    }

    StateChanges virtualServer(VsId vs, boolean up, long now) {
        return new StateChanges(
                checks,
                realServers,
                virtualServers.plus(vs, of(virtualServers.get(vs), now).to(up, now)),
                sorry);
    }

    StateChanges sorry(ServiceKey service, boolean inUse, long now) {
        return new StateChanges(
                checks,
                realServers,
                virtualServers,
                sorry.plus(service, of(sorry.get(service), now).to(inUse, now)));
    }

    /** Without services that are no longer configured. */
    StateChanges withoutServices(Collection<ServiceKey> removed) {
        return new StateChanges(checks, realServers, virtualServers, sorry.minusAll(removed));
    }

    private static Change of(@Nullable Change known, long now) {
        return known == null ? Change.unchanged(now) : known;
    }
}
