package io.lvsd.core.engine;

import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeKey;
import io.lvsd.conf.check.CheckSpec;
import io.lvsd.core.model.KernelJournal;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.plan.Plan;
import io.lvsd.core.plan.RowNumbers;
import io.lvsd.core.plan.SorryRoutes.Need;
import io.lvsd.ipvs.model.ServiceKey;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** What the engine wants done. The shell carries effects out in their order and decides nothing. */
public sealed interface Effect {
    /** Read the table; answered by KernelRead or KernelFailed. */
    record ReadTable() implements Effect {}

    /** Send a plan's commands; answered by Applied or KernelFailed. */
    record Apply(Plan plan) implements Effect {}

    /** Probe a check for the first time, soon. */
    record FirstProbe(CheckId check, ProbeKey key, Optional<InetAddress> host, Duration warmup) implements Effect {}

    /**
     * Probe a check again after a delay.
     *
     * @param since monotonic nanoseconds: when the delay began
     */
    record NextProbe(CheckId check, ProbeKey key, long since, Duration delay) implements Effect {}

    /** Probe a check that waits for its time now. */
    record Hurry(CheckId check) implements Effect {}

    /** Listen to a check that speaks up by itself. */
    record Watch(CheckId check, CheckSpec spec) implements Effect {}

    /** Probe a check, or listen to it, no more. */
    record ForgetCheck(CheckId check) implements Effect {}

    /** Probe a check, or listen to it, not now; its verdict stays. */
    record SuspendCheck(CheckId check) implements Effect {}

    /** Remember what is to be put back of the table as a whole, before it is changed. */
    record SaveKernel(KernelJournal journal) implements Effect {}

    /** Have all of these, and nothing else, set up and tried; answered by SorryChecked. */
    record PrepareSorry(Set<Need> needs) implements Effect {}

    /** Remember a verdict. */
    record SaveVerdict(CheckId check, boolean up) implements Effect {}

    /** Remember what an operator said; {@code NONE}: forget it. */
    record SaveOverride(RsRef server, RsOverride override) implements Effect {}

    /** Remember that services are ours, before the first command for them is sent. */
    record Own(Set<ServiceKey> services) implements Effect {}

    /** Services are gone and no longer ours. */
    record Disown(Set<ServiceKey> services) implements Effect {}

    /** Remember row numbers. */
    record SaveRows(RowNumbers rows) implements Effect {}

    /** Tell everybody who wants to know. */
    record Publish(DaemonEvent transition) implements Effect {}

    /** Hand something to somebody outside. */
    record Deliver(Notification delivery) implements Effect {}

    /** Everything that a stop should do has been done. */
    record Exit() implements Effect {}
}
