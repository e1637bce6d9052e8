package io.lvsd.core.metrics;

import io.lvsd.core.loop.Telemetry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** The meters of what the daemon does. */
final class Meters implements Telemetry {
    private final Timer steps;

    Meters(MeterRegistry registry) {
        steps = Timer.builder("lvsd.engine.step.duration")
                .description("Time that the engine took for one event and its effects")
                .register(registry);
    }

    @Override
    public void stepped(Duration duration) {
        steps.record(duration);
    }
}
