package io.lvsd.core.daemon;

import io.lvsd.conf.ConfigLoader;
import io.lvsd.conf.ConfigLoader.Loaded;
import io.lvsd.conf.RepeatedSource;
import io.lvsd.conf.model.DaemonConfig;
import io.lvsd.conf.source.ConfigProblem;
import io.lvsd.conf.source.IoReason;
import io.lvsd.conf.source.ProblemChanges;
import io.lvsd.conf.value.Driver;
import io.lvsd.core.engine.EngineState;
import io.lvsd.core.engine.Event;
import io.lvsd.core.engine.ReloadDryRun;
import io.lvsd.core.engine.ReloadRules;
import io.lvsd.core.engine.WeightChanges;
import io.lvsd.core.host.ScriptValidation;
import io.lvsd.core.loop.EngineLoop;
import io.lvsd.core.loop.Telemetry;
import io.lvsd.core.operations.ReloadResult;
import io.lvsd.core.plan.DriverCompatibility;
import io.lvsd.core.plan.Plan;
import io.lvsd.core.view.ConfigProblemReport;
import io.lvsd.core.view.Counted;
import io.lvsd.core.view.PlanReport;
import io.lvsd.core.view.ReloadOutcome;
import io.lvsd.core.view.ReloadReport;
import io.lvsd.core.view.TableFormat;
import io.lvsd.ipvs.model.ServiceKey;
import io.lvsd.ipvs.model.ServiceState;
import io.lvsd.ipvs.netlink.NetlinkException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the configuration again, and computes what a reload would do. A reload that is refused changes nothing. One reload at
 * a time; any thread.
 */
final class ReloadService {
    private static final Logger LOG = LoggerFactory.getLogger(ReloadService.class);
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final String UNCHANGED = "the running configuration stays in effect";

    // fixed
    private final RepeatedSource source;
    private final Driver driver;
    private final boolean dryRun;
    private final EngineLoop loop;
    private final Supplier<EngineState> state;
    private final Function<Collection<ServiceKey>, Map<ServiceKey, ServiceState>> table;
    private final ConfigConsumers consumers;
    private final SnmpSetup snmp;
    private final ConfigStatus status;
    private final Telemetry telemetry;

    // written while this object is locked, read by any thread
    private volatile List<ConfigProblem> knownProblems = List.of();

    /**
     * @param dryRun whether it has no effect outside this process
     * @param state the latest state, once the engine has started
     * @param table reads some services; throws NetlinkException
     */
    ReloadService(
            RepeatedSource source,
            Driver driver,
            boolean dryRun,
            EngineLoop loop,
            Supplier<EngineState> state,
            Function<Collection<ServiceKey>, Map<ServiceKey, ServiceState>> table,
            ConfigConsumers consumers,
            SnmpSetup snmp,
            ConfigStatus status,
            Telemetry telemetry) {
        this.telemetry = telemetry;
        this.status = status;
        this.source = source;
        this.driver = driver;
        this.dryRun = dryRun;
        this.loop = loop;
        this.state = state;
        this.table = table;
        this.consumers = consumers;
        this.snmp = snmp;
    }

    /** @param problems those of the configuration that the daemon starts with */
    void started(List<ConfigProblem> problems) {
        knownProblems = List.copyOf(problems);
    }

    /** @param forced whether it may remove more real servers than {@code reload_guard} allows */
    synchronized ReloadResult reload(boolean forced) {
        long start = System.nanoTime();
        ReloadResult result = attempt(forced);
        status.reloaded(result);
        String word = result.report().outcome().name().toLowerCase(Locale.ROOT);
        telemetry.reloaded(word, Duration.ofNanos(System.nanoTime() - start));
        return result;
    }

    private ReloadResult attempt(boolean forced) {
        Loaded loaded = load();
        ProblemChanges changes = ProblemChanges.between(knownProblems, loaded.problems());
        ProblemLog.changed(changes);
        DaemonConfig running = state.get().config();
        String refusal = ReloadRules.refusal(loaded.loadable(), changes.errors().size(), running, loaded.config());
        if (!refusal.isEmpty()) {
            return refused(refusal, changes);
        }
        Optional<ReloadResult> guarded = forced ? Optional.empty() : guard(loaded.config(), changes);
        if (guarded.isPresent()) {
            return guarded.get();
        }
        try {
            SorryPages.validate(loaded.config());
        } catch (IOException e) {
            return refused("sorry page: " + IoReason.withFile(e), changes);
        }
        SnmpSetup.Prepared snmpReady;
        try {
            snmpReady = snmp.prepare(loaded.config());
        } catch (IOException e) {
            return refused(IoReason.of(e), changes);
        }
        knownProblems = loaded.problems();
        consumers.apply(loaded.config());
        snmpReady.commit();
        loop.post(new Event.Reloaded(loaded.config()));
        awaitEffect(loaded.config());
        return result(
                ReloadOutcome.DONE,
                "reloaded: " + Counted.of(loaded.config().virtualServers().size(), "virtual server"),
                changes,
                List.of());
    }

    private static ReloadResult result(
            ReloadOutcome outcome, String text, ProblemChanges changes, List<String> commands) {
        List<ConfigProblemReport> problems =
                changes.fresh().stream().map(ConfigProblemReport::of).toList();
        return new ReloadResult(new ReloadReport(outcome, text, problems, changes.known(), commands), changes.text());
    }

    private Loaded load() {
        Optional<Path> marker =
                dryRun ? Optional.empty() : state.get().config().operation().reloadFile();
        try (ReloadMarker _ = new ReloadMarker(marker)) {
            return ScriptValidation.validated(DriverCompatibility.validated(source.load(), driver));
        }
    }

    private ReloadResult refused(String reason, ProblemChanges changes) {
        LOG.atError()
                .addKeyValue("file", source.file())
                .addKeyValue("reason", reason)
                .addKeyValue("effect", UNCHANGED)
                .log("config.refused");
        return result(ReloadOutcome.REFUSED, "reload refused: " + reason + "; " + UNCHANGED, changes, List.of());
    }

    /** Whether a reload would remove too many real servers from the table as it is now. */
    @SuppressWarnings("ReferenceEquality") // an unchanged file gives the same object
    private Optional<ReloadResult> guard(DaemonConfig next, ProblemChanges changes) {
        EngineState running = state.get();
        if (next == running.config() || WeightChanges.areAll(running, next)) {
            return Optional.empty();
        }
        ReloadDryRun dryRun;
        try {
            dryRun = dryRun(running, next);
        } catch (NetlinkException e) {
            LOG.atWarn()
                    .addKeyValue("reason", "the table cannot be read: " + e.getMessage())
                    .log("reload.guard_skipped");
            return Optional.empty();
        }
        if (dryRun.refusal().isEmpty()) {
            return Optional.empty();
        }
        List<String> plan = commands(dryRun.plan());
        LOG.atError()
                .addKeyValue("file", source.file())
                .addKeyValue("reason", dryRun.refusal())
                .addKeyValue("effect", UNCHANGED)
                .addKeyValue("plan", String.join("; ", plan))
                .log("reload.guard");
        return Optional.of(result(
                ReloadOutcome.GUARDED,
                "reload refused: " + dryRun.refusal() + "; use 'lvsd reload --force' to reload anyway",
                changes,
                plan));
    }

    /** Reads only the services that the reload concerns. */
    private ReloadDryRun dryRun(EngineState running, DaemonConfig next) {
        Set<ServiceKey> services = ReloadDryRun.services(running, next);
        Map<ServiceKey, ServiceState> read = services.isEmpty() ? Map.of() : table.apply(services);
        return ReloadDryRun.of(running, read, next, System.nanoTime());
    }

    /** The commands of a plan, as arguments of ipvsadm. */
    static List<String> commands(Plan plan) {
        return plan.commands().stream().map(TableFormat::command).toList();
    }

    /** Waits until the status shows the configuration, so that a client sees it after its reload. */
    @SuppressWarnings("ReferenceEquality")
    private void awaitEffect(DaemonConfig config) {
        try {
            boolean _ = loop.await(s -> s.config() == config, DEADLINE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Computes what a reload would do. Reads the table; any thread.
     *
     * @param effective a configuration with every default written out
     * @param errors identities of the errors of the file that it was made from
     * @throws NetlinkException if the table cannot be read
     */
    PlanReport plan(String effective, List<String> errors) {
        return plan(ConfigLoader.loadPlain(effective), errors, List.of());
    }

    /**
     * Computes what a reload of the file would do. Reads the file and the table; any thread.
     *
     * @throws NetlinkException if the table cannot be read
     */
    PlanReport plan() {
        Loaded loaded = ScriptValidation.validated(DriverCompatibility.validated(source.load(), driver));
        List<ConfigProblem> errors =
                loaded.problems().stream().filter(ConfigProblem::isError).toList();
        return plan(loaded, errors.stream().map(ConfigProblem::identity).toList(), errors);
    }

    /** @param shown problems that refuse a reload; empty: the errors of the configuration */
    private PlanReport plan(Loaded loaded, List<String> errors, List<ConfigProblem> shown) {
        EngineState running = state.get();
        List<String> known = knownProblems.stream().map(ConfigProblem::identity).toList();
        int newErrors = ReloadRules.newErrors(known, errors);
        String refusal = ReloadRules.refusal(loaded.loadable(), newErrors, running.config(), loaded.config());
        if (!refusal.isEmpty()) {
            Stream<ConfigProblem> reasons = loaded.loadable()
                    ? shown.stream().filter(p -> !known.contains(p.identity()))
                    : loaded.problems().stream().filter(ConfigProblem::isError);
            return PlanReport.refused(
                    refusal, reasons.map(ConfigProblemReport::of).toList());
        }
        ReloadDryRun dryRun = dryRun(running, loaded.config());
        return new PlanReport(
                dryRun.refusal().isEmpty() ? ReloadOutcome.DONE : ReloadOutcome.GUARDED,
                commands(dryRun.plan()),
                ReloadDryRun.serving(running),
                dryRun.removed(),
                Optional.of(dryRun.refusal()).filter(r -> !r.isEmpty()),
                List.of());
    }
}
