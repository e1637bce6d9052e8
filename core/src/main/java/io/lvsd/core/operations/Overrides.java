package io.lvsd.core.operations;

import io.lvsd.core.engine.EngineState;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.model.RsOverride.Mode;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.core.operations.NameLookup.LookupException;
import io.lvsd.core.plan.DesiredState;
import io.lvsd.core.plan.Translation;
import io.lvsd.core.view.DrainReport;
import io.lvsd.core.view.OverrideReport;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * Overrides of real servers. One at a time: each is in effect before the next one is evaluated, so that two of them together
 * cannot remove the last live server of a virtual server. Any thread; blocks.
 */
public final class Overrides {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final DaemonControl daemon;
    private final ReentrantLock lock = new ReentrantLock();

    public Overrides(DaemonControl daemon) {
        this.daemon = daemon;
    }

    /** The override would leave its virtual server without a live server. */
    public static final class LastLiveException extends Exception {
        private static final long serialVersionUID = 1;

        LastLiveException(RsRef server) {
            super(server.rs() + " is the last live server of " + server.vs());
        }
    }

    /**
     * An override that was requested.
     *
     * @param virtualServer as in {@link NameLookup}
     * @param force whether it may concern the last live server
     * @param user that requested it
     */
    public record Request(String virtualServer, String realServer, boolean force, String user) {}

    /**
     * Changes the override of a real server.
     *
     * @throws LookupException if it is unknown
     * @throws LastLiveException if it is the last live server and the request does not force it
     */
    public OverrideReport set(Request request, UnaryOperator<RsOverride> change)
            throws LookupException, LastLiveException {
        lock.lock();
        try {
            VsState server = NameLookup.virtualServer(daemon.state(), request.virtualServer());
            RsState rs = NameLookup.realServer(server, request.realServer());
            RsRef ref = new RsRef(server.config().id(), rs.config().id());
            RsOverride override = change.apply(rs.override());
            if (!request.force() && server.losesLastLive(rs.with(override))) {
                throw new LastLiveException(ref);
            }
            daemon.override(ref, override, request.user());
            return report(ref, override, isApplied(ref, override));
        } finally {
            lock.unlock();
        }
    }

    private boolean isApplied(RsRef ref, RsOverride override) {
        try {
            return daemon.await(
                    state -> state.server(ref.vs())
                            .flatMap(vs -> vs.realServer(ref.rs()))
                            .filter(rs -> rs.override().equals(override))
                            .isPresent(),
                    TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static OverrideReport report(RsRef ref, RsOverride override, boolean applied) {
        Optional<Duration> timeout = override.drainTimeout();
        return new OverrideReport(
                ref.vs().text(),
                ref.rs().toString(),
                override.mode().name().toLowerCase(Locale.ROOT),
                override.weight().map(OptionalLong::of).orElseGet(OptionalLong::empty),
                timeout.isPresent() ? OptionalLong.of(timeout.get().toSeconds()) : OptionalLong.empty(),
                applied);
    }

    /**
     * The progress of a real server that is drained.
     *
     * @return empty if it is not drained
     * @throws LookupException if it is unknown
     */
    public Optional<DrainReport> progress(String virtualServer, String realServer) throws LookupException {
        EngineState state = daemon.state();
        VsState server = NameLookup.virtualServer(state, virtualServer);
        RsState rs = NameLookup.realServer(server, realServer);
        return rs.override().mode() == Mode.DRAINED ? Optional.of(progress(state, server, rs)) : Optional.empty();
    }

    private static DrainReport progress(EngineState state, VsState server, RsState rs) {
        long active = 0;
        boolean drained = true;
        for (ServiceKey key : Translation.keys(server.config())) {
            ServiceState service = state.table().actual().get(key);
            DestinationState found =
                    service == null ? null : service.destinations().get(DesiredState.key(key, rs.config()));
            if (found != null) {
                active += found.active();
                drained &= found.config().weight() == 0
                        && found.active() == 0
                        && rs.config().inhibitOnFailure();
            }
        }
        return new DrainReport(server.config().id().text(), rs.config().id().toString(), drained, active);
    }
}
