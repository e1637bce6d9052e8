package io.lvsd.core.daemon;

import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.SnmpConfig;
import io.lvsd.conf.model.VirtualServerConfig;
import io.lvsd.core.daemon.TableSnapshots.Reading;
import io.lvsd.core.engine.EngineState;
import io.lvsd.core.host.LvsdVersion;
import io.lvsd.core.model.CheckState;
import io.lvsd.core.model.RsState;
import io.lvsd.core.model.VsState;
import io.lvsd.core.plan.DesiredState;
import io.lvsd.core.plan.RowNumbers;
import io.lvsd.core.plan.Translation;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.model.DestinationKey;
import io.lvsd.ipvs.model.DestinationState;
import io.lvsd.ipvs.model.IpvsDestination;
import io.lvsd.ipvs.model.IpvsStats;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import io.lvsd.snmp.mib.ServerViews;
import io.lvsd.snmp.mib.ServerViews.Load;
import io.lvsd.snmp.mib.ServerViews.RealServer;
import io.lvsd.snmp.mib.ServerViews.VirtualServer;
import io.lvsd.snmp.mib.SnmpView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What SNMP shows: the table, the configuration and the states of one moment. A view is made when a request needs it, and is the same
 * object until its table has reached its maximum age, or the configuration is another one. Thread-safe.
 */
final class SnmpViews {
    /** A view and its tree are made neither on the thread of the kernel nor on that of an agent's sockets. */
    private static final Executor WORKER =
            task -> Thread.ofVirtual().name("snmp-view").start(task);

    private final Supplier<EngineState> engine;
    private final TableSnapshots tables;
    private final String host;
    private final LongSupplier clock;

    // guarded by this
    private @Nullable SnmpView last;
    private @Nullable DaemonConfig lastConfig;
    /** When the table of the last view was read, in nanoseconds of the clock. */
    private long lastAt;
    /** Counts the changes that a view must show if it was requested after them. */
    private long generation;

    SnmpViews(Supplier<EngineState> engine, TableSnapshots tables, String host, LongSupplier clock) {
        this.engine = engine;
        this.tables = tables;
        this.host = host;
        this.clock = clock;
    }

    /** The present view; empty before the engine has started. */
    CompletableFuture<Optional<SnmpView>> view() {
        long begun = generation();
        EngineState state = engine.get();
        if (!state.isStarted()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        long interval = state.config()
                .lvsd()
                .snmp()
                .map(SnmpConfig::interval)
                .orElse(SnmpConfig.INTERVAL)
                .toNanos();
        Optional<SnmpView> recent = recent(state, interval);
        return recent.isPresent()
                ? CompletableFuture.completedFuture(recent)
                : tables.of(Duration.ofNanos(interval))
                        .thenApplyAsync(reading -> Optional.of(make(state, reading, begun)), WORKER);
    }

    @SuppressWarnings("ReferenceEquality") // a changed state is another object
    private synchronized Optional<SnmpView> recent(EngineState state, long interval) {
        boolean valid = last != null && lastConfig == state.config() && clock.getAsLong() - lastAt <= interval;
        return valid ? Optional.ofNullable(last) : Optional.empty();
    }

    private synchronized long generation() {
        return generation;
    }

    /** @param begun the generation before the state was taken */
    private synchronized SnmpView make(EngineState state, Reading reading, long begun) {
        RowNumbers rows = state.rows();
        IpvsSnapshot table = reading.table();
        SnmpView view = new SnmpView(
                table.without(Translation::isPath),
                rows.table().rows(),
                rows.table().members(),
                () -> servers(state, table));
        if (generation == begun) {
            last = view;
            lastConfig = state.config();
            lastAt = reading.at();
        }
        return view;
    }

    /** Forgets the present view, and those that are being made, so that the next request sees a change. */
    synchronized void refresh() {
        generation++;
        last = null;
    }

    private ServerViews servers(EngineState state, IpvsSnapshot table) {
        List<VirtualServer> servers = new ArrayList<>();
        for (VirtualServerConfig config : state.config().virtualServers()) {
            int number = state.rows().servers().of(config.id());
            state.server(config.id())
                    .filter(_ -> number > 0)
                    .ifPresent(vs -> servers.add(new Builder(state, table).virtualServer(number, vs)));
        }
        return new ServerViews(
                LvsdVersion.text(),
                state.config().notices().routerId().orElse(host),
                state.config().groups(),
                servers,
                state.config().kernel());
    }

    /** Makes the view of one virtual server. */
    private record Builder(EngineState state, IpvsSnapshot table) {
        VirtualServer virtualServer(int number, VsState vs) {
            VirtualServerConfig config = vs.config();
            List<ServiceState> services = new ArrayList<>();
            List<ServiceKey> keys = Translation.keys(config);
            keys.forEach(key -> Optional.ofNullable(table.services().get(key)).ifPresent(services::add));
            List<RealServer> reals = new ArrayList<>();
            for (RsState rs : vs.realServers()) {
                if (!rs.isRetained()) {
                    int row = row(config, rs.config().id().toString());
                    reals.add(realServer(row, rs, load(services, key -> DesiredState.key(key, rs.config()))));
                }
            }
            config.sorry().ifPresent(_ -> reals.add(sorry(vs, services)));
            return new VirtualServer(
                    number,
                    config,
                    services.size() == keys.size(),
                    vs.quorumUp(),
                    reals,
                    sum(services.stream().map(ServiceState::stats).toList()));
        }

        private int row(VirtualServerConfig config, String member) {
            return state.rows().servers().of(config.id(), member);
        }

        private static RealServer realServer(int row, RsState rs, Load load) {
            int failed = 0;
            int notRun = 0;
            for (CheckState check : rs.checks()) {
                failed += check.up() ? 0 : 1;
                notRun += check.health().hasRun() ? 0 : 1;
            }
            return new RealServer(row, Optional.of(rs.config()), rs.alive(), rs.weight(), failed, notRun, load);
        }

        private RealServer sorry(VsState vs, List<ServiceState> services) {
            Map<ServiceKey, IpvsDestination> usable = state.sorry().destinations(vs.config());
            Load load = load(
                    services,
                    key -> Optional.ofNullable(usable.get(key))
                            .map(IpvsDestination::key)
                            .orElse(null));
            int row = row(vs.config(), RowNumbers.SORRY);
            return new RealServer(
                    row, Optional.empty(), !state.sorry().inUse(vs).isEmpty(), 0, 0, 0, load);
        }

        /** Sums over the destinations of a real server in all services. */
        private static Load load(List<ServiceState> services, Function<ServiceKey, @Nullable DestinationKey> key) {
            Load only = Load.NONE;
            List<DestinationState> found = new ArrayList<>(1);
            for (ServiceState service : services) {
                DestinationKey at = key.apply(service.config().key());
                DestinationState destination =
                        at == null ? null : service.destinations().get(at);
                if (destination != null) {
                    found.add(destination);
                }
            }
            if (found.isEmpty()) {
                return only;
            }
            return new Load(
                    found.stream().mapToLong(DestinationState::active).sum(),
                    found.stream().mapToLong(DestinationState::inactive).sum(),
                    found.stream().mapToLong(DestinationState::persistent).sum(),
                    sum(found.stream().map(DestinationState::stats).toList()));
        }

        private static IpvsStats sum(List<IpvsStats> stats) {
            return stats.stream().filter(Objects::nonNull).reduce(Builder::plus).orElse(IpvsStats.ZERO);
        }

        private static IpvsStats plus(IpvsStats a, IpvsStats b) {
            return new IpvsStats(
                    a.connections() + b.connections(),
                    a.inPackets() + b.inPackets(),
                    a.outPackets() + b.outPackets(),
                    a.inBytes() + b.inBytes(),
                    a.outBytes() + b.outBytes(),
                    a.connectionRate() + b.connectionRate(),
                    a.inPacketRate() + b.inPacketRate(),
                    a.outPacketRate() + b.outPacketRate(),
                    a.inByteRate() + b.inByteRate(),
                    a.outByteRate() + b.outByteRate());
        }
    }
}
