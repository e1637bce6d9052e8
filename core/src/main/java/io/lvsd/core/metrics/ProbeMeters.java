package io.lvsd.core.metrics;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.ProbeResult.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** Meters of probes. Used by the engine thread. */
final class ProbeMeters {
    private static final String CHECK = "check";

    private final MeterRegistry registry;
    private final Timer lateness;
    private final Map<String, OfKind> kinds = new HashMap<>();

    ProbeMeters(MeterRegistry registry) {
        this.registry = registry;
        this.lateness = Buckets.timer(
                        "lvsd.probe.lateness", "How much later than planned probes started", Buckets.DELAY)
                .register(registry);
    }

    /** The meters of one kind of check. Counters of all results exist from its first probe on. */
    private static final class OfKind {
        private final Timer duration;
        private final Counter passed;
        private final Counter inconclusive;
        private final Map<Reason, Counter> failed = new EnumMap<>(Reason.class);

        OfKind(MeterRegistry registry, String kind) {
            duration = Buckets.timer("lvsd.probe.duration", "Duration of probes", Buckets.PROBE)
                    .tag(CHECK, kind)
                    .register(registry);
            passed = result(registry, kind, "passed", "none");
            inconclusive = result(registry, kind, "inconclusive", "none");
            for (Reason reason : Reason.values()) {
                failed.put(reason, result(registry, kind, "failed", reason.toString()));
            }
        }

        private static Counter result(MeterRegistry registry, String kind, String result, String reason) {
            return Counter.builder("lvsd.probe.results")
                    .description("Finished probes by result, and by reason if they failed")
                    .tags(CHECK, kind, "result", result, "reason", reason)
                    .register(registry);
        }

        Counter of(ProbeResult result) {
            return switch (result) {
                case ProbeResult.Passed _ -> passed;
                case ProbeResult.Failed(var reason, var _, var _, var _) -> failed.getOrDefault(reason, inconclusive);
                case ProbeResult.Inconclusive _ -> inconclusive;
            };
        }
    }

    void finished(CheckId check, ProbeReport report) {
        OfKind meters = kinds.get(check.kind());
        if (meters == null) {
            meters = new OfKind(registry, check.kind());
            kinds.put(check.kind(), meters);
        }
        meters.of(report.result()).increment();
        meters.duration.record(report.duration());
    }

    void started(Duration late) {
        lateness.record(late);
    }
}
