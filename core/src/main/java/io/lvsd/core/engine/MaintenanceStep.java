package io.lvsd.core.engine;

import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.conf.value.MaintenanceConfig;
import io.lvsd.core.model.Maintenance;
import io.lvsd.core.model.Maintenance.Source;
import io.lvsd.core.model.MaintenanceEntry;
import io.lvsd.core.model.MaintenanceEntry.State;
import io.lvsd.core.model.VsState;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pcollections.PMap;

/** Planned maintenance: begins and ends it by command, by configuration and with time. A command overrides the configuration. */
final class MaintenanceStep {
    private final StepBuilder step;
    private Instant time;
    private PMap<VsId, MaintenanceConfig> overridden;

    /** Why a maintenance ended. */
    enum End {
        COMMAND,
        TIME,
        CONFIGURATION
    }

    MaintenanceStep(StepBuilder step) {
        this.step = step;
        this.time = step.before.maintenance().time();
        this.overridden = step.before.maintenance().overridden();
    }

    MaintenanceState state() {
        return new MaintenanceState(time, overridden);
    }

    /** The wall clock now. */
    void at(Instant now) {
        time = now;
    }

    /** Whether an earlier run, or the configuration, has the sorry server in place of real servers that may be up. */
    static boolean mayReplace(VirtualServerConfig server, Event.Started event) {
        MaintenanceEntry entry = event.maintenance().get(server.id());
        return entry != null && entry.isOn()
                || server.maintenance()
                        .filter(block -> !isOver(block, event.time()))
                        .isPresent();
    }

    private static boolean isOver(MaintenanceConfig settings, Instant now) {
        return settings.until().isPresent() && !now.isBefore(settings.until().get());
    }

    // ---- start and reload

    /** Continues what an earlier run stored, as far as the configuration still has it. */
    void started(Event.Started event) {
        for (VirtualServerConfig server : event.config().virtualServers()) {
            started(server, event.maintenance().get(server.id()));
        }
        for (VsId id : event.maintenance().keySet()) {
            if (!step.health.servers().containsKey(id)) {
                step.effects.add(new Effect.SaveMaintenance(id, Optional.empty()));
            }
        }
    }

    private void started(VirtualServerConfig server, @Nullable MaintenanceEntry stored) {
        if (stored == null || !continues(server, stored)) {
            configured(server).ifPresent(settings -> {
                boolean known = stored != null && stored.state() == State.CONFIGURATION;
                Instant since = stored != null && known ? stored.since() : time;
                Maintenance next = Maintenance.of(settings, Source.CONFIGURATION, since);
                set(server.id(), Optional.of(next));
                step.log.maintenanceOn(server, next, known, "");
                save(server.id());
            });
        }
    }

    /** Evaluates what an earlier run stored; true if a maintenance by command continues. */
    private boolean continues(VirtualServerConfig server, MaintenanceEntry stored) {
        switch (stored.state()) {
            case COMMAND -> {
                Maintenance known = Maintenance.of(stored.settings(), Source.COMMAND, stored.since());
                if (server.sorry().isPresent() && !known.isOver(time)) {
                    set(server.id(), Optional.of(known));
                    step.log.maintenanceOn(server, known, true, "");
                    return true;
                }
                override(server);
                ended(server, known, known.isOver(time) ? End.TIME : End.CONFIGURATION, "");
            }
            case CONFIGURATION -> {
                Maintenance known = Maintenance.of(stored.settings(), Source.CONFIGURATION, stored.since());
                if (configured(server).isEmpty()) {
                    ended(server, known, known.isOver(time) ? End.TIME : End.CONFIGURATION, "");
                }
            }
            case OVERRIDDEN -> {
                if (server.maintenance().filter(stored.settings()::equals).isPresent()) {
                    overridden = overridden.plus(server.id(), stored.settings());
                } else {
                    save(server.id());
                }
            }
        }
        return false;
    }

    /** The block of the configuration, if it is in effect. */
    private Optional<MaintenanceConfig> configured(VirtualServerConfig server) {
        return server.maintenance().filter(block -> !isOver(block, time) && !block.equals(overridden.get(server.id())));
    }

    /** A reload added or changed a virtual server. A maintenance by command continues as long as there is a sorry server. */
    void reloaded(VirtualServerConfig server) {
        VsId id = server.id();
        MaintenanceConfig former = overridden.get(id);
        if (former != null && server.maintenance().filter(former::equals).isEmpty()) {
            overridden = overridden.minus(id);
            save(id);
        }
        Optional<Maintenance> was = step.health.get(id).maintenance();
        if (was.isPresent() && was.get().source() == Source.COMMAND) {
            if (server.sorry().isEmpty()) {
                end(server, was.get(), End.CONFIGURATION, "");
            }
            return;
        }
        Optional<MaintenanceConfig> next = configured(server);
        if (next.equals(was.map(Maintenance::settings))) {
            return;
        }
        if (next.isPresent()) {
            begin(
                    server,
                    Maintenance.of(
                            next.get(),
                            Source.CONFIGURATION,
                            was.map(Maintenance::since).orElse(time)),
                    "");
        } else {
            end(server, was.orElseThrow(), End.CONFIGURATION, "");
        }
    }

    /** Forgets virtual servers that are gone. */
    void forget(Collection<VsState> former) {
        for (VsState server : former) {
            VsId id = server.config().id();
            if (step.health.servers().containsKey(id)) {
                continue;
            }
            if (server.maintenance().isPresent()) {
                ended(server.config(), server.maintenance().get(), End.CONFIGURATION, "");
            } else if (overridden.containsKey(id)) {
                overridden = overridden.minus(id);
                save(id);
            }
        }
    }

    // ---- commands and time

    void requested(Event.MaintenanceRequested event) {
        VsState server = step.health.servers().get(event.server());
        if (server == null || server.config().sorry().isEmpty()) {
            return;
        }
        VirtualServerConfig config = server.config();
        Optional<Maintenance> was = server.maintenance();
        if (event.settings().isPresent()) {
            overridden = overridden.minus(config.id());
            begin(
                    config,
                    Maintenance.of(
                            event.settings().get(),
                            Source.COMMAND,
                            was.map(Maintenance::since).orElse(time)),
                    event.user());
            step.health.evaluate(config.id());
        } else if (was.isPresent()) {
            override(config);
            end(config, was.get(), End.COMMAND, event.user());
            step.health.evaluate(config.id());
        }
    }

    /** Ends the maintenance of a virtual server if its time has come. */
    void advance(VsState server) {
        Optional<Maintenance> over = server.maintenance().filter(m -> m.isOver(time));
        if (over.isPresent()) {
            if (over.get().source() == Source.COMMAND) {
                override(server.config());
            }
            end(server.config(), over.get(), End.TIME, "");
            step.health.evaluate(server.config().id());
        }
    }

    /** The block of the configuration has no effect until it changes. */
    private void override(VirtualServerConfig server) {
        server.maintenance()
                .filter(block -> !isOver(block, time))
                .ifPresent(block -> overridden = overridden.plus(server.id(), block));
    }

    private void begin(VirtualServerConfig server, Maintenance maintenance, String user) {
        set(server.id(), Optional.of(maintenance));
        step.log.maintenanceOn(server, maintenance, false, user);
        save(server.id());
    }

    private void end(VirtualServerConfig server, Maintenance maintenance, End reason, String user) {
        set(server.id(), Optional.empty());
        ended(server, maintenance, reason, user);
    }

    private void ended(VirtualServerConfig server, Maintenance maintenance, End reason, String user) {
        step.log.maintenanceOff(server, maintenance, reason, time, user);
        save(server.id());
    }

    private void set(VsId id, Optional<Maintenance> maintenance) {
        step.health.maintain(id, maintenance);
    }

    /** Stores what a later run must know. */
    private void save(VsId id) {
        Optional<MaintenanceEntry> entry = Optional.ofNullable(
                        step.health.servers().get(id))
                .flatMap(VsState::maintenance)
                .map(MaintenanceEntry::of)
                .or(() -> Optional.ofNullable(overridden.get(id))
                        .map(block -> new MaintenanceEntry(State.OVERRIDDEN, block, time)));
        step.effects.add(new Effect.SaveMaintenance(id, entry));
    }
}
