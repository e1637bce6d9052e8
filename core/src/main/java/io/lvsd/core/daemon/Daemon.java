package io.lvsd.core.daemon;

import io.lvsd.checkers.Probes;
import io.lvsd.checkers.passive.PassiveChecks;
import io.lvsd.checkers.probe.CheckId;
import io.lvsd.checkers.probe.ProbeResult;
import io.lvsd.checkers.probe.Prober;
import io.lvsd.checkers.schedule.Lateness;
import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.RepeatedSource;
import io.lvsd.conf.check.FileCheck;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.model.LvsdConfig.HttpConfig;
import io.lvsd.conf.model.LvsdConfig.SnmpConfig;
import io.lvsd.conf.model.LvsdConfig.SorryPageConfig;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.conf.source.IoReason;
import io.lvsd.conf.source.ProblemChanges;
import io.lvsd.conf.value.Driver;
import io.lvsd.conf.value.StopMode;
import io.lvsd.core.daemon.Daemon.ReloadResult.Outcome;
import io.lvsd.core.engine.DaemonEvent;
import io.lvsd.core.engine.Engine;
import io.lvsd.core.engine.EngineState;
import io.lvsd.core.engine.Event;
import io.lvsd.core.engine.ReloadDryRun;
import io.lvsd.core.host.AddressWatch;
import io.lvsd.core.host.BootClock;
import io.lvsd.core.host.DescriptorBudget;
import io.lvsd.core.host.JdkFacilities;
import io.lvsd.core.host.ScriptValidation;
import io.lvsd.core.host.Sysctls;
import io.lvsd.core.http.StatusEndpoint;
import io.lvsd.core.loop.EngineLoop;
import io.lvsd.core.loop.EventBus;
import io.lvsd.core.loop.IpvsWriter;
import io.lvsd.core.loop.SorryListeners;
import io.lvsd.core.model.RsOverride;
import io.lvsd.core.model.RsRef;
import io.lvsd.core.notify.DryRunReceivers;
import io.lvsd.core.notify.Notifications;
import io.lvsd.core.notify.Receivers;
import io.lvsd.core.plan.DriverCompatibility;
import io.lvsd.core.plan.HostFacts;
import io.lvsd.core.plan.Plan;
import io.lvsd.core.plan.Translation;
import io.lvsd.core.store.Store;
import io.lvsd.core.view.DriverStatus;
import io.lvsd.core.view.TableFormat;
import io.lvsd.ipvs.IpvsSnapshot;
import io.lvsd.ipvs.netlink.NetlinkException;
import io.lvsd.snmp.LvsView;
import io.lvsd.snmp.SnmpAgent;
import io.lvsd.sorryserver.SorryPage;
import io.lvsd.sorryserver.SorryServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running daemon: the parts, how they are put together, and loading its configuration anew. */
public final class Daemon implements AutoCloseable {
    /** Errors that the answer to a plan names. */
    private static final int MAX_REASONS = 10;

    private static final Logger LOG = LoggerFactory.getLogger("lvsd");
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(30);
    private static final Duration START_DEADLINE = Duration.ofSeconds(4);
    private static final Duration RELOAD_DEADLINE = Duration.ofSeconds(30);
    private static final long MIN_TRUST_MILLIS = 30_000;

    private final RepeatedSource source;
    private final TableDriver table;
    private final AtomicReference<SorryPage> page;
    private final DescriptorBudget budget;
    private final SorryListeners keeper;
    private final PassiveChecks watches;
    private final Optional<DryRun> dryRun;
    private final Receivers notifications;
    private final EventBus bus;
    private final Probes prober;
    private final IpvsWriter writer;
    private final EngineLoop loop;
    private final ExecutorService reloads = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("reload").daemon().factory());
    private final ReloadTimer timer;
    private final Sysctls sysctls = new Sysctls(Path.of("/proc/sys"));
    private @Nullable AddressWatch addresses;
    private @Nullable SnmpAgent snmp;
    private @Nullable StatusEndpoint http;
    private final CountDownLatch stopRequested = new CountDownLatch(1);
    private volatile List<ConfigProblem> knownProblems = List.of();

    /**
     * What a reload came to.
     *
     * @param problems the new ones in full, and the number of those that the running configuration has too
     */
    public record ReloadResult(Outcome outcome, String problems, String text) {
        /** Whether it was carried out, and if not, why not. */
        public enum Outcome {
            DONE,
            /** The file cannot be used, or has new errors. */
            REFUSED,
            /** It would take out more real servers than {@code reload_guard} allows. */
            GUARDED
        }
    }

    /** The first plan on an adopted table would take out more real servers than {@code reload_guard} allows. */
    public static final class GuardedException extends IOException {
        private static final long serialVersionUID = 1;

        GuardedException(String message) {
            super(message);
        }
    }

    /** @throws IOException if the sorry page cannot be read, or if descriptors for the JDK's own parts are missing */
    public Daemon(RepeatedSource source, SorryPageConfig pageConfig, TableDriver table, Store store)
            throws IOException {
        this.source = source;
        this.table = table;
        this.page = new AtomicReference<>(load(pageConfig));
        this.dryRun = table.driver() == Driver.MEMORY ? Optional.of(new DryRun()) : Optional.empty();
        this.budget = DescriptorBudget.ofThisProcess(table.driver() == Driver.EMBEDDED);
        JdkFacilities.initialise();
        SorryServer server = new SorryServer(1, page::get, budget.sorryLimits());
        SorryListeners.Opener opener = dryRun.<SorryListeners.Opener>map(d -> (address, _) -> d.listener(address))
                .orElse(server::listen);
        this.keeper = new SorryListeners(server, opener, table::ownListeners);
        this.notifications = dryRun.<Receivers>map(d -> new DryRunReceivers(d::withheld))
                .orElseGet(() -> new Notifications(hostName()));
        this.bus = new EventBus(Daemon::log, notifications);
        this.prober = new Probes(Math.max(1, Runtime.getRuntime().availableProcessors()), bus::publish);
        this.watches = dryRun.isPresent() ? PassiveChecks.passive() : new PassiveChecks(prober::pausedSince);
        this.writer = new IpvsWriter(table.client(), store, table.namespace());
        Prober used = dryRun.isPresent() ? DryRun.prober(prober) : prober;
        this.loop = new EngineLoop(writer, used, watches, keeper, bus);
        this.timer = reloadTimer();
    }

    private ReloadTimer reloadTimer() {
        Clock clock = Clock.system(ZoneId.systemDefault());
        Runnable reload = () -> reloads.execute(() -> reload(false));
        return dryRun.map(d -> new ReloadTimer(clock, reload, f -> d.withheld("would delete " + f)))
                .orElseGet(() -> new ReloadTimer(clock, reload));
    }

    private static SorryPage load(SorryPageConfig config) throws IOException {
        return config.root().isPresent()
                ? SorryPage.of(config.root().get(), config.status(), config.reason(), config.retryAfterSeconds())
                : SorryPage.builtIn(config.status(), config.reason(), config.retryAfterSeconds());
    }

    /**
     * Reads the table, tells the engine to start, and opens what listens, which shows nothing before the engine has started. Call {@link #run} next.
     *
     * @param forced whether it takes out as many real servers as it needs to
     * @throws NetlinkException if the table cannot be read
     * @throws GuardedException if it would take out too many
     * @throws IOException if the port for SNMP or HTTP cannot be opened
     */
    public void start(ConfigLoader.Loaded loaded, Store store, boolean forced) throws IOException {
        DaemonConfig config = loaded.config();
        knownProblems = loaded.problems();
        table.configure(config);
        prober.scriptSecurity(config.scriptSecurity());
        IpvsSnapshot found = readTable();
        HostFacts host = keeper.readHost();
        if (dryRun.isEmpty()) {
            // It opens a listener on loopback for a moment.
            prober.warmUp();
        }
        var sorryChecks = keeper.prepareNow(Engine.sorryBackends(config, host));
        long today = LocalDate.now(ZoneOffset.UTC).toEpochDay();
        Event.Started started = new Event.Started(
                config,
                found,
                trusted(config, store),
                known(config),
                store.contents().overrides(),
                store.contents().owned(),
                store.contents().kernel(),
                store.contents().rows(today),
                host,
                sorryChecks);
        ReloadDryRun rehearsal = ReloadDryRun.of(started, System.nanoTime());
        if (!rehearsal.refusal().isEmpty() && !forced) {
            throw new GuardedException(rehearsal.refusal() + ":\n" + text(rehearsal.plan()));
        }
        setSysctls(Sysctls.wanted(config.lvsd()));
        notifications.configure(config.notices(), config.scriptSecurity());
        notifications.runAndWait(config.notices().startup());
        timer.configure(config.operation());
        loop.post(started);
        keeper.start(loop::post);
        addresses = new AddressWatch(keeper::hostChanged);
        limitStop();
        Optional<SnmpConfig> agent = config.lvsd().snmp();
        if (agent.isPresent()) {
            SnmpConfig c = agent.get();
            listen("snmp", c.address(), c.port(), _ -> snmp = SnmpAgent.start(c, this::view));
        }
        Optional<HttpConfig> endpoint = config.lvsd().http();
        if (endpoint.isPresent()) {
            HttpConfig c = endpoint.get();
            listen(
                    "http",
                    c.address(),
                    c.port(),
                    at -> http = StatusEndpoint.listen(
                            at, loop::state, this::driver, loop.lateness(), StatusEndpoint.Limits.of(budget.http())));
        }
    }

    private interface Opening {
        void open(InetSocketAddress address) throws IOException;
    }

    /** A dry run beside another daemon goes on without a port that is in use. */
    private void listen(String what, InetAddress address, int port, Opening opening) throws IOException {
        String text = address.getHostAddress() + ":" + port;
        try {
            opening.open(new InetSocketAddress(address, port));
            log(DaemonEvent.of(DaemonEvent.Level.INFO, what + ".listening", "address", text));
        } catch (IOException e) {
            if (dryRun.isEmpty()) {
                throw new IOException(
                        IoReason.of(e) + "; stop what holds the port ('ss -lnp' shows it), or change listen of " + what
                                + " { } in the configuration",
                        e);
            }
            log(DaemonEvent.of(
                    DaemonEvent.Level.WARN,
                    what + ".not_opened",
                    "address",
                    text,
                    "reason",
                    IoReason.of(e),
                    "effect",
                    "the dry run goes on without it"));
        }
    }

    private IpvsSnapshot readTable() {
        try {
            return writer.readNow().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof NetlinkException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** What files say that checks follow. */
    private Map<CheckId, ProbeResult> known(DaemonConfig config) {
        Map<CheckId, ProbeResult> known = new HashMap<>();
        Engine.checks(config).forEach((id, check) -> {
            if (check.spec() instanceof FileCheck file) {
                known.put(id, watches.atStart(file));
            }
        });
        return known;
    }

    /** Stored verdicts that are young enough for their check. */
    private static Map<CheckId, Boolean> trusted(DaemonConfig config, Store store) {
        BootClock boot = BootClock.now();
        long age = store.contents().ageMillis(boot.id(), boot.uptimeMillis());
        Map<String, Boolean> verdicts = store.contents().verdicts();
        Map<CheckId, Boolean> trusted = new HashMap<>();
        Engine.checks(config).forEach((id, check) -> {
            Boolean verdict = verdicts.get(id.toString());
            long limit = config.lvsd()
                    .trustVerdicts()
                    .map(Duration::toMillis)
                    .orElse(Math.max(
                            MIN_TRUST_MILLIS, 2 * check.timing().delayLoop().toMillis()));
            if (verdict != null && age >= 0 && age < limit) {
                trusted.put(id, verdict);
            }
        });
        return trusted;
    }

    /** Runs the engine on this thread until it has stopped. */
    public void run() throws InterruptedException {
        loop.run();
        if (loop.state().config().lvsd().stop() == StopMode.REMOVE) {
            setSysctls(Map.of());
        }
    }

    /** The other drivers leave the kernel alone. */
    private void setSysctls(Map<String, String> wanted) {
        if (table.driver() == Driver.KERNEL) {
            writer.remember(store -> sysctls.apply(wanted, store));
        }
    }

    /** Asks for an orderly stop. Any thread. */
    public void requestStop() {
        loop.post(new Event.StopRequested());
        stopRequested.countDown();
    }

    /** Its thread exists from the start: a stop must not fail because this host has none left. */
    private void limitStop() {
        Thread.ofPlatform().name("stop-deadline").daemon().start(() -> {
            try {
                stopRequested.await();
                if (!loop.awaitExit(STOP_DEADLINE)) {
                    LOG.error("event=daemon.stop_failed reason=\"not done within {} s\"", STOP_DEADLINE.toSeconds());
                    Runtime.getRuntime().halt(1);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Reloads on SIGHUP, writes the state on SIGUSR1, stops on SIGTERM and SIGINT, and ignores the others. */
    public void handleSignals() {
        // Its thread begins here, in this thread's network namespace, and not in that of the JVM's signal handler.
        reloads.execute(() -> {});
        Signals.handle("HUP", () -> reloads.execute(() -> reload(false)));
        Signals.handle("USR1", () -> reloads.execute(() -> StateDump.write(state(), driver())));
        Signals.handle("TERM", this::requestStop);
        Signals.handle("INT", this::requestStop);
        Signals.ignoreOthers();
    }

    /**
     * Loads the file anew; an error that the running configuration did not have refuses it, and nothing changes. Any thread.
     *
     * @param forced whether it may take out more real servers than {@code reload_guard} allows
     */
    @SuppressWarnings("ReferenceEquality") // a file that is as it was is the same object
    public synchronized ReloadResult reload(boolean forced) {
        ConfigLoader.Loaded read;
        Optional<Path> marker = dryRun.isPresent()
                ? Optional.empty()
                : state().config().operation().reloadFile();
        try (ReloadMarker _ = new ReloadMarker(marker)) {
            read = source.load();
        }
        ConfigLoader.Loaded loaded = ScriptValidation.judged(DriverCompatibility.judged(read, table.driver()));
        ProblemChanges changes = ProblemChanges.between(knownProblems, loaded.problems());
        changes.fresh().forEach(Daemon::logProblem);
        String refusal = refusal(loaded, changes.errors().size());
        if (!refusal.isEmpty()) {
            LOG.error(
                    "event=config.refused file={} reason=\"{}\" effect=\"the running configuration stays\"",
                    source.file(),
                    refusal);
            return new ReloadResult(
                    Outcome.REFUSED,
                    changes.text(),
                    "reload refused: " + refusal + "; the running configuration stays\n");
        }
        if (!forced && loaded.config() != state().config()) {
            Optional<ReloadResult> guarded = guard(loaded, changes.text());
            if (guarded.isPresent()) {
                return guarded.get();
            }
        }
        try {
            page.set(load(loaded.config().lvsd().sorryPage()));
        } catch (IOException e) {
            LOG.error(
                    "event=config.refused file={} reason=\"sorry page: {}\" effect=\"the running configuration stays\"",
                    source.file(),
                    IoReason.withFile(e));
            return new ReloadResult(
                    Outcome.REFUSED, changes.text(), "reload refused: sorry page: " + IoReason.withFile(e) + "\n");
        }
        knownProblems = loaded.problems();
        table.configure(loaded.config());
        prober.scriptSecurity(loaded.config().scriptSecurity());
        setSysctls(Sysctls.wanted(loaded.config().lvsd()));
        notifications.configure(loaded.config().notices(), loaded.config().scriptSecurity());
        timer.configure(loaded.config().operation());
        loop.post(new Event.Reloaded(loaded.config()));
        awaitConfig(loaded.config());
        return new ReloadResult(
                Outcome.DONE,
                changes.text(),
                "reloaded: " + loaded.config().virtualServers().size() + " virtual servers\n");
    }

    /** Until status shows it, so that whoever has reloaded does not see the old one. A busy engine may come later. */
    @SuppressWarnings("ReferenceEquality")
    private void awaitConfig(DaemonConfig config) {
        try {
            boolean _ = loop.await(s -> s.config() == config, RELOAD_DEADLINE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void logProblem(ConfigProblem problem) {
        var event = problem.isError() ? LOG.atError() : LOG.atWarn();
        if (problem.hint().isEmpty()) {
            event.log("event=config.problem text=\"{}\"", problem.headline());
        } else {
            event.log("event=config.problem text=\"{}\" hint=\"{}\"", problem.headline(), problem.hint());
        }
    }

    /** Whether a reload would take out too much, as the table is now. */
    private Optional<ReloadResult> guard(ConfigLoader.Loaded loaded, String problems) {
        ReloadDryRun rehearsal;
        try {
            rehearsal = ReloadDryRun.of(loop.state(), readTable(), loaded.config(), System.nanoTime());
        } catch (NetlinkException e) {
            LOG.warn("event=config.unjudged reason=\"the table cannot be read: {}\"", e.getMessage());
            return Optional.empty();
        }
        if (rehearsal.refusal().isEmpty()) {
            return Optional.empty();
        }
        String plan = text(rehearsal.plan());
        LOG.error(
                "event=config.guarded file={} reason=\"{}\" effect=\"the running configuration stays\" plan=\"{}\"",
                source.file(),
                rehearsal.refusal(),
                plan.strip().replace("\n", "; "));
        return Optional.of(new ReloadResult(
                Outcome.GUARDED,
                problems,
                "reload refused: " + rehearsal.refusal() + "; if that is meant: lvsd reload --force\n" + plan));
    }

    private static String text(Plan plan) {
        StringBuilder text = new StringBuilder();
        plan.commands().forEach(c -> text.append(TableFormat.command(c)).append('\n'));
        return text.toString();
    }

    /** Carries out what an operator said about a real server. Any thread. */
    public void override(RsRef server, RsOverride said) {
        loop.post(new Event.Overridden(server, said));
    }

    /**
     * What a reload would do now.
     *
     * @param text its commands, a line each, as behind {@code ipvsadm}
     * @param outcome what would become of it
     */
    public record PlanResult(String text, Outcome outcome, String summary) {}

    /**
     * Thinks a reload through. Any thread; reads the table.
     *
     * @param effective a configuration with every default written out
     * @param errors identities of the errors of the file that it comes from
     */
    public PlanResult plan(String effective, List<String> errors) {
        ConfigLoader.Loaded loaded = ConfigLoader.loadPlain(effective);
        Map<String, Integer> known = new HashMap<>();
        knownProblems.forEach(p -> known.merge(p.identity(), 1, Integer::sum));
        long fresh = errors.stream()
                .filter(e -> known.merge(e, -1, Integer::sum) < 0)
                .count();
        String refusal = refusal(loaded, (int) fresh);
        if (!refusal.isEmpty()) {
            String reasons = loaded.loadable() ? "" : textAndHint(loaded.problems());
            return new PlanResult("", Outcome.REFUSED, reasons + "a reload would be refused: " + refusal + "\n");
        }
        ReloadDryRun rehearsal = ReloadDryRun.of(loop.state(), readTable(), loaded.config(), System.nanoTime());
        boolean guarded = !rehearsal.refusal().isEmpty();
        return new PlanResult(
                text(rehearsal.plan()),
                guarded ? Outcome.GUARDED : Outcome.DONE,
                String.format(
                                Locale.ROOT,
                                "%d command(s); %d of %d real servers that take connections now would be taken out (%d"
                                        + " %%)\n",
                                rehearsal.plan().commands().size(),
                                rehearsal.takenOut(),
                                rehearsal.taking(),
                                rehearsal.taking() == 0 ? 0 : 100 * rehearsal.takenOut() / rehearsal.taking())
                        + (guarded ? "it would be refused unless forced: " + rehearsal.refusal() + "\n" : ""));
    }

    /** Without positions, as they are not those of the user's file. */
    private static String textAndHint(List<ConfigProblem> problems) {
        return problems.stream()
                .filter(ConfigProblem::isError)
                .limit(MAX_REASONS)
                .map(p -> p.text() + (p.hint().isEmpty() ? "" : "\n    hint: " + p.hint()) + "\n")
                .collect(Collectors.joining());
    }

    /** Why a reload cannot be; empty if it can. */
    private String refusal(ConfigLoader.Loaded loaded, int freshErrors) {
        if (!loaded.loadable()) {
            return "the file cannot be used";
        }
        if (freshErrors > 0) {
            return freshErrors + (freshErrors == 1 ? " new error" : " new errors");
        }
        Map<String, Object> running = fixed(loop.state().config());
        Map<String, Object> next = fixed(loaded.config());
        return running.keySet().stream()
                .filter(name -> !Objects.equals(running.get(name), next.get(name)))
                .findFirst()
                .map(name -> "'" + name + "' cannot change at a reload: restart the daemon")
                .orElse("");
    }

    /** What only a start acts on, by the name of its keyword. */
    private static Map<String, Object> fixed(DaemonConfig config) {
        return Map.of(
                "driver", config.lvsd().driver(),
                "http", config.lvsd().http(),
                "snmp", config.lvsd().snmp(),
                "net_namespace", config.namespaces().daemon(),
                "net_namespace_ipvs", config.namespaces().table());
    }

    /** How late probes have started. */
    public Lateness lateness() {
        return loop.lateness();
    }

    /** The latest state. Before the engine has started this waits for it, for a few seconds. Any thread but the engine's. */
    public EngineState state() {
        try {
            boolean _ = loop.await(EngineState::isStarted, START_DEADLINE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return loop.state();
    }

    /** What the daemon works on. */
    public DriverStatus driver() {
        DriverStatus status = table.status();
        return dryRun.map(d -> status.with(d.status())).orElse(status);
    }

    /** The table, read anew. Blocks. */
    public IpvsSnapshot table() {
        return readTable();
    }

    /** What SNMP shows: the last reading, and the row numbers; nothing before the engine has started. */
    private Optional<LvsView> view() {
        EngineState state = loop.state();
        return state.isStarted()
                ? Optional.of(new LvsView(
                        state.table().lastRead().without(Translation::isPath),
                        state.rows().services(),
                        state.rows().destinations()))
                : Optional.empty();
    }

    /** The name of this node, as mail and events show it. */
    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return "localhost";
        }
    }

    private static void log(DaemonEvent transition) {
        switch (transition.level()) {
            case INFO -> LOG.info("{}", transition);
            case WARN -> LOG.warn("{}", transition);
            case ERROR -> LOG.error("{}", transition);
        }
    }

    @Override
    public void close() {
        SnmpAgent agent = snmp;
        if (agent != null) {
            agent.close();
        }
        StatusEndpoint endpoint = http;
        if (endpoint != null) {
            endpoint.close();
        }
        AddressWatch watch = addresses;
        if (watch != null) {
            watch.close();
        }
        timer.close();
        prober.close();
        watches.close();
        keeper.close();
        writer.close();
        notifications.runAndWait(loop.state().config().notices().shutdown());
        bus.close();
    }
}
