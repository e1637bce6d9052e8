package io.lvsd.core.view;

import io.lvsd.checkers.health.AgentWeight;
import io.lvsd.checkers.probe.ProbePhases;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.schedule.ProbeHistory;
import io.lvsd.conf.model.Timing;
import io.lvsd.core.model.CheckState;
import io.lvsd.core.view.StatusReport.Agent;
import io.lvsd.core.view.StatusReport.Check;
import io.lvsd.core.view.StatusReport.Probe;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** Reports on checks and their probes. Pure. */
final class CheckReports {
    private static final double NANOS_PER_MICRO = 1_000;
    private static final double MICROS_PER_MILLI = 1_000;

    private CheckReports() {}

    /** The checks of one real server. */
    static List<Check> of(StatusInput in, List<CheckState> checks) {
        List<String> names = CheckNames.of(checks);
        return IntStream.range(0, checks.size())
                .mapToObj(i -> of(in, checks.get(i), names.get(i)))
                .toList();
    }

    private static Check of(StatusInput in, CheckState check, String name) {
        var change = in.state().changes().checks().get(check.id());
        Timing timing = check.config().timing();
        OptionalLong next = in.history().next(check.id());
        return new Check(
                check.config().kind(),
                name,
                target(check),
                StatusTerms.state(check),
                ServerReports.since(in, change),
                ServerReports.changes(change),
                check.health().tolerated(),
                timing.retry(),
                check.health().passes(),
                timing.rise(),
                StatusTerms.reason(check),
                in.history().last(check.id()).map(e -> probe(in, e)),
                next.isPresent() ? Optional.of(nextProbe(in, next.getAsLong())) : Optional.empty(),
                check.certificateEnds(),
                check.config().smoothing().map(_ -> agent(check)));
    }

    private static Agent agent(CheckState check) {
        AgentWeight weight = check.agentWeight();
        return new Agent(weight.percent(), weight.mode().name().toLowerCase(Locale.ROOT), weight.up());
    }

    private static String target(CheckState check) {
        int url = check.probeKey().map(k -> k.url()).orElse(0);
        return CheckText.target(check.config().spec(), url);
    }

    /** Not in the past: a probe that is due is in progress. */
    private static Instant nextProbe(StatusInput in, long at) {
        return in.now().wall(Math.max(at - in.now().nanos(), 0) + in.now().nanos());
    }

    static Probe probe(StatusInput in, ProbeHistory.Entry entry) {
        ProbePhases phases = entry.phases();
        return new Probe(
                in.now().wall(entry.endedAt()),
                result(entry.result()),
                StatusTerms.reason(entry.result()),
                millis(entry.duration().toNanos()),
                phase(phases.connect()),
                phase(phases.tls()),
                phase(phases.firstByte()),
                phase(phases.response()),
                phases.status() == 0 ? OptionalLong.empty() : OptionalLong.of(phases.status()));
    }

    private static String result(ProbeResult result) {
        return switch (result) {
            case ProbeResult.Passed _ -> "passed";
            case ProbeResult.Failed _ -> "failed";
            case ProbeResult.Inconclusive _ -> "inconclusive";
        };
    }

    private static Optional<Double> phase(long nanos) {
        return nanos == ProbePhases.NONE ? Optional.empty() : Optional.of(millis(nanos));
    }

    /** With three decimals. */
    private static double millis(long nanos) {
        return Math.round(nanos / NANOS_PER_MICRO) / MICROS_PER_MILLI;
    }
}
