package io.lvsd.core.operations;

import io.lvsd.conf.model.VsId;
import io.lvsd.conf.value.MaintenanceConfig;
import io.lvsd.core.engine.EngineState;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.view.PlanReport;
import io.lvsd.core.view.StatusInput;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.netlink.NetlinkException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What operations need of the running daemon. Any thread but the engine's; may block. */
public interface DaemonControl {
    /** What reports are made from; waits a few seconds for the engine to start. */
    StatusInput status();

    /** The latest state; waits a few seconds for the engine to start. */
    EngineState state();

    /**
     * Waits until the state meets a condition.
     *
     * @return false if it does not within the timeout
     */
    boolean await(Predicate<EngineState> condition, Duration timeout) throws InterruptedException;

    /**
     * Reads the table.
     *
     * @throws NetlinkException if it cannot be read
     */
    IpvsSnapshot table();

    /**
     * Loads the configuration again.
     *
     * @param forced whether it may remove more real servers than {@code reload_guard} allows
     */
    ReloadResult reload(boolean forced);

    /**
     * Computes what a reload of the daemon's own file would do now; reads the file and the table.
     *
     * @throws NetlinkException if the table cannot be read
     */
    PlanReport plan();

    /**
     * Computes what a reload would do with another configuration; reads the table.
     *
     * @param effective a configuration with every default written out
     * @param errors identities of the errors of the file that it was made from
     * @throws NetlinkException if the table cannot be read
     */
    PlanReport plan(String effective, List<String> errors);

    /**
     * Overrides a real server, soon.
     *
     * @param user that requested it
     */
    void override(RsRef server, RsOverride override, String user);

    /**
     * Begins, changes or ends the maintenance of a virtual server, soon.
     *
     * @param settings empty: it ends
     * @param user that requested it
     */
    void maintain(VsId server, Optional<MaintenanceConfig> settings, String user);
}
