package io.lvsd.core.engine;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.core.model.KernelJournal;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.plan.HostFacts;
import io.lvsd.core.plan.Plan;
import io.lvsd.core.plan.RowNumbers;
import io.lvsd.core.plan.SorryRoutes.Need;
import io.lvsd.ipvs.ApplyResult;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.model.ServiceKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the outside tells the engine. */
public sealed interface Event {
    /**
     * The daemon starts.
     *
     * @param trusted verdicts of an earlier life that are young enough
     * @param known what checks say that need no probe
     * @param overrides what operators said in an earlier life
     * @param owned services that an earlier life made
     * @param kernel what an earlier life changed of the table as a whole
     * @param sorryChecks as {@link SorryChecked} would tell
     */
    record Started(
            DaemonConfig config,
            IpvsSnapshot table,
            Map<CheckId, Boolean> trusted,
            Map<CheckId, ProbeResult> known,
            Map<RsRef, RsOverride> overrides,
            Set<ServiceKey> owned,
            KernelJournal kernel,
            RowNumbers rows,
            HostFacts host,
            Map<Need, String> sorryChecks)
            implements Event {}

    /** Another configuration takes over. */
    record Reloaded(DaemonConfig config) implements Event {}

    /**
     * A probe has ended, or a check that nobody asks has spoken up.
     *
     * @param at monotonic nanoseconds: from then on the delay until the next probe counts, whenever the engine hears of it
     */
    record ProbeFinished(CheckId check, ProbeReport report, long at) implements Event {
        public ProbeFinished(CheckId check, ProbeResult outcome, long at) {
            this(check, new ProbeReport(outcome, Duration.ZERO), at);
        }
    }

    /** Several probes have ended, in this order: one step, and at most one plan, for all of them. */
    record ProbesFinished(List<ProbeFinished> all) implements Event {
        public ProbesFinished {
            all = List.copyOf(all);
        }
    }

    /** An operator said something about a real server. */
    record Overridden(RsRef server, RsOverride override) implements Event {}

    /** The table was read; {@code nanos} is how long that took. */
    record KernelRead(IpvsSnapshot table, long nanos) implements Event {}

    /** Reading or writing failed as a whole: what was carried out is unknown. */
    record KernelFailed(String reason) implements Event {}

    /** Commands that were sent, each with what became of it; those of the plan that are missing here were withheld. */
    record Applied(Plan plan, List<Result> results) implements Event {}

    /** One command and what became of it. */
    record Result(IpvsCommand command, ApplyResult result) {}

    /** Addresses or listeners of this host changed. */
    record HostChanged(HostFacts host) implements Event {}

    /**
     * What a local sorry server needs was set up and tried.
     *
     * @param failures empty text: it answers
     */
    record SorryChecked(Map<Need, String> failures) implements Event {}

    /** Time has passed. */
    record Tick() implements Event {}

    /** An orderly stop was asked for. */
    record StopRequested() implements Event {}
}
