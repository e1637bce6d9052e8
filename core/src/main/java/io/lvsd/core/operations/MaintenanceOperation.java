package io.lvsd.core.operations;

import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.conf.value.MaintenanceConfig;
import io.lvsd.core.engine.EngineState;
import io.lvsd.core.model.Maintenance;
import io.lvsd.core.model.VsState;
import io.lvsd.core.operations.NameLookup.LookupException;
import io.lvsd.core.plan.MaintenanceAccess;
import io.lvsd.core.view.MaintenanceReport;
import io.lvsd.core.view.MaintenanceReports;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Begins and ends planned maintenance of virtual servers; one request at a time. Any thread; blocks. */
public final class MaintenanceOperation {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final DaemonControl daemon;
    private final ReentrantLock lock = new ReentrantLock();

    public MaintenanceOperation(DaemonControl daemon) {
        this.daemon = daemon;
    }

    /** Why a maintenance is not possible. */
    public enum Refusal {
        /** The virtual server has no sorry server. */
        NO_SORRY_SERVER,
        /** The end is in the past. */
        PAST,
        /** Allowed clients cannot reach the real servers. */
        NO_ACCESS
    }

    /** The maintenance is not possible. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        private final Refusal refusal;
        private final String remedy;

        RefusedException(Refusal refusal, String problem, String remedy) {
            super(problem);
            this.refusal = refusal;
            this.remedy = remedy;
        }

        public Refusal refusal() {
            return refusal;
        }

        /** What the operator can do. */
        public String remedy() {
            return remedy;
        }
    }

    /**
     * A request.
     *
     * @param virtualServer as in {@link NameLookup}
     * @param settings empty: the maintenance ends
     * @param user that requested it
     */
    public record Request(String virtualServer, Optional<MaintenanceConfig> settings, String user) {}

    /**
     * Begins, changes or ends maintenance.
     *
     * @param now the wall clock
     * @throws LookupException if the virtual server is unknown
     * @throws RefusedException if it has no sorry server, if allowed clients cannot reach its real servers, or if the end is in
     *     the past
     */
    public MaintenanceReport set(Request request, Instant now) throws LookupException, RefusedException {
        lock.lock();
        try {
            EngineState state = daemon.state();
            VsState server = NameLookup.virtualServer(state, request.virtualServer());
            VirtualServerConfig config = server.config();
            MaintenanceAccess access =
                    MaintenanceAccess.of(config, state.sorry().host());
            if (request.settings().isPresent()) {
                require(config, request.settings().get(), access, now);
            }
            daemon.maintain(config.id(), request.settings(), request.user());
            boolean applied = isApplied(config.id(), request.settings());
            EngineState after = daemon.state();
            return MaintenanceReports.of(
                    after.server(config.id()).orElse(server), after.sorry(), request.settings(), access, applied);
        } finally {
            lock.unlock();
        }
    }

    private static void require(
            VirtualServerConfig config, MaintenanceConfig settings, MaintenanceAccess access, Instant now)
            throws RefusedException {
        if (config.sorry().isEmpty()) {
            throw new RefusedException(
                    Refusal.NO_SORRY_SERVER,
                    "maintenance of " + config.id() + " requires a sorry server",
                    "add: sorry_server 127.0.0.1 80");
        }
        if (settings.until().filter(end -> !end.isAfter(now)).isPresent()) {
            throw new RefusedException(
                    Refusal.PAST,
                    "the end " + settings.until().get() + " is in the past",
                    "use a later time, or a duration such as 2h");
        }
        if (!settings.allow().isEmpty() && !access.possible()) {
            throw new RefusedException(
                    Refusal.NO_ACCESS,
                    "allowed clients cannot reach the real servers of " + config.id() + ": " + access.text(),
                    "begin the maintenance without allowed networks");
        }
    }

    private boolean isApplied(VsId id, Optional<MaintenanceConfig> settings) {
        try {
            return daemon.await(
                    state -> state.server(id)
                            .map(VsState::maintenance)
                            .filter(m -> m.map(Maintenance::settings).equals(settings))
                            .isPresent(),
                    TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
