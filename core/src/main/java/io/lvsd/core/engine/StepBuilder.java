package io.lvsd.core.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * One step while it is computed: lives for one event, on one thread. Each part owns its share of the state; all parts add to
 * the same effects, in order.
 */
final class StepBuilder {
    final EngineState before;
    /** Monotonic nanoseconds. */
    final long now;

    final List<Effect> effects = new ArrayList<>();
    final LogEvents log = new LogEvents(effects);
    final CheckActivation activation = new CheckActivation(effects, log);
    final ConfigStep config;
    final HealthStep health;
    final MaintenanceStep maintenance;
    final SorryStep sorry;
    final TableStep table;

    StepBuilder(EngineState before, long now) {
        this.before = before;
        this.now = now;
        this.config = new ConfigStep(this);
        this.health = new HealthStep(this);
        this.maintenance = new MaintenanceStep(this);
        this.sorry = new SorryStep(this);
        this.table = new TableStep(before.table(), now, effects);
    }

    /** Keepalived's notifications about servers of the present configuration. */
    KeepalivedNotifications notifications() {
        return new KeepalivedNotifications(effects, config.current());
    }

    /** Plans what the event changed, and returns the state and the effects. */
    Step build() {
        health.want();
        sorry.prepare();
        config.plan();
        return new Step(
                new EngineState(
                        config.current(),
                        health.servers(),
                        sorry.state(),
                        table.state(),
                        config.owners(),
                        config.rows(),
                        config.phase(),
                        health.timed(),
                        maintenance.state(),
                        health.changes()),
                effects);
    }
}
