package io.lvsd.core.engine;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeKey;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.conf.check.CheckSpec;
import io.lvsd.conf.model.VsId;
import io.lvsd.core.model.KernelJournal;
import io.lvsd.core.model.MaintenanceEntry;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.plan.Plan;
import io.lvsd.core.plan.RowNumbers;
import io.lvsd.core.plan.SorryBackend;
import io.lvsd.ipvs.model.ServiceKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** What the engine wants done. The shell carries out effects in their order and decides nothing. */
public sealed interface Effect {
    /** Read the table or a part of it; answered by KernelRead or KernelFailed. */
    record ReadTable(ReadScope scope) implements Effect {}

    /** Send a plan's commands; answered by Applied or KernelFailed. */
    record Apply(Plan plan) implements Effect {}

    /** Probe a check for the first time, soon. */
    record FirstProbe(CheckId check, ProbeKey key, Optional<InetAddress> host, Duration warmup) implements Effect {}

    /**
     * Probe a check again after a delay.
     *
     * @param since monotonic nanoseconds: when the delay began
     * @param routine the result that will not change the check, if any
     */
    record NextProbe(CheckId check, ProbeKey key, long since, Duration delay, Optional<ProbeResult> routine)
            implements Effect {}

    /** Probe a check now instead of at its scheduled time. */
    record Hurry(CheckId check) implements Effect {}

    /** Activate a passive check, which reports by itself. */
    record Watch(CheckId check, CheckSpec spec) implements Effect {}

    /** Deactivate a check and forget its state. */
    record ForgetCheck(CheckId check) implements Effect {}

    /** Deactivate a check; its state stays. */
    record SuspendCheck(CheckId check) implements Effect {}

    /** Store the timeouts and sync daemons that a stop restores, before they are changed. */
    record SaveKernel(KernelJournal journal) implements Effect {}

    /** Open and test exactly these backends; answered by SorryChecked. */
    record PrepareSorry(Set<SorryBackend> backends) implements Effect {}

    /**
     * Clients of a service are directed to the sorry server from now on, or not any more.
     *
     * @param listeners of the built-in sorry server that serve it; empty: none, as it is not in use or serves elsewhere
     */
    record UseSorry(ServiceKey service, Set<InetSocketAddress> listeners) implements Effect {}

    /**
     * Store the state of a check.
     *
     * @param reason why it is down, as in the log; empty if it is up
     * @param at when the state began, in monotonic nanoseconds
     */
    record SaveResult(CheckId check, boolean up, String reason, long at) implements Effect {}

    /**
     * Store the state of the quorum of a virtual server.
     *
     * @param at when the state began, in monotonic nanoseconds
     */
    record SaveQuorum(VsId server, boolean up, long at) implements Effect {}

    /** A virtual server is no longer configured: delete the stored state of its quorum. */
    record ForgetQuorum(VsId server) implements Effect {}

    /** Store an override; {@code NONE} deletes it. */
    record SaveOverride(RsRef server, RsOverride override) implements Effect {}

    /** Store what a later run must know of the maintenance of a virtual server; empty: nothing. */
    record SaveMaintenance(VsId server, Optional<MaintenanceEntry> entry) implements Effect {}

    /** Store that services are ours, before the first command for them is sent. */
    record Own(Set<ServiceKey> services) implements Effect {}

    /** Services are gone and no longer ours. */
    record Disown(Set<ServiceKey> services) implements Effect {}

    /** Store row numbers; the day on which those that are stored already were used stays. */
    record SaveRows(RowNumbers rows) implements Effect {}

    /**
     * Store that rows are in use, and delete those that were not used for 90 days.
     *
     * @param used all that are in use
     * @param day days since 1970-01-01 in UTC
     */
    record SaveUse(RowNumbers used, long day) implements Effect {}

    /** Publish an event: to the log and to all receivers. */
    record Publish(DaemonEvent event) implements Effect {}

    /** Send a notification: run a script, write to the FIFOs, or send mail. */
    record Deliver(Notification notification) implements Effect {}

    /** Everything that a stop should do has been done. */
    record Exit() implements Effect {}
}
