package io.lvsd.core.daemon;

import io.lvsd.checkers.Probes;
import io.lvsd.checkers.passive.PassiveChecks;
import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.Prober;
import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.RepeatedSource;
import io.lvsd.conf.check.FileCheck;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.HttpConfig;
import io.lvsd.conf.model.MetricsConfig;
import io.lvsd.conf.model.SnmpConfig;
import io.lvsd.conf.model.VsId;
import io.lvsd.conf.value.Driver;
import io.lvsd.conf.value.MaintenanceConfig;
import io.lvsd.conf.value.StopMode;
import io.lvsd.core.api.EventRing;
import io.lvsd.core.api.HttpEndpoint;
import io.lvsd.core.engine.DaemonEvent;
import io.lvsd.core.engine.Engine;
import io.lvsd.core.engine.EngineState;
import io.lvsd.core.engine.Event;
import io.lvsd.core.engine.Notification;
import io.lvsd.core.engine.ReloadDryRun;
import io.lvsd.core.engine.StoredResults;
import io.lvsd.core.host.AddressWatch;
import io.lvsd.core.host.BootClock;
import io.lvsd.core.host.DescriptorBudget;
import io.lvsd.core.host.HeapTrim;
import io.lvsd.core.host.JdkFacilities;
import io.lvsd.core.host.LvsdVersion;
import io.lvsd.core.http.HttpLimits;
import io.lvsd.core.log.LogSetup;
import io.lvsd.core.loop.EngineLoop;
import io.lvsd.core.loop.EventBus;
import io.lvsd.core.loop.EventLog;
import io.lvsd.core.loop.HostMonitor;
import io.lvsd.core.loop.IpvsWriter;
import io.lvsd.core.loop.OwnSorryServer;
import io.lvsd.core.loop.SorryListeners;
import io.lvsd.core.loop.Telemetry;
import io.lvsd.core.metrics.Metrics;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.notify.DryRunReceivers;
import io.lvsd.core.notify.Notifications;
import io.lvsd.core.notify.Receivers;
import io.lvsd.core.operations.DaemonControl;
import io.lvsd.core.operations.MaintenanceOperation;
import io.lvsd.core.operations.Overrides;
import io.lvsd.core.operations.ReloadResult;
import io.lvsd.core.plan.HostFacts;
import io.lvsd.core.sorry.RemoteSorryServer;
import io.lvsd.core.sorry.SorryServerChoice;
import io.lvsd.core.store.Store;
import io.lvsd.core.store.StoreState;
import io.lvsd.core.view.DriverStatus;
import io.lvsd.core.view.Moment;
import io.lvsd.core.view.PlanReport;
import io.lvsd.core.view.StatusInput;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import io.lvsd.ipvs.netlink.NetlinkException;
import io.lvsd.snmp.SnmpSource;
import io.lvsd.snmp.mib.SystemMib;
import io.lvsd.snmp.service.SnmpService;
import io.lvsd.sorryserver.SorryServer;
import io.lvsd.sorryserver.SorryService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A running daemon: its parts, how they are connected, and its life from start to stop. */
public final class Daemon implements DaemonControl, AutoCloseable {
    private static final Duration START_DEADLINE = Duration.ofSeconds(4);

    private final TableDriver table;
    private final Optional<DryRun> dryRun;
    private final DescriptorBudget budget;
    private final Metrics metrics;
    private final EventBus bus;
    private final Receivers notifications;
    private final Probes probes;
    private final PassiveChecks passiveChecks;
    private final IpvsWriter writer;
    private final HostMonitor host;
    private final EngineLoop loop;
    private final ReloadTimer timer;
    private final ConfigConsumers consumers;
    private final ConfigStatus configStatus;
    private final ReloadService reloads;
    private final ExecutorService reloadThread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("reload").daemon().factory());
    private final EventRing events = new EventRing();
    private final Endpoints endpoints;
    private final Overrides overrides = new Overrides(this);
    private final MaintenanceOperation maintenance = new MaintenanceOperation(this);
    private final TableSnapshots tables;
    private final SnmpViews snmpViews;
    private final SnmpSetup snmp;
    private final StopDeadline stopDeadline = new StopDeadline();
    private @Nullable AddressWatch addresses;
    private @Nullable HeapTrim heapTrim;
    private @Nullable Health health;

    /**
     * Opens nothing yet. The sorry server is part of this process.
     *
     * @param config whose sorry pages are read
     * @throws IOException if a sorry page cannot be used, or if the JDK's own parts get no file descriptors
     */
    public Daemon(RepeatedSource source, DaemonConfig config, TableDriver table, Store store) throws IOException {
        this(source, config, table, store, Optional.empty());
    }

    /**
     * Opens nothing yet.
     *
     * @param config whose sorry pages are read
     * @param sorrySocket of the process of the sorry server, which is used if it runs
     * @throws IOException as above
     */
    public Daemon(
            RepeatedSource source, DaemonConfig config, TableDriver table, Store store, Optional<Path> sorrySocket)
            throws IOException {
        SorryPages.validate(config);
        this.table = table;
        this.dryRun = table.isDryRun() ? Optional.of(new DryRun()) : Optional.empty();
        this.budget = DescriptorBudget.ofThisProcess(table.driver() == Driver.EMBEDDED);
        JdkFacilities.initialise();
        this.host = new HostMonitor(new SorryListeners(sorryServer(sorrySocket)), table::ownListeners);
        this.notifications = dryRun.<Receivers>map(d -> new DryRunReceivers(d::withheld))
                .orElseGet(() -> new Notifications(hostName(), this::notifySnmp));
        this.metrics = new Metrics(this::statusIfStarted, hostName());
        metrics.add(notifications);
        metrics.addLostLogLines(() -> LogSetup.current().map(LogSetup::lost).orElse(0L));
        Telemetry telemetry = new DebugLog(metrics.telemetry());
        Consumer<DaemonEvent> log = EventLog::log;
        this.bus = new EventBus(log.andThen(events::add), notifications, telemetry);
        Consumer<DaemonEvent> counter = telemetry::published;
        LogSetup.listen(new LoggedEvents(counter.andThen(events::add)));
        this.probes = new Probes(Math.max(1, Runtime.getRuntime().availableProcessors()), bus::publish);
        this.passiveChecks = dryRun.isPresent() ? PassiveChecks.readOnly() : new PassiveChecks(probes::pausedSince);
        this.writer = new IpvsWriter(table.client(), store, table.namespace(), telemetry);
        Prober prober = dryRun.isPresent() ? DryRun.prober(probes) : probes;
        this.loop = new EngineLoop(writer, prober, passiveChecks, host, bus, telemetry);
        this.tables = new TableSnapshots(loop::state, writer::readNow, System::nanoTime);
        this.snmpViews = new SnmpViews(loop::state, tables, hostName(), System::nanoTime);
        this.snmp = new SnmpSetup(snmpService(), dryRun, hostName(), bus::publish);
        this.timer = reloadTimer();
        this.endpoints = new Endpoints(bus::publish, dryRun.isPresent());
        this.consumers = new ConfigConsumers(
                table, probes, notifications, timer, writer, host::pagesChanged, endpoints, this::configureMetrics);
        this.configStatus = new ConfigStatus(source.file().toString(), hostName());
        this.reloads = new ReloadService(
                source,
                table.driver(),
                table.isDryRun(),
                loop,
                this::state,
                this::services,
                consumers,
                snmp,
                configStatus,
                telemetry);
    }

    private SorryListeners.Server sorryServer(Optional<Path> socket) {
        if (dryRun.isPresent()) {
            return new OwnSorryServer(dryRun.get().sorryServer());
        }
        Supplier<SorryService> own = () -> SorryServer.create(budget.sorryLimits());
        return socket.<SorryListeners.Server>map(s -> new SorryServerChoice(new RemoteSorryServer(s), own))
                .orElseGet(() -> new OwnSorryServer(own.get()));
    }

    private void configureMetrics(MetricsConfig config) {
        metrics.configure(dryRun.map(d -> d.withoutPush(config)).orElse(config));
    }

    private ReloadTimer reloadTimer() {
        Clock clock = Clock.system(ZoneId.systemDefault());
        Runnable reload = this::reloadSoon;
        return dryRun.map(d -> new ReloadTimer(clock, reload, f -> d.withheld("would delete " + f)))
                .orElseGet(() -> new ReloadTimer(clock, reload));
    }

    /**
     * Reads the table, starts the engine with it, and opens the endpoints, which report nothing before the engine has started.
     * Call {@link #run} next.
     *
     * @param forced whether it may remove more real servers than {@code reload_guard} allows
     * @throws NetlinkException if the table cannot be read
     * @throws GuardedException if it would remove too many real servers
     * @throws IOException if the port for SNMP or HTTP cannot be opened
     */
    public void start(ConfigLoader.Loaded loaded, Store store, boolean forced) throws IOException {
        DaemonConfig config = loaded.config();
        reloads.started(loaded.problems());
        Event.Started started = started(config, store.state());
        Optional<ReloadDryRun> refused = forced ? Optional.empty() : ReloadDryRun.refused(started, System.nanoTime());
        if (refused.isPresent()) {
            ReloadDryRun dryRun = refused.get();
            throw new GuardedException(
                    dryRun.refusal() + ":\n" + String.join("\n", ReloadService.commands(dryRun.plan())) + "\n");
        }
        SnmpSetup.Prepared snmpReady = snmp.prepare(config);
        consumers.apply(config);
        snmpReady.commit();
        notifications.runAndWait(config.notices().startup());
        loop.post(started);
        host.start(loop::post);
        addresses = new AddressWatch(host::addressesChanged);
        stopDeadline.start(loop);
        heapTrim = HeapTrim.start();
        endpoints.open(config, this::httpEndpoint);
    }

    private void notifySnmp(Notification.StateChange change) {
        snmp.notify(change);
    }

    private SnmpService snmpService() {
        SystemMib.Identity identity = new SystemMib.Identity(LvsdVersion.text(), hostName());
        return new SnmpService(
                identity,
                new SnmpAccess(snmpViews, overrides),
                new SnmpEngines(writer),
                SnmpAccess::password,
                metrics.snmp());
    }

    private HttpEndpoint httpEndpoint(HttpConfig config) {
        Health source = new Health(loop, probes, config.listen().getFirst());
        health = source;
        HttpEndpoint.Sources sources =
                new HttpEndpoint.Sources(this::statusIfStarted, source, this, overrides, maintenance, events, metrics);
        return new HttpEndpoint(config, sources, HttpLimits.of(budget.http()));
    }

    /** Everything that the engine has to know at start: the table, this host, and what the store has of an earlier run. */
    private Event.Started started(DaemonConfig config, StoreState stored) {
        IpvsSnapshot found = table();
        HostFacts facts = host.read();
        if (dryRun.isEmpty()) {
            // It opens a listener on loopback for a moment.
            probes.warmUp();
        }
        BootClock boot = BootClock.now();
        return new Event.Started(
                config,
                found,
                new StoredResults(
                                stored.results(),
                                stored.quorums(),
                                stored.ageMillis(boot.id(), boot.uptimeMillis()),
                                boot.id(),
                                boot.uptimeMillis())
                        .trusted(config),
                passiveResults(config),
                stored.overrides(),
                stored.maintenance(),
                stored.owned(),
                stored.kernel(),
                stored.rows(LocalDate.now(ZoneOffset.UTC).toEpochDay()),
                facts,
                host.prepareNow(Engine.sorryBackends(config, facts)),
                table.isShadow(),
                Instant.now());
    }

    /** The values of tracked files, which checks have before anything is probed. */
    private Map<CheckId, ProbeResult> passiveResults(DaemonConfig config) {
        Map<CheckId, ProbeResult> results = new HashMap<>();
        Engine.checks(config).forEach((id, check) -> {
            if (check.spec() instanceof FileCheck file) {
                results.put(id, passiveChecks.initialResult(file));
            }
        });
        return results;
    }

    /** Runs the engine on this thread until it has stopped. */
    public void run() throws InterruptedException {
        loop.run();
        if (dryRun.isEmpty() && loop.state().config().lvsd().stop() == StopMode.REMOVE) {
            consumers.restore();
            host.stopServing();
        }
    }

    /** Requests an orderly stop. Any thread. */
    public void requestStop() {
        loop.post(new Event.StopRequested());
        stopDeadline.requested();
    }

    /** Reloads on SIGHUP, writes the state on SIGUSR1, stops on SIGTERM and SIGINT, and ignores the others. */
    public void handleSignals() {
        // Its thread is created by this one, which is in the network namespace of the daemon.
        reloadThread.execute(() -> {});
        Signals.handle("HUP", this::reloadSoon);
        Signals.handle("USR1", () -> reloadThread.execute(() -> StateDump.write(status())));
        Signals.handle("TERM", this::requestStop);
        Signals.handle("INT", this::requestStop);
        Signals.ignoreOthers();
    }

    private void reloadSoon() {
        reloadThread.execute(() -> reload(false));
    }

    @Override
    public ReloadResult reload(boolean forced) {
        return reloads.reload(forced);
    }

    @Override
    public PlanReport plan() {
        return reloads.plan();
    }

    @Override
    public PlanReport plan(String effective, List<String> errors) {
        return reloads.plan(effective, errors);
    }

    /** Overrides of real servers. */
    public Overrides overrides() {
        return overrides;
    }

    /** Planned maintenance. */
    public MaintenanceOperation maintenance() {
        return maintenance;
    }

    /** Values of the MIBs. */
    public SnmpSource snmp() {
        return snmp.source();
    }

    @Override
    public void override(RsRef server, RsOverride override, String user) {
        loop.post(new Event.Overridden(server, override, user));
    }

    @Override
    public void maintain(VsId server, Optional<MaintenanceConfig> settings, String user) {
        loop.post(new Event.MaintenanceRequested(server, settings, user));
    }

    // ---- what readers see

    @Override
    public StatusInput status() {
        return status(state());
    }

    private Optional<StatusInput> statusIfStarted() {
        return Optional.of(loop.state()).filter(EngineState::isStarted).map(this::status);
    }

    private StatusInput status(EngineState state) {
        return new StatusInput(
                state,
                this::counters,
                host::sorryCounters,
                driver(),
                loop.history(),
                loop.lateness(),
                configStatus.info(state.config()),
                Moment.now());
    }

    /** The table with recent counters. Blocks some 100 ms at most. */
    private IpvsSnapshot counters() {
        Duration interval =
                loop.state().config().lvsd().snmp().map(SnmpConfig::interval).orElse(SnmpConfig.INTERVAL);
        return tables.of(interval).join().table();
    }

    @Override
    public boolean await(Predicate<EngineState> condition, Duration timeout) throws InterruptedException {
        return loop.await(condition, timeout);
    }

    @Override
    public EngineState state() {
        try {
            boolean _ = loop.await(EngineState::isStarted, START_DEADLINE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return loop.state();
    }

    /** The driver in use. */
    public DriverStatus driver() {
        DriverStatus status = table.status();
        return dryRun.map(d -> status.with(d.status())).orElse(status);
    }

    @Override
    public IpvsSnapshot table() {
        return joined(writer.readNow());
    }

    private Map<ServiceKey, ServiceState> services(Collection<ServiceKey> keys) {
        return joined(writer.readNow(keys));
    }

    private static <T> T joined(CompletableFuture<T> reading) {
        try {
            return reading.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof NetlinkException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** The name of this host, as mail and events show it. */
    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return "localhost";
        }
    }

    @Override
    public void close() {
        endpoints.close();
        Health source = health;
        if (source != null) {
            source.close();
        }
        LogSetup.listen(_ -> {});
        metrics.close();
        AddressWatch watch = addresses;
        if (watch != null) {
            watch.close();
        }
        HeapTrim trim = heapTrim;
        if (trim != null) {
            trim.close();
        }
        timer.close();
        probes.close();
        passiveChecks.close();
        host.close();
        writer.close();
        notifications.runAndWait(loop.state().config().notices().shutdown());
        bus.close();
        snmp.close();
    }
}
