package io.lvsd.core.metrics;

import io.lvsd.conf.model.MetricsConfig;
import io.lvsd.conf.model.MetricsConfig.OtlpConfig;
import io.lvsd.conf.model.MetricsConfig.StatsdConfig;
import io.lvsd.core.log.LastingFailure;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The registries that send metrics, as they are configured. Classes of a registry are loaded only if it is. */
final class Push implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Push.class);
    /** The state is taken over this number of times in an interval of a registry that cannot request it. */
    private static final int UPDATES = 4;

    private final CompositeMeterRegistry registry;
    private final Function<WallTime, List<Table<?>>> tables;
    private final String host;

    // guarded by this
    private Optional<StatsdConfig> statsd = Optional.empty();
    private Optional<OtlpConfig> otlp = Optional.empty();
    private @Nullable MeterRegistry statsdRegistry;
    private @Nullable MeterRegistry otlpRegistry;
    private @Nullable ScheduledExecutorService updates;
    private volatile long limit = MetricsConfig.DEFAULT.maxSeries();

    /**
     * @param registry has all meters that are not made from the state
     * @param tables the present state
     */
    Push(CompositeMeterRegistry registry, Function<WallTime, List<Table<?>>> tables, String host) {
        this.registry = registry;
        this.tables = tables;
        this.host = host;
    }

    /** Starts what is new, restarts what changed, stops what is gone. */
    synchronized void configure(MetricsConfig config) {
        limit = config.maxSeries();
        if (!config.statsd().equals(statsd)) {
            stop(statsdRegistry);
            statsd = config.statsd();
            statsdRegistry = statsd.map(this::startStatsd).orElse(null);
        }
        if (!config.otlp().equals(otlp)) {
            stop(otlpRegistry);
            stopUpdates();
            otlp = config.otlp();
            otlpRegistry = otlp.map(this::startOtlp).orElse(null);
        }
    }

    private MeterRegistry startStatsd(StatsdConfig config) {
        Refresh refresh = new Refresh();
        StatsdRegistry started = new StatsdRegistry(config, host, refresh);
        refresh.meters = new StateMeters(started);
        registry.add(started);
        return started;
    }

    private MeterRegistry startOtlp(OtlpConfig config) {
        MeterRegistry started = OtlpRegistry.start(config, host);
        Refresh refresh = new Refresh();
        refresh.meters = new StateMeters(started);
        registry.add(started);
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("otlp-state").daemon().factory());
        updates = thread;
        long millis =
                Math.max(Duration.ofSeconds(1).toMillis(), config.interval().toMillis() / UPDATES);
        var _ = thread.scheduleAtFixedRate(refresh, 0, millis, TimeUnit.MILLISECONDS);
        return started;
    }

    /** Takes over the state of servers. Used by one thread. */
    private final class Refresh implements Runnable {
        private final WallTime wall = new WallTime();
        private final LastingFailure failing = new LastingFailure();
        private volatile @Nullable StateMeters meters;

        /** An exception would end a scheduled task silently. */
        @Override
        public void run() {
            StateMeters target = meters;
            if (target == null) {
                return;
            }
            try {
                target.update(tables.apply(wall), limit);
            } catch (RuntimeException e) {
                if (failing.failed()) {
                    LOG.atError()
                            .addKeyValue("effect", "metrics that are sent have old values")
                            .setCause(e)
                            .log("metrics_state.failed");
                }
            }
        }
    }

    /** On a thread of its own, as the last metrics are sent, which takes time if the receiver does not respond. */
    private void stop(@Nullable MeterRegistry stopped) {
        if (stopped != null) {
            registry.remove(stopped);
            Thread.ofVirtual().name("metrics-stop").start(stopped::close);
        }
    }

    private void stopUpdates() {
        ScheduledExecutorService thread = updates;
        if (thread != null) {
            thread.shutdownNow();
        }
    }

    @Override
    public synchronized void close() {
        configure(MetricsConfig.DEFAULT);
    }
}
