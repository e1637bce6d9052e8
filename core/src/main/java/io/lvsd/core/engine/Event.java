package io.lvsd.core.engine;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeReport;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.conf.value.MaintenanceConfig;
import io.lvsd.core.model.KernelJournal;
import io.lvsd.core.model.MaintenanceEntry;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.plan.HostFacts;
import io.lvsd.core.plan.Plan;
import io.lvsd.core.plan.RowNumbers;
import io.lvsd.core.plan.SorryBackend;
import io.lvsd.ipvs.ApplyResult;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.model.ServiceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What happens outside the engine. */
public sealed interface Event {
    /**
     * The daemon starts.
     *
     * @param trusted states of checks and quorums that an earlier run stored and that are recent enough
     * @param known results of passive checks, which need no probe
     * @param overrides overrides of an earlier run
     * @param maintenance what an earlier run stored
     * @param owned services that an earlier run programmed
     * @param kernel timeouts and sync daemons that an earlier run changed
     * @param sorryChecks as in {@link SorryChecked}
     * @param shadow whether another program maintains the table, which is then only read
     * @param time the wall clock
     */
    record Started(
            DaemonConfig config,
            IpvsSnapshot table,
            StoredResults.Trusted trusted,
            Map<CheckId, ProbeResult> known,
            Map<RsRef, RsOverride> overrides,
            Map<VsId, MaintenanceEntry> maintenance,
            Set<ServiceKey> owned,
            KernelJournal kernel,
            RowNumbers rows,
            HostFacts host,
            Map<SorryBackend, String> sorryChecks,
            boolean shadow,
            Instant time)
            implements Event {}

    /** Another configuration takes effect. */
    record Reloaded(DaemonConfig config) implements Event {}

    /**
     * A probe has ended, or a passive check has reported.
     *
     * @param at monotonic nanoseconds; the delay until the next probe begins then, even if the engine handles the event later
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

    /**
     * An operator overrides a real server.
     *
     * @param user the user that requested it, for the log: a name, or {@code api:TOKEN}
     */
    record Overridden(RsRef server, RsOverride override, String user) implements Event {}

    /**
     * An operator begins, changes or ends the maintenance of a virtual server.
     *
     * @param settings empty: it ends
     * @param user as in {@link Overridden}
     */
    record MaintenanceRequested(VsId server, Optional<MaintenanceConfig> settings, String user) implements Event {}

    /**
     * The table or a part of it was read.
     *
     * @param table services of this part as they are now, all others as they were read last; timeouts and sync daemons as they
     *     are now
     * @param part the services that were read or were found to be missing; empty: all
     * @param completes whether every service was read since the previous part with this property
     * @param cpuNanos the CPU time that this took
     */
    record KernelRead(IpvsSnapshot table, Optional<Set<ServiceKey>> part, boolean completes, long cpuNanos)
            implements Event {
        public KernelRead {
            part = part.map(Set::copyOf);
        }

        /** The whole table was read. */
        public KernelRead(IpvsSnapshot table, long cpuNanos) {
            this(table, Optional.empty(), true, cpuNanos);
        }

        /** Whether a service was read or was found to be missing. */
        boolean includes(ServiceKey key) {
            return part.isEmpty() || part.get().contains(key);
        }
    }

    /** Reading or writing failed as a whole: it is unknown which commands were carried out. */
    record KernelFailed(String reason) implements Event {}

    /** Commands that were sent, each with its result; commands of the plan that are missing here were withheld. */
    record Applied(Plan plan, List<Result> results) implements Event {}

    /** One command and its result. */
    record Result(IpvsCommand command, ApplyResult result) {}

    /** Addresses or listeners of this host changed. */
    record HostChanged(HostFacts host) implements Event {}

    /**
     * The backends of sorry servers were opened and tested.
     *
     * @param failures the reason why a backend does not serve; empty if it does
     */
    record SorryChecked(Map<SorryBackend, String> failures) implements Event {}

    /**
     * Time has passed.
     *
     * @param time the wall clock
     */
    record Tick(Instant time) implements Event {}

    /**
     * A day began in UTC, or the daemon has started.
     *
     * @param day days since 1970-01-01
     * @param expired row numbers that were not stored as used for 90 days; some of them may be in use again
     */
    record DayBegan(long day, RowNumbers expired) implements Event {}

    /** An orderly stop was requested. */
    record StopRequested() implements Event {}
}
