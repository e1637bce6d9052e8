package io.lvsd.core.daemon;

import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.SnmpConfig;
import io.lvsd.conf.source.IoReason;
import io.lvsd.core.engine.DaemonEvent;
import io.lvsd.core.engine.DaemonEvent.Level;
import io.lvsd.core.engine.Notification;
import io.lvsd.snmp.SnmpSource;
import io.lvsd.snmp.agent.Ports;
import io.lvsd.snmp.mib.StateNotifications;
import io.lvsd.snmp.mib.StateNotifications.Counts;
import io.lvsd.snmp.mib.StateNotifications.QuorumStatus;
import io.lvsd.snmp.service.SnmpService;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** Connects SNMP with the daemon: configuration at start and reload, and changes of state as notifications. */
final class SnmpSetup implements AutoCloseable {
    private final SnmpService service;
    private final Optional<DryRun> dryRun;
    private final String host;
    private final Consumer<DaemonEvent> log;
    private volatile String routerId;

    /**
     * Makes the connection.
     *
     * @param dryRun of a daemon without effects: it has no subagent and sends nothing, and continues without a port that is in use
     */
    SnmpSetup(SnmpService service, Optional<DryRun> dryRun, String host, Consumer<DaemonEvent> log) {
        this.service = service;
        this.dryRun = dryRun;
        this.host = host;
        this.log = log;
        this.routerId = host;
    }

    /** Values of the MIBs, for other ways to serve them. */
    SnmpSource source() {
        return service.source();
    }

    /** What a configuration needs, opened; see {@link SnmpService.Prepared}. */
    final class Prepared {
        private final SnmpService.Prepared prepared;
        private final String nextRouterId;

        private Prepared(SnmpService.Prepared prepared, String nextRouterId) {
            this.prepared = prepared;
            this.nextRouterId = nextRouterId;
        }

        void commit() {
            routerId = nextRouterId;
            prepared.commit();
            prepared.added()
                    .forEach(port ->
                            log.accept(DaemonEvent.of(Level.INFO, "snmp.listening", "address", Ports.text(port))));
        }
    }

    /**
     * Opens what a configuration needs.
     *
     * @throws IOException if a port cannot be opened or a password cannot be used; the text names the remedy
     */
    Prepared prepare(DaemonConfig config) throws IOException {
        Optional<SnmpConfig> snmp = config.lvsd().snmp();
        String name = config.notices().routerId().orElse(host);
        try {
            return new Prepared(
                    service.prepare(dryRun.isPresent() ? snmp.map(SnmpConfig::withoutEffects) : snmp), name);
        } catch (IOException e) {
            if (dryRun.isEmpty()) {
                throw new IOException(IoReason.of(e) + remedy(e), e);
            }
            log.accept(DaemonEvent.of(
                    Level.WARN,
                    "snmp.not_opened",
                    "reason",
                    IoReason.of(e),
                    "effect",
                    "the dry run continues without it"));
            return new Prepared(service.prepare(Optional.empty()), name);
        }
    }

    private static String remedy(IOException e) {
        return e.getCause() instanceof java.net.BindException
                ? "; stop the program that uses the port ('ss -lnp' shows it), or change listen of snmp { } in the"
                        + " configuration"
                : "";
    }

    /** Sends a notification. Does not block; any thread. */
    void notify(Notification.StateChange change) {
        service.notify(
                switch (change) {
                    case Notification.RealServerState(var server, var real, boolean up, long alive, long total) ->
                        StateNotifications.realServer(server, real, up, new Counts(alive, total), routerId);
                    case Notification.QuorumState(var server, var what, long alive, long total) ->
                        StateNotifications.quorum(server, status(what), new Counts(alive, total), routerId);
                });
    }

    private static QuorumStatus status(Notification.QuorumChange change) {
        return switch (change) {
            case GAINED -> QuorumStatus.MET;
            case LOST -> QuorumStatus.NOT_MET;
            case SHUTDOWN -> QuorumStatus.SHUTDOWN;
        };
    }

    @Override
    public void close() {
        service.close();
    }
}
