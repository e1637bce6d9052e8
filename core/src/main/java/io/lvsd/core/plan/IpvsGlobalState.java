package io.lvsd.core.plan;

import io.lvsd.conf.model.KernelConfig;
import io.lvsd.conf.value.Repair;
import io.lvsd.conf.value.SyncDaemonConfig;
import io.lvsd.conf.value.Timeouts;
import io.lvsd.core.model.KernelJournal;
import io.lvsd.ipvs.IpvsCommand;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.model.IpvsTimeouts;
import io.lvsd.ipvs.model.SyncDaemon;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Global IPVS settings: connection timeouts, and the daemons that synchronise connections.
 *
 * @param timeouts as read, updated by acknowledged commands
 * @param daemons as read, updated likewise
 * @param made the timeouts that lvsd set last
 * @param journal what a stop restores
 */
public record IpvsGlobalState(
        IpvsTimeouts timeouts, List<SyncDaemon> daemons, Optional<IpvsTimeouts> made, KernelJournal journal) {
    public static final IpvsGlobalState EMPTY =
            new IpvsGlobalState(new IpvsTimeouts(0, 0, 0), List.of(), Optional.empty(), KernelJournal.NONE);

    public IpvsGlobalState {
        daemons = List.copyOf(daemons);
    }

    /** Commands, and what must be stored before they are sent. */
    public record GlobalPlan(List<IpvsCommand> adds, List<IpvsCommand> removals, KernelJournal journal) {
        public static final GlobalPlan NOTHING = new GlobalPlan(List.of(), List.of(), KernelJournal.NONE);
    }

    /** After a reading. */
    public IpvsGlobalState read(IpvsSnapshot snapshot) {
        return new IpvsGlobalState(snapshot.timeouts(), snapshot.daemons(), made, journal);
    }

    /** After a command was carried out. */
    public IpvsGlobalState after(IpvsCommand command) {
        return switch (command) {
            case IpvsCommand.SetTimeouts(var set) -> new IpvsGlobalState(set, daemons, Optional.of(set), journal);
            case IpvsCommand.NewDaemon(var daemon) ->
                new IpvsGlobalState(
                        timeouts,
                        Stream.concat(daemons.stream(), Stream.of(daemon)).toList(),
                        made,
                        journal);
            case IpvsCommand.DelDaemon(var daemon) ->
                new IpvsGlobalState(
                        timeouts,
                        daemons.stream().filter(d -> d.role() != daemon.role()).toList(),
                        made,
                        journal);
            case IpvsCommand.NewService _,
                    IpvsCommand.SetService _,
                    IpvsCommand.DelService _,
                    IpvsCommand.NewDest _,
                    IpvsCommand.SetDest _,
                    IpvsCommand.DelDest _,
                    IpvsCommand.Zero _,
                    IpvsCommand.ZeroAll _ -> this;
        };
    }

    public IpvsGlobalState with(KernelJournal noted) {
        return new IpvsGlobalState(timeouts, daemons, made, noted);
    }

    /** The commands that make the present settings the configured ones. */
    public GlobalPlan plan(KernelConfig config, Repair repair) {
        List<IpvsCommand> adds = new ArrayList<>();
        List<IpvsCommand> removals = new ArrayList<>();
        Optional<IpvsTimeouts> found = timeouts(config.timeouts(), repair, adds);
        boolean ours = daemons(config.syncDaemon(), repair, adds, removals);
        return new GlobalPlan(adds, removals, new KernelJournal(found, ours));
    }

    /** Returns the timeouts to restore later, if they are changed. */
    private Optional<IpvsTimeouts> timeouts(Optional<Timeouts> config, Repair repair, List<IpvsCommand> adds) {
        IpvsTimeouts found = journal.timeouts().orElse(timeouts);
        IpvsTimeouts wanted = config.map(c -> new IpvsTimeouts(
                        or(c.tcp(), found.tcp()), or(c.tcpFin(), found.tcpFin()), or(c.udp(), found.udp())))
                .orElse(found);
        boolean edited = made.filter(wanted::equals).isPresent() && repair != Repair.ON;
        if (!timeouts.equals(wanted) && !edited) {
            adds.add(new IpvsCommand.SetTimeouts(wanted));
        }
        return config.isPresent() || !adds.isEmpty() ? Optional.of(found) : Optional.empty();
    }

    private static long or(long configured, long found) {
        return configured == 0 ? found : configured;
    }

    /** Returns whether the daemons are ours. A daemon with other settings is stopped first and started in the next step. */
    private boolean daemons(
            Optional<SyncDaemonConfig> config, Repair repair, List<IpvsCommand> adds, List<IpvsCommand> removals) {
        for (SyncDaemon.Role role : SyncDaemon.Role.values()) {
            Optional<SyncDaemon> present =
                    daemons.stream().filter(d -> d.role() == role).findFirst();
            Optional<SyncDaemon> wanted = config.map(c -> daemon(role, c));
            boolean other = present.isPresent()
                    && (wanted.isPresent() ? !fits(present.get(), wanted.get()) : journal.daemons());
            if (other) {
                removals.add(new IpvsCommand.DelDaemon(present.get()));
            } else if (wanted.isPresent() && present.isEmpty() && !(repair == Repair.REPORT && journal.daemons())) {
                adds.add(new IpvsCommand.NewDaemon(wanted.get()));
            }
        }
        return config.isPresent() || !removals.isEmpty();
    }

    private static SyncDaemon daemon(SyncDaemon.Role role, SyncDaemonConfig c) {
        return new SyncDaemon(
                role, c.networkInterface(), c.id(), c.maxLength(), c.group().orElse(null), c.port(), c.ttl());
    }

    /** Values of 0 and absent groups leave the choice to the kernel. */
    private static boolean fits(SyncDaemon present, SyncDaemon wanted) {
        return present.multicastInterface().equals(wanted.multicastInterface())
                && present.syncId() == wanted.syncId()
                && (wanted.maxLength() == 0 || present.maxLength() == wanted.maxLength())
                && (wanted.port() == 0 || present.port() == wanted.port())
                && (wanted.ttl() == 0 || present.ttl() == wanted.ttl())
                && (wanted.group() == null || wanted.group().equals(present.group()));
    }
}
