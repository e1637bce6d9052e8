package io.lvsd.ipvs;

import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsService;
import io.lvsd.ipvs.model.IpvsTimeouts;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.SyncDaemon;
import java.util.Optional;

/** One change to the table. Its text names the command and the key, as logs and error messages show it. */
public sealed interface IpvsCommand {
    /** The service that it is about; empty if it is about the table as a whole. */
    default Optional<ServiceKey> subject() {
        return switch (this) {
            case NewService(var service) -> Optional.of(service.key());
            case SetService(var service) -> Optional.of(service.key());
            case DelService(var key) -> Optional.of(key);
            case NewDest(var key, var _) -> Optional.of(key);
            case SetDest(var key, var _) -> Optional.of(key);
            case DelDest(var key, var _) -> Optional.of(key);
            case Zero(var key) -> Optional.of(key);
            case NewDaemon _, DelDaemon _, SetTimeouts _, ZeroAll _ -> Optional.empty();
        };
    }

    /** {@code IPVS_CMD_NEW_SERVICE}; EEXIST if it is there, ENOENT if the scheduler is unknown. */
    record NewService(IpvsService service) implements IpvsCommand {
        @Override
        public String toString() {
            return "NEW_SERVICE " + service.key() + " " + service.scheduler();
        }
    }

    /** {@code IPVS_CMD_SET_SERVICE}; ESRCH if it is not there. */
    record SetService(IpvsService service) implements IpvsCommand {
        @Override
        public String toString() {
            return "SET_SERVICE " + service.key() + " " + service.scheduler();
        }
    }

    /** {@code IPVS_CMD_DEL_SERVICE}, with its destinations; ESRCH if it is not there. */
    record DelService(ServiceKey key) implements IpvsCommand {
        @Override
        public String toString() {
            return "DEL_SERVICE " + key;
        }
    }

    /** {@code IPVS_CMD_NEW_DEST}; ESRCH without the service, EEXIST if it is there. */
    record NewDest(ServiceKey service, IpvsDestination destination) implements IpvsCommand {
        @Override
        public String toString() {
            return "NEW_DEST " + service + " -> " + destination.key() + " weight " + destination.weight();
        }
    }

    /** {@code IPVS_CMD_SET_DEST}; ESRCH without the service, ENOENT if it is not there. */
    record SetDest(ServiceKey service, IpvsDestination destination) implements IpvsCommand {
        @Override
        public String toString() {
            return "SET_DEST " + service + " -> " + destination.key() + " weight " + destination.weight();
        }
    }

    /** {@code IPVS_CMD_DEL_DEST}; ESRCH without the service, ENOENT if it is not there. */
    record DelDest(ServiceKey service, DestinationKey destination) implements IpvsCommand {
        @Override
        public String toString() {
            return "DEL_DEST " + service + " -> " + destination;
        }
    }

    /** {@code IPVS_CMD_NEW_DAEMON}; EEXIST if one of this role runs, ENODEV for an unknown interface. */
    record NewDaemon(SyncDaemon daemon) implements IpvsCommand {
        @Override
        public String toString() {
            return "NEW_DAEMON " + daemon.role() + " " + daemon.multicastInterface();
        }
    }

    /** {@code IPVS_CMD_DEL_DAEMON}; ESRCH if none of this role runs. */
    record DelDaemon(SyncDaemon daemon) implements IpvsCommand {
        @Override
        public String toString() {
            return "DEL_DAEMON " + daemon.role();
        }
    }

    /** {@code IPVS_CMD_SET_CONFIG}. */
    record SetTimeouts(IpvsTimeouts timeouts) implements IpvsCommand {
        @Override
        public String toString() {
            return "SET_CONFIG tcp " + timeouts.tcp() + " tcpfin " + timeouts.tcpFin() + " udp " + timeouts.udp();
        }
    }

    /** {@code IPVS_CMD_ZERO} of one service: its counters and those of its destinations. */
    record Zero(ServiceKey key) implements IpvsCommand {
        @Override
        public String toString() {
            return "ZERO " + key;
        }
    }

    /** {@code IPVS_CMD_ZERO} of everything. */
    record ZeroAll() implements IpvsCommand {
        @Override
        public String toString() {
            return "ZERO";
        }
    }
}
