package io.lvsd.core.api;

import io.lvsd.conf.model.VsId;
import io.lvsd.conf.value.MaintenanceConfig;
import io.lvsd.core.engine.EngineState;
import io.lvsd.core.metrics.Metrics;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.operations.DaemonControl;
import io.lvsd.core.operations.MaintenanceOperation;
import io.lvsd.core.operations.Overrides;
import io.lvsd.core.operations.ReloadResult;
import io.lvsd.core.view.PlanReport;
import io.lvsd.core.view.StatusInput;
import io.lvsd.core.view.StatusInputs;
import io.lvsd.ipvs.IpvsSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A daemon with a fixed state, which carries nothing out. */
final class FakeDaemon implements DaemonControl {
    private final EngineState state;

    FakeDaemon(EngineState state) {
        this.state = state;
    }

    /** Sources of an endpoint. */
    HttpEndpoint.Sources sources(HealthSource health) {
        return new HttpEndpoint.Sources(
                () -> Optional.of(status()),
                health,
                this,
                new Overrides(this),
                new MaintenanceOperation(this),
                new EventRing(),
                new Metrics(Optional::empty, "director-1"));
    }

    @Override
    public StatusInput status() {
        return StatusInputs.of(state);
    }

    @Override
    public EngineState state() {
        return state;
    }

    @Override
    public boolean await(Predicate<EngineState> condition, Duration timeout) {
        return condition.test(state);
    }

    @Override
    public IpvsSnapshot table() {
        return state.table().lastRead();
    }

    @Override
    public void maintain(VsId server, Optional<MaintenanceConfig> settings, String user) {}

    @Override
    public ReloadResult reload(boolean forced) {
        throw new UnsupportedOperationException();
    }

    @Override
    public PlanReport plan() {
        throw new UnsupportedOperationException();
    }

    @Override
    public PlanReport plan(String effective, List<String> errors) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void override(RsRef server, RsOverride override, String user) {
        throw new UnsupportedOperationException();
    }
}
